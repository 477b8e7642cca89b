import type { ConnectLocation } from '@kubephant/resources';
import {
  withFacts,
  type Authenticated,
  type Backend,
  type BackendRequest,
  type BackendSocket,
  type Dialer,
  type MessageSocket,
  type Reply,
} from '@kubephant/serving';
import { newIncoming } from '@kubephant/serving/testing';
import { requestInfo } from '@kubephant/serving';
import { newMemoryStore, type Store } from '@kubephant/storage';
import { newConnect } from './connect';

const meta = (name: string, namespace?: string) => ({
  name,
  uid: name,
  resourceVersion: '',
  ...(namespace && { namespace }),
});

async function newStore(): Promise<Store> {
  const store = newMemoryStore({ resources: [] });
  const status = {
    addresses: [
      { type: 'Hostname', address: 'n1' },
      { type: 'InternalIP', address: '10.0.0.7' },
    ],
    daemonEndpoints: { kubeletEndpoint: { Port: 10_299 } },
  };
  await store.create({ resource: 'nodes', namespace: '', name: 'n1' }, {
    apiVersion: 'v1',
    kind: 'Node',
    metadata: meta('n1'),
    status,
  } as never);
  await store.create({ resource: 'services', namespace: 'ns', name: 'web' }, {
    apiVersion: 'v1',
    kind: 'Service',
    metadata: meta('web', 'ns'),
    spec: { ports: [{ name: 'http', port: 80 }] },
  } as never);
  await store.create({ resource: 'endpointslices.discovery.k8s.io', namespace: 'ns', name: 'web-1' }, {
    apiVersion: 'discovery.k8s.io/v1',
    kind: 'EndpointSlice',
    metadata: { ...meta('web-1', 'ns'), labels: { 'kubernetes.io/service-name': 'web' } },
    endpoints: [
      { addresses: ['10.1.0.5'], conditions: { ready: true } },
      { addresses: ['10.1.0.6'], conditions: { ready: false } },
    ],
    ports: [{ name: 'http', port: 8080 }],
  } as never);
  return store;
}

interface Dialed {
  readonly backend: Backend;
  readonly request: Pick<BackendRequest, 'path' | 'headers'>;
  readonly protocols?: readonly string[];
}

function newFakeDialer(status: number, body: string) {
  const dialed: Dialed[] = [];
  const sent: string[] = [];
  async function* content(): AsyncGenerator<Uint8Array> {
    yield Buffer.from(body);
  }
  const dialer: Dialer = {
    request: async (backend, request) => {
      dialed.push({ backend, request });
      return { status, headers: { 'content-type': 'text/x', connection: 'close', 'x-own': '1' }, body: content() };
    },
    connect: async (backend, request, protocols): Promise<BackendSocket> => {
      dialed.push({ backend, request, protocols });
      return {
        protocol: protocols.at(-1) ?? '',
        messages: content() as AsyncIterable<Buffer>,
        signal: new AbortController().signal,
        send: async (data) => void sent.push(Buffer.from(data).toString()),
        close: () => undefined,
      };
    },
  };
  return { dialer, dialed, sent };
}

interface Options {
  readonly method?: string;
  readonly upgrade?: readonly string[];
  readonly allowed?: boolean;
  readonly status?: number;
  readonly body?: string;
}

async function connect(path: string, location: ConnectLocation, options: Options = {}) {
  const { method = 'GET', upgrade, allowed = true, status = 200, body = 'hello' } = options;
  const { dialer, dialed, sent } = newFakeDialer(status, body);
  const authorize = jest.fn(async () => ({ verdict: allowed ? ('allow' as const) : ('noOpinion' as const) }));
  const store = await newStore();
  const handle = newConnect({ dialer, store, authorizer: { authorize } }, { kubeletAddressTypes: ['InternalIP'] });
  const incoming = newIncoming({
    method,
    path,
    headers: { authorization: 'secret', 'x-a': '1' },
    ...(upgrade && { upgrade }),
  });
  const info = requestInfo(method, incoming.url);
  const req: Authenticated = withFacts(incoming, {
    info,
    auditId: '',
    warn: () => undefined,
    user: { name: 'u', groups: [] },
  });
  const reply = handle(req, location, {} as never);
  return { reply, dialed, sent, authorize };
}

const exec = '/api/v1/namespaces/ns/pods/p/exec?command=sh';
const toKubelet = { node: 'n1', path: '/exec/ns/p/c', query: new URLSearchParams({ command: 'sh' }) };
const proxyPath = '/api/v1/namespaces/ns/pods/p/proxy/x';

async function textOf(reply: Reply): Promise<string> {
  let text = '';
  if (reply.kind === 'stream') for await (const item of reply.chunks) text += Buffer.concat(item).toString();
  return text;
}

describe('logs', () => {
  it('are streamed from the kubelet of the node', async () => {
    const { reply, dialed } = await connect('/api/v1/namespaces/ns/pods/p/log', {
      node: 'n1',
      path: '/containerLogs/ns/p/c',
    });
    await expect(reply.then(textOf)).resolves.toBe('hello');
    expect(dialed).toEqual([
      {
        backend: { host: '10.0.0.7', port: 10_299, tls: 'kubelet' },
        request: { method: 'GET', path: '/containerLogs/ns/p/c' },
      },
    ]);
  });

  it.each([
    [400, { code: 400, message: 'container "x" is waiting to start' }],
    [404, { code: 404, message: 'container "x" is waiting to start' }],
    [500, { code: 500, message: 'container "x" is waiting to start' }],
  ])('a refusal with %d is told in the kubelet’s words', async (status, expected) => {
    const options = { status, body: 'container "x" is waiting to start\n' };
    const { reply } = await connect(
      '/api/v1/namespaces/ns/pods/p/log',
      { node: 'n1', path: '/containerLogs/ns/p/c' },
      options,
    );
    await expect(reply).rejects.toMatchObject(expected);
  });
});

describe('sessions', () => {
  it('need the right to create, also when they come as GET', async () => {
    const { reply, authorize, dialed } = await connect(exec, toKubelet, {
      upgrade: ['v5.channel.k8s.io'],
      allowed: false,
    });
    await expect(reply).rejects.toMatchObject({
      code: 403,
      message:
        'pods "p" is forbidden: User "u" cannot create resource "pods/exec" in API group "" in the namespace "ns"',
    });
    expect(authorize).toHaveBeenCalledTimes(1);
    expect(dialed).toEqual([]);
  });

  it.each([
    ['that it wants an upgrade', 400, 'Upgrade request required', 400, 'sessions are served over WebSocket only'],
    ['nothing against it', 200, '', 400, 'sessions are served over WebSocket only'],
    [
      'why in a Status',
      404,
      '{"kind":"Status","message":"pod is not running","reason":"NotFound","code":404}',
      404,
      'pod is not running',
    ],
  ])('need a WebSocket; to others the kubelet says %s', async (_, status, body, code, message) => {
    const { reply, dialed } = await connect(exec, toKubelet, { method: 'POST', status, body });
    await expect(reply).rejects.toMatchObject({ code, message: expect.stringContaining(message) as string });
    expect(dialed[0]?.request).toEqual({ method: 'GET', path: '/exec/ns/p/c?command=sh' });
  });

  it('without a WebSocket are refused in the words of the kubelet', async () => {
    const body = 'container not found ("c")';
    const { reply } = await connect(exec, toKubelet, { method: 'POST', status: 500, body });
    await expect(reply).resolves.toMatchObject({ kind: 'bytes', status: 500, chunks: [Buffer.from(body)] });
  });

  it('are not asked about for those who may not have one', async () => {
    const { reply, dialed } = await connect(exec, toKubelet, { method: 'POST', allowed: false });
    await expect(reply).rejects.toMatchObject({ code: 403 });
    expect(dialed).toEqual([]);
  });

  it('are relayed message by message under the protocol the kubelet chooses', async () => {
    const upgrade = ['v5.channel.k8s.io', 'v4.channel.k8s.io'];
    const { reply: pending, dialed, sent } = await connect(exec, toKubelet, { upgrade });
    const reply = await pending;
    expect(dialed[0]).toMatchObject({ request: { path: '/exec/ns/p/c?command=sh' }, protocols: upgrade });
    if (reply.kind !== 'socket') throw new Error(reply.kind);
    const received: string[] = [];
    async function* typed(): AsyncGenerator<Buffer> {
      yield Buffer.from('ls');
    }
    const client: MessageSocket = {
      protocol: reply.protocol,
      messages: typed(),
      signal: new AbortController().signal,
      send: async (data) => void received.push(Buffer.from(data).toString()),
    };
    await reply.serve(client);
    expect([reply.protocol, received, sent]).toEqual(['v4.channel.k8s.io', ['hello'], ['ls']]);
  });
});

describe('proxies', () => {
  it('carry the request without our credentials, and the answer without its connection', async () => {
    const { reply, dialed } = await connect(proxyPath, { host: '10.1.0.9', port: '8080', path: '/x' });
    await expect(reply).resolves.toMatchObject({ status: 200, contentType: 'text/x', headers: { 'x-own': '1' } });
    expect(dialed).toEqual([
      {
        backend: { host: '10.1.0.9', port: 8080, tls: 'none' },
        request: { method: 'GET', path: '/x', headers: { 'x-a': '1' } },
      },
    ]);
  });

  it.each(['127.0.0.1', '::1', '::ffff:127.0.0.1', '169.254.169.254', 'fe80::1', '0.0.0.0', 'localhost', '224.0.0.1'])(
    'never lead to %s',
    async (host) => {
      const { reply } = await connect(proxyPath, { host, path: '/' });
      await expect(reply).rejects.toMatchObject({ code: 400, message: 'address not allowed' });
    },
  );

  it('of a service lead to a ready endpoint', async () => {
    const path = '/api/v1/namespaces/ns/services/web/proxy/';
    const { reply, dialed } = await connect(path, { service: { namespace: 'ns', name: 'web' }, port: '80', path: '/' });
    await reply;
    expect(dialed[0]?.backend).toEqual({ host: '10.1.0.5', port: 8080, tls: 'none' });
    const wrong = await connect(path, { service: { namespace: 'ns', name: 'web' }, port: '81', path: '/' });
    await expect(wrong.reply).rejects.toMatchObject({
      code: 503,
      message: 'no service port "81" found for service "web"',
    });
  });

  it('to another port of a node do not show our certificate', async () => {
    const { reply, dialed } = await connect('/api/v1/nodes/n1/proxy/', { node: 'n1', port: '9100', path: '/' });
    await reply;
    expect(dialed[0]?.backend).toEqual({ host: '10.0.0.7', port: 9100, tls: 'none' });
  });
});
