import type { ConnectLocation } from '@kubephant/resources';
import {
  requestInfo,
  withFacts,
  type Authenticated,
  type Backend,
  type BackendRequest,
  type BackendSocket,
  type ByteSocket,
  type Dialer,
  type Reply,
} from '@kubephant/serving';
import { newIncoming } from '@kubephant/serving/testing';
import { socketPair } from '@kubephant/spdy/testing';
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
      { addresses: ['10.1.0.5'], conditions: { ready: true }, targetRef: podRef('web-5') },
      { addresses: ['10.1.0.6'], conditions: { ready: false }, targetRef: podRef('web-6') },
      { addresses: ['10.1.0.7'], conditions: { ready: true } },
      { addresses: ['10.1.0.8'], conditions: { ready: true }, targetRef: podRef('web-5') },
      { addresses: ['10.1.0.9'], conditions: { ready: true }, targetRef: podRef('gone') },
    ],
    ports: [{ name: 'http', port: 8080 }],
  } as never);
  for (const last of ['5', '6']) await store.create(...pod(`web-${last}`, `10.1.0.${last}`));
  return store;
}

const podRef = (name: string): object => ({ kind: 'Pod', namespace: 'ns', name });

const pod = (name: string, ip: string): Parameters<Store['create']> => [
  { resource: 'pods', namespace: 'ns', name },
  { apiVersion: 'v1', kind: 'Pod', metadata: meta(name, 'ns'), status: { podIP: ip, podIPs: [{ ip }] } } as never,
];

export interface Dialed {
  readonly backend: Backend;
  readonly request: Pick<BackendRequest, 'path' | 'headers'> & Partial<Pick<BackendRequest, 'method'>>;
  readonly protocols?: readonly string[];
}

function newFakeDialer({ status = 200, body = 'hello', answerHeaders = {}, unreachable }: Options) {
  const dialed: Dialed[] = [];
  const sent: string[] = [];
  const dial = (asked: Dialed): void => {
    if (unreachable !== undefined) throw new Error(unreachable);
    dialed.push(asked);
  };
  async function* content(): AsyncGenerator<Uint8Array> {
    yield Buffer.from(body as Buffer);
  }
  const headers = {
    'content-type': 'text/x',
    connection: 'close, x-hop',
    'x-hop': '1',
    'x-own': '1',
    ...answerHeaders,
  };
  const [near, far] = socketPair();
  const dialer: Dialer = {
    request: async (backend, request) => {
      dial({ backend, request });
      return { status, headers, body: content() };
    },
    tunnel: async (backend, request) => {
      dial({ backend, request });
      if (status !== 101) return { status, headers, body: content() };
      return { status, headers: { upgrade: request.headers?.['upgrade'] ?? '' }, socket: far };
    },
    connect: async (backend, request, protocols): Promise<BackendSocket> => {
      dial({ backend, request, protocols });
      return {
        protocol: protocols.at(-1) ?? '',
        messages: content() as AsyncIterable<Buffer>,
        signal: new AbortController().signal,
        send: async (data) => void sent.push(Buffer.from(data).toString()),
        close: () => undefined,
      };
    },
  };
  return { dialer, dialed, sent, near };
}

export interface Options {
  readonly method?: string;
  readonly upgrade?: readonly string[];
  readonly allowed?: boolean;
  readonly status?: number;
  readonly body?: string | Buffer;
  readonly upgradeTo?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly answerHeaders?: Readonly<Record<string, string>>;
  readonly content?: string;
  /** Why the backend cannot be reached. */
  readonly unreachable?: string;
}

export interface Connected {
  readonly reply: Promise<Reply>;
  readonly dialed: readonly Dialed[];
  /** Messages that the backend got over WebSocket. */
  readonly sent: readonly string[];
  /** The backend's end of a tunnel. */
  readonly near: ByteSocket;
  readonly authorize: jest.Mock;
}

/** Asks for a connection as an authenticated user does; the dialer answers as `options` say. */
export async function connect(path: string, location: ConnectLocation, options: Options = {}): Promise<Connected> {
  const { method = 'GET', upgrade, upgradeTo, allowed = true, headers, content } = options;
  const { dialer, dialed, sent, near } = newFakeDialer(options);
  const authorize = jest.fn(async () => ({ verdict: allowed ? ('allow' as const) : ('noOpinion' as const) }));
  const store = await newStore();
  const handle = newConnect({ dialer, store, authorizer: { authorize } }, { kubeletAddressTypes: ['InternalIP'] });
  const incoming = newIncoming({
    method,
    path,
    headers: { authorization: 'secret', 'x-a': '1', ...headers },
    ...(content !== undefined && { body: content }),
    ...(upgrade && { upgrade, upgradeTo: 'websocket' }),
    ...(upgradeTo !== undefined && { upgradeTo }),
  });
  const info = requestInfo(method, incoming.url);
  const req: Authenticated = withFacts(incoming, {
    info,
    auditId: '',
    warn: () => undefined,
    user: { name: 'u', groups: [] },
  });
  const reply = handle(req, location, {} as never);
  return { reply, dialed, sent, near, authorize };
}

/** The body of a streamed reply. */
export async function textOf(reply: Reply): Promise<string> {
  const chunks: Uint8Array[] = [];
  if (reply.kind === 'stream') for await (const item of reply.chunks) chunks.push(...item);
  return Buffer.concat(chunks).toString();
}
