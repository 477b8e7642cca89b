import { microTime, timestamp } from './time';

it('writes times in whole seconds and in microseconds', () => {
  const ms = Date.UTC(2026, 0, 2, 3, 4, 5, 678);
  expect([timestamp(ms), timestamp(new Date(ms)), microTime(ms)]).toEqual([
    '2026-01-02T03:04:05Z',
    '2026-01-02T03:04:05Z',
    '2026-01-02T03:04:05.678000Z',
  ]);
});
