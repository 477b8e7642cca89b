import { parseMachine, parseStat } from './machine';

it('reads the times of a process whose name holds spaces and brackets', () => {
  const line = '4242 (postgres: w) (x)) S 4200 4242 4242 0 -1 4194624 11 12 13 14 150 50 30 20 20 0 1 0 99 1000 7';
  expect(parseStat(line)).toEqual({ pid: 4242, parent: 4200, cpuSeconds: 2.5 });
});

it('leaves idle time and waiting for the disk out of what the machine did', () => {
  expect(parseMachine('cpu  100 20 30 9999 8888 40 10 0 0 0\ncpu0 1 1 1 1 1 1 1 0 0 0\n')).toBe(2);
});
