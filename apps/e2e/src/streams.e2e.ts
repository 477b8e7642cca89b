import { createHash, randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { kubectlInBackground, type Background } from './harness/background';
import { apply, kubeconfig, kubectl, run, tryKubectl } from './harness/cluster';
import { eventually } from './harness/eventually';
import { testNamespace } from './harness/namespace';

const namespace = testNamespace('streams');
const inNamespace = (line: string): string => `-n ${namespace} ${line}`;
const image = 'kubephant.local/busybox:1';

/** Pages, a program that measures what it is sent, and ports that say back and say much. */
const serve = `
mkdir -p /www/cgi-bin; echo '<a href="/next">page</a>' > /www/index.html
printf '#!/bin/sh\\necho "Content-Type: text/plain"\\necho\\necho "$REQUEST_METHOD $(sha256sum)"\\n' > /www/cgi-bin/sum
chmod +x /www/cgi-bin/sum
while :; do nc -l -p 7000 -e cat; done &
while :; do nc -l -p 7001 -e dd if=/dev/zero bs=1M count=100; done &
echo serving
exec httpd -f -p 8080 -h /www`;

const listening = 'test $(netstat -ltn | grep -c -e :8080 -e :700) = 3';

const pod = (name: string, command: readonly string[], more: object = {}): object => ({
  apiVersion: 'v1',
  kind: 'Pod',
  metadata: { name, namespace, labels: { app: name } },
  spec: { terminationGracePeriodSeconds: 0, containers: [{ name: 'main', image, command, ...more }] },
});

beforeAll(async () => {
  const service = {
    apiVersion: 'v1',
    kind: 'Service',
    metadata: { name: 'web', namespace },
    spec: { selector: { app: 'web' }, ports: [{ port: 80, targetPort: 8080 }] },
  };
  const counting = 'i=0; while [ $i -lt 5 ]; do echo line $i; i=$((i+1)); done; exit 3';
  // Its pods cannot be made before its account is.
  await eventually(() => kubectl(inNamespace('get serviceaccount default')));
  await apply(
    pod('web', ['sh', '-c', serve], {
      ports: [{ containerPort: 8080 }],
      readinessProbe: { exec: { command: ['sh', '-c', listening] }, periodSeconds: 1 },
    }),
    service,
    pod('counting', ['sh', '-c', counting]),
    pod('shell', ['sh'], { stdin: true, tty: true }),
  );
  await kubectl(inNamespace('wait pod web shell --for=condition=Ready --timeout=60s'));
});

const sha256 = (data: Buffer): string => createHash('sha256').update(data).digest('hex');

/** Sends all of it over one connection while reading; what came back. */
async function conversation(port: number, data: Buffer, expectedBytes: number): Promise<Buffer> {
  const socket = connect(port, '127.0.0.1');
  socket.write(data);
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of socket as AsyncIterable<Buffer>) {
    chunks.push(chunk);
    size += chunk.length;
    if (size >= expectedBytes) break;
  }
  socket.destroy();
  return Buffer.concat(chunks);
}

async function forwarded(forwarding: Background, remote: number): Promise<number> {
  const [, port] = await forwarding.says(new RegExp(`Forwarding from 127.0.0.1:(\\d+) -> ${remote}`));
  return Number(port);
}

const spdy = { KUBECTL_REMOTE_COMMAND_WEBSOCKETS: 'false', KUBECTL_PORT_FORWARD_WEBSOCKETS: 'false' };
const webSocket = { KUBECTL_REMOTE_COMMAND_WEBSOCKETS: 'true', KUBECTL_PORT_FORWARD_WEBSOCKETS: 'true' };

describe.each([
  ['WebSocket', webSocket],
  ['SPDY', spdy],
])('over %s', (_, env) => {
  const tried = (line: string, input?: string) =>
    tryKubectl(inNamespace(line), { env, ...(input !== undefined && { input }) });
  const forward = (what: string, ...ports: readonly string[]): Background =>
    kubectlInBackground(['-n', namespace, 'port-forward', what, ...ports], env);

  it('a command has its input, its outputs and its exit code', async () => {
    const script = `exec -i web -c main -- sh -c 'cat; echo wrong >&2; exit 7'`;
    await expect(tried(script, 'typed')).resolves.toEqual({
      code: 7,
      stdout: 'typed',
      stderr: 'wrong\ncommand terminated with exit code 7\n',
    });
  });

  it.each([
    ['exec none -- ls', 'Error from server (NotFound): pods "none" not found'],
    ['exec web -c none -- ls', 'Error from server (BadRequest): container none is not valid for pod web'],
    ['exec web -- no-such-command', '"no-such-command": executable file not found in $PATH'],
    ['attach counting -c none', 'container none not found in pod counting'],
  ])('%s says what is wrong', async (line, why) => {
    const { code, stderr } = await tried(line);
    expect(code).not.toBe(0);
    expect(stderr).toContain(why);
  });

  it('a terminal has the size of the client’s', async () => {
    const wait = 'until [ "$(stty size)" = "33 77" ]; do sleep 0.1; done; tty; exit 4';
    await writeFile(join(dir, 'wait.sh'), wait);
    const inside = `stty rows 33 cols 77; kubectl -n ${namespace} exec -it web -- sh -c "$(cat ${join(dir, 'wait.sh')})"`;
    const { code, stdout } = await run('script', ['-qec', inside, '/dev/null'], {
      env: { KUBECONFIG: kubeconfig, ...env },
    });
    expect(stdout).toContain('/dev/pts/');
    expect(code).toBe(4);
  });

  it('attach joins the terminal of a container', async () => {
    const typed = `(until grep -q 42- ${dir}/seen; do echo 'echo $((6*7))-'; sleep 0.2; done) | `;
    const inside = `${typed} timeout 20 kubectl -n ${namespace} attach -i shell > ${dir}/seen`;
    await writeFile(join(dir, 'seen'), '');
    await run('sh', ['-c', inside], { env: { KUBECONFIG: kubeconfig, ...env } });
    expect(await readFile(join(dir, 'seen'), 'utf8')).toContain('42-');
  });

  it('files are copied there and back', async () => {
    const data = randomBytes(5_000_000);
    await writeFile(join(dir, 'there'), data);
    await kubectl(inNamespace(`cp ${dir}/there web:/tmp/copy`), { env });
    await kubectl(inNamespace(`cp web:/tmp/copy ${dir}/back`), { env });
    expect(sha256(await readFile(join(dir, 'back')))).toBe(sha256(data));
  });

  it('ports of a pod and of a service carry many connections at once', async () => {
    await using toPod = forward('pod/web', ':8080');
    await using toService = forward('svc/web', ':80');
    for (const port of [await forwarded(toPod, 8080), await forwarded(toService, 8080)]) {
      const pages = Array.from({ length: 40 }, async () => (await fetch(`http://127.0.0.1:${port}/`)).text());
      expect(new Set(await Promise.all(pages))).toEqual(new Set(['<a href="/next">page</a>\n']));
    }
  });

  it('100 MB come and go byte by byte, also beside a connection that nobody uses', async () => {
    await using forwarding = forward('pod/web', ':7000', ':7001', ':8080');
    const [echo, zeros, idle] = [
      await forwarded(forwarding, 7000),
      await forwarded(forwarding, 7001),
      await forwarded(forwarding, 8080),
    ];
    const unused = connect(idle, '127.0.0.1');
    await once(unused, 'connect');
    const data = randomBytes(100 * 1024 * 1024);
    expect(sha256(await conversation(echo, data, data.length))).toBe(sha256(data));
    const received = await conversation(zeros, Buffer.alloc(0), data.length);
    expect(sha256(received)).toBe(sha256(Buffer.alloc(data.length)));
    unused.destroy();
  });

  it('a port where nobody listens is told with its reason', async () => {
    await using forwarding = forward('pod/web', ':7009');
    const port = await forwarded(forwarding, 7009);
    await expect(fetch(`http://127.0.0.1:${port}/`)).rejects.toThrow('fetch failed');
    await forwarding.says(
      /an error occurred forwarding \d+ -> 7009: error forwarding port 7009 to pod .*connection refused/,
    );
    expect(await forwarding.ended).not.toBe(0);
  });

  it('a container that is added to a pod can be entered', async () => {
    const name = `debugger-${env === spdy ? 'spdy' : 'web-socket'}`;
    await kubectl(inNamespace(`debug web --profile=general --image=${image} --target=main -c ${name} -- sleep 1000`));
    await eventually(async () => {
      expect((await tried(`exec web -c ${name} -- ps`)).stdout).toContain('httpd -f -p 8080');
    });
  });
});

let dir = '';
beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), 'streams-'));
});
afterAll(() => rm(dir, { recursive: true, force: true }));

describe('logs', () => {
  it('are those of a time, of an attempt, and of what is to come', async () => {
    await eventually(() => kubectl(inNamespace('logs counting --previous')));
    const logs = (flags: string): Promise<string> => kubectl(inNamespace(`logs counting ${flags}`));
    expect(await logs('--previous --tail=2')).toBe('line 3\nline 4\n');
    expect(await logs('--previous --limit-bytes=6')).toBe('line 0');
    expect(await logs('--previous --timestamps --tail=1')).toMatch(/^\d{4}-\d\d-\d\dT[\d:.]+Z line 4\n$/);
    expect(await logs('--previous --since=1h')).toBe('line 0\nline 1\nline 2\nline 3\nline 4\n');
    expect(await logs('--previous --since-time=2100-01-01T00:00:00Z')).toBe('');
    await using following = kubectlInBackground(['-n', namespace, 'logs', '-f', 'shell']);
    const typed = kubectlInBackground(['-n', namespace, 'exec', 'shell', '--', 'sh', '-c', 'echo told > /proc/1/fd/1']);
    await following.says(/told/);
    expect(await typed.ended).toBe(0);
  });
});

describe('proxies', () => {
  let proxy: Background;
  let origin = '';
  const paths = { pod: '', service: '', closed: '' };
  beforeAll(async () => {
    proxy = kubectlInBackground(['proxy', '--port=0', '--reject-paths=^$']);
    const [, port] = await proxy.says(/Starting to serve on 127.0.0.1:(\d+)/);
    origin = `http://127.0.0.1:${port}`;
    const base = `/api/v1/namespaces/${namespace}`;
    paths.pod = `${base}/pods/web:8080/proxy`;
    paths.service = `${base}/services/http:web:80/proxy`;
    paths.closed = `${base}/pods/web:81/proxy`;
  });
  afterAll(() => proxy[Symbol.asyncDispose]());

  it.each(['pod', 'service'] as const)('to a %s show its pages with links that lead back', async (to) => {
    const answer = await fetch(`${origin}${paths[to]}/`);
    expect([answer.status, answer.headers.get('content-type')]).toEqual([200, 'text/html']);
    expect(await answer.text()).toBe(`<a href="${paths[to]}/next">page</a>\n`);
    const bare = await fetch(`${origin}${paths[to]}?a=b`, { redirect: 'manual' });
    expect([bare.status, bare.headers.get('location')]).toEqual([301, `${paths[to]}/?a=b`]);
  });

  it('carry bodies of any size', async () => {
    const body = randomBytes(10_000_000);
    const answer = await fetch(`${origin}${paths.pod}/cgi-bin/sum`, { method: 'POST', body });
    expect(await answer.text()).toBe(`POST ${sha256(body)}  -\n`);
  });

  it('say when nobody answers', async () => {
    const answer = await fetch(`${origin}${paths.closed}/`);
    expect(answer.status).toBe(503);
    expect(await answer.json()).toMatchObject({
      reason: 'ServiceUnavailable',
      message: expect.stringMatching(
        /^error trying to reach service: dial tcp [\d.]+:81: connect: connection refused$/,
      ) as string,
    });
  });

  it('lead to kubelets', async () => {
    const node = (await kubectl('get nodes -o name')).split('\n')[0]?.replace('node/', '') ?? '';
    expect(await kubectl(`get --raw /api/v1/nodes/${node}/proxy/healthz`)).toBe('ok');
    const log = await kubectl(`get --raw /api/v1/nodes/${node}/proxy/containerLogs/${namespace}/web/main`);
    expect(log).toContain('serving');
  });

  it('and garbage in a session break off that session alone', async () => {
    const { hostname, port } = new URL(origin);
    const ask = (subresource: string, protocol: string): string =>
      `POST /api/v1/namespaces/${namespace}/pods/web/${subresource} HTTP/1.1\r\nHost: localhost\r\nConnection: Upgrade\r\n` +
      `Upgrade: SPDY/3.1\r\nX-Stream-Protocol-Version: ${protocol}\r\n\r\n`;
    const garbage = [Buffer.from('GET / HTTP/1.1\r\n\r\n'), Buffer.alloc(100_000, 0x80), randomBytes(100_000)];
    const broken = garbage.map(async (bytes) => {
      const socket = connect(Number(port), hostname);
      socket.on('error', () => undefined);
      socket.write(ask('portforward', 'portforward.k8s.io'));
      const [head] = (await once(socket, 'data')) as [Buffer];
      expect(head.toString('latin1')).toContain('101 Switching Protocols');
      socket.write(bytes);
      // Frames of streams that do not exist are no garbage; the end of the connection is that of the session.
      socket.end();
      socket.resume();
      await once(socket, 'close');
    });
    await Promise.all(broken);
    expect((await tryKubectl(inNamespace('exec web -- echo well'), { env: spdy })).stdout).toBe('well\n');
  });
});
