import { appendFile, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { followLog, type LogRequest } from './logs';
import { until } from './wait';

describe('the log of a program', () => {
  let dataDir: string;
  const lines = Array.from({ length: 20_000 }, (_, i) => `line ${i}`);
  beforeEach(async () => {
    dataDir = await mkdtemp(join(tmpdir(), 'kubephant-logs-'));
    await mkdir(join(dataDir, 'logs'));
    await writeFile(join(dataDir, 'logs', 'dns.log'), `${lines.join('\n')}\n`);
  });
  afterEach(() => rm(dataDir, { recursive: true }));

  const read = async (request: Partial<LogRequest>, signal = new AbortController().signal): Promise<string> => {
    let text = '';
    await followLog({ dataDir, component: 'dns', follow: false, write: (part) => (text += part), ...request }, signal);
    return text;
  };

  it('is printed as a whole, or the end of it', async () => {
    expect(await read({})).toBe(`${lines.join('\n')}\n`);
    expect(await read({ tail: 2 })).toBe('line 19998\nline 19999\n');
    expect(await read({ tail: 15_000 })).toBe(`${lines.slice(5_000).join('\n')}\n`);
    expect(await read({ tail: 30_000 })).toBe(`${lines.join('\n')}\n`);
    expect(await read({ tail: 0 })).toBe('');
  });

  it('is followed, also over a rotation', async () => {
    const stop = new AbortController();
    let text = '';
    const request = { dataDir, component: 'dns', follow: true, tail: 1, write: (part: string) => void (text += part) };
    const following = followLog(request, stop.signal);
    const seen = (end: string): Promise<void> =>
      until(() => Promise.resolve(text.endsWith(end)), { what: end, timeoutMs: 10_000 }, stop.signal);
    await seen('line 19999\n');
    await appendFile(join(dataDir, 'logs', 'dns.log'), 'more\n');
    await seen('more\n');
    await writeFile(join(dataDir, 'logs', 'dns.log'), 'anew\n');
    await seen('anew\n');
    stop.abort();
    await following.catch(() => undefined);
    expect(text).toBe('line 19999\nmore\nanew\n');
  });

  it('of a program that there is not is an error that names those there are', async () => {
    await expect(read({ component: '../../etc/passwd' })).rejects.toThrow('there are dns');
  });
});
