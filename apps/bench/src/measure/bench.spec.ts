import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { choose, measureAll, type Scenario } from './bench';

const scenario = (name: string, values: number[], log: string[]): Scenario<{ factor: number }> => ({
  name,
  description: `of ${name}`,
  async open({ factor }) {
    log.push(`open ${name}`);
    return {
      async run() {
        const value = factor * (values.shift() ?? NaN);
        if (value < 0) throw new Error('below zero');
        return { figures: [{ what: 'value', unit: 'ms', value }], limit: `limit at ${value}` };
      },
      [Symbol.asyncDispose]: async () => void log.push(`close ${name}`),
    };
  },
});

const { signal } = new AbortController();
const say = (): void => undefined;

describe('measureAll', () => {
  let directory = '';
  beforeAll(async () => void (directory = await mkdtemp(join(tmpdir(), 'bench-'))));
  afterAll(() => rm(directory, { recursive: true }));

  it('opens each once, prints its medians, and writes every run down', async () => {
    const log: string[] = [];
    const lines: string[] = [];
    const json = join(directory, 'figures.json');
    const all = [scenario('a', [1, 3, 2], log), scenario('b', [5, 5, 5], log)];
    await measureAll(all, { factor: 10 }, { runs: 3, seconds: 1, json }, { say: (line) => lines.push(line), signal });
    expect(log).toEqual(['open a', 'close a', 'open b', 'close b']);
    expect(lines.filter((line) => line.includes('value')).map((line) => line.split(/ {2,}/).slice(1))).toEqual([
      ['value', '20.0 ms', '10.0 … 30.0'],
      ['value', '50.0 ms', '50.0 … 50.0'],
    ]);
    expect(lines).toContain('  limit: limit at 20');
    const { outcomes } = JSON.parse(await readFile(json, 'utf8')) as { outcomes: { runs: object[] }[] };
    expect(outcomes.map(({ runs }) => runs.length)).toEqual([3, 3]);
  });

  it('closes what it opened when a run fails', async () => {
    const log: string[] = [];
    const measured = measureAll([scenario('a', [-1], log)], { factor: 1 }, { runs: 1, seconds: 1 }, { say, signal });
    await expect(measured).rejects.toThrow('below zero');
    expect(log).toEqual(['open a', 'close a']);
  });

  it('closes what it opened when it is told to stop in the middle of a run', async () => {
    const log: string[] = [];
    const stop = new AbortController();
    const endless = scenario('a', [], log);
    const open: typeof endless.open = async (bench) => ({
      ...(await endless.open(bench)),
      run: () => {
        stop.abort(new Error('stopped'));
        return new Promise(() => undefined);
      },
    });
    const console = { say, signal: stop.signal };
    const measured = measureAll([{ ...endless, open }], { factor: 1 }, { runs: 1, seconds: 1 }, console);
    await expect(measured).rejects.toThrow('stopped');
    expect(log).toEqual(['open a', 'close a']);
  });
});

describe('choose', () => {
  const all = [{ name: 'a' }, { name: 'b' }, { name: 'c' }];
  it('takes all when nothing is asked for', () => expect(choose(all)).toBe(all));
  it('keeps the order of the table', () => expect(choose(all, ['c', 'a'])).toEqual([{ name: 'a' }, { name: 'c' }]));
  it('says what there is when something is not', () =>
    expect(() => choose(all, ['a', 'x', 'y'])).toThrow('no scenario x, y; there are a, b, c'));
});
