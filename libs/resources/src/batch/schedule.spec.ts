import { parseSchedule, type Schedule } from './schedule';

const field = (values: readonly number[], any = false) => ({ values: new Set(values), any });
const range = (from: number, to: number, step = 1) =>
  Array.from({ length: Math.floor((to - from) / step) + 1 }, (_, index) => from + index * step);
const all = {
  minute: field(range(0, 59), true),
  hour: field(range(0, 23), true),
  dayOfMonth: field(range(1, 31), true),
  month: field(range(1, 12), true),
  dayOfWeek: field(range(0, 6), true),
};

describe('a schedule', () => {
  it.each<[string, Schedule]>([
    ['* * * * *', { kind: 'table', ...all }],
    [' *\t*  * * *\n', { kind: 'table', ...all }],
    ['? ? ? ? ?', { kind: 'table', ...all }],
    ['@hourly', { kind: 'table', ...all, minute: field([0]) }],
    ['5,10-12 0 * * *', { kind: 'table', ...all, minute: field([5, 10, 11, 12]), hour: field([0]) }],
    ['*/15 * * * *', { kind: 'table', ...all, minute: field([0, 15, 30, 45]) }],
    ['40/10 * * * *', { kind: 'table', ...all, minute: field([40, 50]) }],
    ['1-5/2 * * * *', { kind: 'table', ...all, minute: field([1, 3, 5]) }],
    ['* * * JAN-mar Sun', { kind: 'table', ...all, month: field([1, 2, 3]), dayOfWeek: field([0]) }],
    ['TZ=Europe/Paris * * * * *', { kind: 'table', ...all, timeZone: 'Europe/Paris' }],
    ['@every 1m30s', { kind: 'every', intervalMs: 90_000 }],
  ])('reads %p', (text, schedule) => {
    expect(parseSchedule(text)).toEqual(schedule);
  });

  it.each([
    ['', 'expected exactly 5 fields, found 0: []'],
    ['* * * *', 'expected exactly 5 fields, found 4: [* * * *]'],
    ['toString', 'expected exactly 5 fields, found 1: [toString]'],
    ['60 * * * *', 'end of range (60) above maximum (59): 60'],
    ['* * 0 * *', 'beginning of range (0) below minimum (1): 0'],
    ['5-1 * * * *', 'beginning of range (5) beyond end of range (1): 5-1'],
    ['*/0 * * * *', 'step of range should be a positive number: */0'],
    ['*/2/3 * * * *', 'too many slashes: */2/3'],
    ['1-2-3 * * * *', 'too many hyphens: 1-2-3'],
    ['*/-1 * * * *', 'negative number (-1) not allowed: -1'],
    ['x * * * *', 'failed to parse int from x: strconv.Atoi: parsing "x": invalid syntax'],
    [
      '99999999999999999999 * * * *',
      `failed to parse int from ${'9'.repeat(20)}: strconv.Atoi: parsing "${'9'.repeat(20)}": value out of range`,
    ],
    ['@reboot', 'unrecognized descriptor: @reboot'],
    ['@every x', 'failed to parse duration @every x: time: invalid duration "x"'],
    ['TZ=Bogus/X * * * * *', 'provided bad location Bogus/X: unknown time zone Bogus/X'],
  ])('refuses %p', (text, why) => {
    expect(() => parseSchedule(text)).toThrow(expect.objectContaining({ message: why }) as Error);
  });
});
