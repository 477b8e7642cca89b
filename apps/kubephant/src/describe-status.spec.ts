import { describeStatus } from './describe-status';

const layout = {
  options: { dataDir: '/data', portOffset: 0, nodes: 1, runtime: 'containerd', verbosity: 0 },
  ports: { apiserver: 6443 },
} as Parameters<typeof describeStatus>[0];

describe('the status of a cluster', () => {
  it('says what runs, since when, and what does not', () => {
    const { text, healthy } = describeStatus(
      layout,
      {
        apiReady: true,
        nodes: [{ name: 'node-1', ready: false }],
        processes: [{ name: 'apiserver', pid: 42, memoryMb: 100, sinceMs: 0 }, { name: 'dns' }],
      },
      150_000,
    );
    expect(healthy).toBe(false);
    expect(text).toBe(
      [
        'data       /data',
        'database   embedded',
        'runtime    containerd',
        'API        https://127.0.0.1:6443 ready',
        'node-1     not ready',
        '',
        'PROGRAM    STATE    PID  MEMORY   AGE',
        'apiserver  running  42   100 MiB  2m',
        'dns        stopped',
        '',
      ].join('\n'),
    );
  });

  it('never shows the address of a database: it may hold a password', () => {
    const external = { ...layout, options: { ...layout.options, databaseUrl: 'postgres://u:secret@db/x' } };
    const { text, healthy } = describeStatus(external, { apiReady: true, nodes: [], processes: [] }, 0);
    expect(text).toContain('database   external');
    expect(text).not.toContain('secret');
    expect(healthy).toBe(true);
  });
});
