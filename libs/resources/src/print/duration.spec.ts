import { age, humanDuration } from './duration';

const second = 1000;
const minute = 60 * second;
const hour = 60 * minute;
const day = 24 * hour;

describe('humanDuration', () => {
  it.each([
    [-2 * second, '<invalid>'],
    [-1 * second, '0s'],
    [0, '0s'],
    [999, '0s'],
    [119 * second, '119s'],
    [2 * minute, '2m'],
    [2 * minute + 25 * second, '2m25s'],
    [10 * minute - 1, '9m59s'],
    [10 * minute, '10m'],
    [179 * minute, '179m'],
    [3 * hour, '3h'],
    [3 * hour + 5 * minute, '3h5m'],
    [8 * hour - 1, '7h59m'],
    [8 * hour, '8h'],
    [47 * hour, '47h'],
    [2 * day, '2d'],
    [2 * day + 5 * hour, '2d5h'],
    [8 * day, '8d'],
    [729 * day, '729d'],
    [730 * day, '2y'],
    [731 * day, '2y1d'],
    [8 * 365 * day, '8y'],
    [20 * 365 * day + 100 * day, '20y'],
  ])('prints %d ms as %s', (ms, text) => {
    expect(humanDuration(ms)).toBe(text);
  });
});

describe('age', () => {
  const now = new Date('2026-01-01T00:01:00Z');

  it('measures up to now', () => {
    expect(age('2026-01-01T00:00:00Z', now)).toBe('60s');
  });

  it.each([undefined, null, '', 'nonsense'])('is unknown for %p', (timestamp) => {
    expect(age(timestamp, now)).toBe('<unknown>');
  });
});
