import { parseGoDuration } from './go-duration';

describe('a Go duration', () => {
  it.each([
    ['0', 0],
    ['1h30m', 5_400_000],
    ['1.5s', 1500],
    ['.5s', 500],
    ['-2m', -120_000],
    ['+1ms', 1],
    ['1500us', 1.5],
  ])('%p is %d ms', (text, ms) => {
    expect(parseGoDuration(text)).toBe(ms);
  });

  it.each([
    ['', 'time: invalid duration ""'],
    ['-', 'time: invalid duration "-"'],
    ['x', 'time: invalid duration "x"'],
    ['.s', 'time: invalid duration ".s"'],
    ['5', 'time: missing unit in duration "5"'],
    ['1h5', 'time: missing unit in duration "1h5"'],
    ['5toString', 'time: unknown unit "toString" in duration "5toString"'],
    ['5d', 'time: unknown unit "d" in duration "5d"'],
  ])('%p is none', (text, why) => {
    expect(() => parseGoDuration(text)).toThrow(new Error(why));
  });
});
