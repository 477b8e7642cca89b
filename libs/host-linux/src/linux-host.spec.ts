import { createServer, type Server } from 'node:http';
import { createServer as createHttp2Server } from 'node:http2';
import type { AddressInfo } from 'node:net';
import { mkdtemp, mkdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { linuxCgroups } from './linux-cgroups';
import { newLinuxHost } from './linux-host';
import { runCommand } from './run-command';

const host = newLinuxHost({ pid: process.pid, now: () => Date.now() });
const { signal } = new AbortController();
let dir: string;
beforeEach(async () => (dir = await mkdtemp(join(tmpdir(), 'host-'))));
afterEach(() => rm(dir, { recursive: true }));

describe('files', () => {
  it('are written with the mode asked for, whatever the umask', async () => {
    await host.files.makeDirectory(`${dir}/a/b`, { mode: 0o1777 });
    await host.files.writeFile(`${dir}/a/b/c`, 'text', { mode: 0o666 });
    expect(await host.files.stat(`${dir}/a/b`)).toMatchObject({ type: 'directory', mode: 0o1777 });
    expect(await host.files.stat(`${dir}/a/b/c`)).toMatchObject({ type: 'file', mode: 0o666, sizeBytes: 4 });
    expect(await host.files.list(`${dir}/a`)).toEqual(['b']);
    expect((await host.files.readFile(`${dir}/a/b/c`, 2)).toString()).toBe('te');
    expect((await host.files.usage(dir)).inodesUsed).toBe(4);
  });

  it('say what is missing with a reason, not a number', async () => {
    expect(await host.files.stat(`${dir}/none`)).toBeUndefined();
    expect(await host.files.list(`${dir}/none`)).toEqual([]);
    await expect(host.files.readFile(`${dir}/none`)).rejects.toMatchObject({ reason: 'NotFound' });
    await host.files.symlink('x', `${dir}/link`);
    await expect(host.files.symlink('y', `${dir}/link`)).rejects.toMatchObject({ reason: 'AlreadyExists' });
    await host.files.remove(`${dir}/none`);
  });

  it('stay readable through a rotation', async () => {
    await host.files.writeFile(`${dir}/log`, 'first\n');
    await using file = await host.files.open(`${dir}/log`);
    await host.files.rename(`${dir}/log`, `${dir}/log.1`);
    await host.files.writeFile(`${dir}/log`, 'second\n');
    expect((await file.read(0, 100)).toString()).toBe('first\n');
    expect((await file.info()).inode).not.toBe((await host.files.stat(`${dir}/log`))?.inode);
    await host.files.compress(`${dir}/log.1`, `${dir}/log.1.gz`);
    expect(await runCommand('gzip', ['-dc', `${dir}/log.1.gz`])).toBe('first\n');
  });
});

describe('machine', () => {
  it('has its facts', async () => {
    const machine = await host.machine();
    expect(machine.cpus).toBeGreaterThan(0);
    expect(machine.memoryBytes).toBeGreaterThan(2 ** 20);
    expect(machine).toMatchObject({
      operatingSystem: 'linux',
      bootId: expect.stringMatching(/^[0-9a-f-]{36}$/) as string,
    });
    const usage = await host.usage();
    expect(usage.cpuNanoSeconds).toBeGreaterThan(0);
    expect(usage.memoryWorkingSetBytes).toBeGreaterThan(0);
    expect((await host.filesystem(dir)).capacityBytes).toBeGreaterThan(0);
    expect((await host.interfaces()).map(({ name }) => name)).toContain('lo');
  });
});

describe('control groups', () => {
  it.each([
    [
      'v1',
      ['cpu,cpuacct', 'memory'],
      { 'cpu,cpuacct/k/pod/cpu.shares': '512', 'memory/k/pod/memory.limit_in_bytes': '1024' },
    ],
    ['v2', [], { 'k/pod/cpu.weight': '20', 'k/pod/memory.max': '1024' }],
  ])('get their limits on %s', async (version, controllers, expected) => {
    for (const name of controllers) await mkdir(join(dir, name, 'k/pod'), { recursive: true });
    if (version === 'v2') await writeFile(join(dir, 'cgroup.controllers'), 'cpu memory pids\n');
    for (const path of Object.keys(expected)) {
      await mkdir(join(dir, path, '..'), { recursive: true });
      await writeFile(join(dir, path), '');
    }
    const cgroups = linuxCgroups(dir);
    await cgroups.ensure('/k/pod', { cpuShares: 512, memoryLimitInBytes: 1024 });
    for (const [path, value] of Object.entries(expected)) {
      expect((await host.files.readFile(join(dir, path))).toString()).toBe(value);
      await rm(join(dir, path));
    }
    expect(await cgroups.children('/k')).toEqual(['pod']);
    await cgroups.remove('/k');
    expect(await cgroups.children('/k')).toEqual([]);
  });
});

describe('probes', () => {
  const listening = async (server: Server | ReturnType<typeof createHttp2Server>): Promise<number> => {
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    return (server.address() as AddressInfo).port;
  };

  it('over HTTP send their headers, follow redirects at home and give the body back', async () => {
    const server = createServer((req, res) => {
      if (req.url === '/away') return res.writeHead(302, { location: 'http://example.invalid/' }).end();
      if (req.url === '/home') return res.writeHead(302, { location: '/ok' }).end();
      if (req.url === '/slow') return undefined;
      return res
        .writeHead(req.url === '/ok' ? 200 : 500)
        .end(`${req.headers['user-agent']} ${String(req.headers['x-a'])}`);
    });
    const port = await listening(server);
    const probe = (path: string, timeoutMs = 2000) =>
      host.prober.http(
        { url: `http://127.0.0.1:${port}${path}`, headers: [{ name: 'X-A', value: 'b' }], timeoutMs },
        signal,
      );
    expect(await probe('/home')).toEqual({ ok: true, code: 200, output: 'kube-probe/1.36 b' });
    expect(await probe('/away')).toMatchObject({ ok: true, code: 302 });
    expect(await probe('/bad')).toEqual({ ok: false, code: 500, output: 'HTTP probe failed with statuscode: 500' });
    expect((await probe('/slow', 50)).output).toContain('context deadline exceeded');
    expect((await host.prober.tcp('127.0.0.1', port, 1000, signal)).ok).toBe(true);
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
    expect(await host.prober.tcp('127.0.0.1', port, 1000, signal)).toMatchObject({ ok: false });
    expect(await probe('/ok')).toMatchObject({ ok: false, code: 0 });
  });

  it('over gRPC understand a health service', async () => {
    const server = createHttp2Server();
    server.on('stream', (stream) => {
      const chunks: Buffer[] = [];
      stream.on('data', (chunk: Buffer) => chunks.push(chunk));
      stream.on('end', () => {
        const service = Buffer.concat(chunks).subarray(7).toString();
        stream.respond({ 'content-type': 'application/grpc' }, { waitForTrailers: true });
        stream.on('wantTrailers', () => stream.sendTrailers({ 'grpc-status': '0' }));
        stream.end(Buffer.from([0, 0, 0, 0, 2, 8, service === 'down' ? 2 : 1]));
      });
    });
    const port = await listening(server);
    const probe = (service: string) => host.prober.grpc({ host: '127.0.0.1', port, service }, 2000, signal);
    expect(await probe('')).toEqual({ ok: true, code: 0, output: 'service healthy' });
    expect(await probe('down')).toEqual({ ok: false, code: 0, output: 'service unhealthy (responded with 2)' });
    await new Promise((resolve) => server.close(resolve));
    expect((await probe('')).output).toContain('failed to connect service');
  });
});
