import { newFakeClock } from '@kubephant/base/testing';
import { newSimulatedHost, type RuntimeService } from '@kubephant/node';
import { readLog } from '../server/container-log';
import { aContainerStatus } from '../testing/builders';
import { rotateLogs } from './log-rotation';

const { signal } = new AbortController();
const path = '/logs/pod/main/0.log';
const line = (text: string): string => `2026-01-01T00:00:00.000000000Z stdout F ${text}\n`;

describe('log rotation', () => {
  const clock = newFakeClock(Date.parse('2026-01-01T00:00:00Z'));
  const host = newSimulatedHost({ hostname: 'n', address: '192.0.2.1' }, clock);
  const reopened: string[] = [];
  const runtime = {
    reopenContainerLog: async (id: string) => {
      reopened.push(id);
      await host.files.writeFile(path, '');
    },
  } as object as RuntimeService;
  const deps = { host, clock, runtime };
  const container = aContainerStatus('main running', { logPath: path });
  const grow = (): Promise<void> => host.files.writeFile(path, Buffer.alloc(10 * 2 ** 20, line('x')));

  beforeEach(() => host.files.makeDirectory('/logs/pod/main'));
  afterEach(() => host.files.remove('/logs'));

  it('leaves a log below 10 MiB alone', async () => {
    await host.files.writeFile(path, line('small'));
    await rotateLogs(deps, [container], signal);
    expect(await host.files.list('/logs/pod/main')).toEqual(['0.log']);
  });

  it('keeps five files: the log, the last one as it was, and older ones compressed', async () => {
    for (let i = 0; i < 8; i++) {
      await grow();
      await rotateLogs(deps, [container], signal);
      await clock.advance(1000);
    }
    expect(await host.files.list('/logs/pod/main')).toEqual([
      '0.log',
      '0.log.20260101-000004.gz',
      '0.log.20260101-000005.gz',
      '0.log.20260101-000006.gz',
      '0.log.20260101-000007',
    ]);
    expect(reopened).toHaveLength(8);
  });

  it('is not seen by who follows the log', async () => {
    await host.files.writeFile(path, line('one'));
    let running = true;
    const source = { files: host.files, clock, path, running: async () => running };
    const seen: string[] = [];
    const followed = (async () => {
      for await (const chunks of readLog(source, { follow: true, timestamps: false }, signal))
        seen.push(Buffer.concat(chunks).toString());
    })();
    await clock.advance(1000);
    host.files.append(path, line('two'));
    await host.files.rename(path, `${path}.old`);
    await host.files.writeFile(path, line('three'));
    await clock.advance(1000);
    running = false;
    await clock.advance(1000);
    await followed;
    expect(seen.join('')).toBe('one\ntwo\nthree\n');
  });

  it('gives the name back when the runtime does not follow', async () => {
    await grow();
    const broken = { reopenContainerLog: () => Promise.reject(new Error('no')) } as object as RuntimeService;
    await expect(rotateLogs({ ...deps, runtime: broken }, [container], signal)).rejects.toThrow('no');
    expect(await host.files.list('/logs/pod/main')).toEqual(['0.log']);
  });
});
