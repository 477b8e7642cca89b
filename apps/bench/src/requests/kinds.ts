import type { Target } from '../measure/figure';
import type { WireRequest } from '../api/wire';
import { deployment, pod, podStatus } from './objects';

/** What a request is made of. */
export interface Asking {
  readonly namespace: string;
  /** Whose turn it is: every client has objects of its own. */
  readonly client: number;
  /** Different for every request of one client. */
  readonly i: number;
  /** Different for every run of the bench's scenarios. */
  readonly run: string;
  /** What this client's `given` was answered with. */
  readonly found?: Found;
}

export interface Found {
  readonly etag: string;
  readonly body: Buffer;
}

/** One kind of request, as data. */
export interface RequestKind {
  readonly name: string;
  readonly description: string;
  /** Requests for each second of the server's processor time. */
  readonly aim?: Target;
  /** Fewer clients, where answers are large. */
  readonly clients?: number;
  /** Sent once for each client, in order, before anything is measured. */
  readonly given?: (asking: Asking) => readonly WireRequest[];
  readonly request: (asking: Asking) => WireRequest;
}

const core = (namespace: string, rest: string): string => `/api/v1/namespaces/${namespace}/${rest}`;
const apps = (namespace: string, rest: string): string => `/apis/apps/v1/namespaces/${namespace}/${rest}`;
const send = (method: string, path: string, body: object, contentType = 'application/json'): WireRequest => ({
  method,
  path,
  body: JSON.stringify(body),
  headers: { 'Content-Type': contentType, 'User-Agent': 'bench/v1' },
});
const read = (path: string, headers: Readonly<Record<string, string>> = {}): WireRequest => ({
  method: 'GET',
  path,
  headers,
});

/** Everyone's objects carry the name of the scenario. */
const own = (kind: string, { client, run }: Asking): string => `${kind}-${run}-${client}`;
const fresh = (kind: string, asking: Asking): string => `${own(kind, asking)}-${asking.i}`;

const apply = (path: string, object: object): WireRequest =>
  send('PATCH', `${path}?fieldManager=bench`, object, 'application/apply-patch+yaml');
const applyDeployment = (asking: Asking, version: string): WireRequest => {
  const name = own('applied', asking);
  return apply(apps(asking.namespace, `deployments/${name}`), deployment(name, version));
};
const applyPod = (asking: Asking, version: string): WireRequest => {
  const name = own('applied', asking);
  return apply(core(asking.namespace, `pods/${name}`), pod(name, version));
};

const postPod = (asking: Asking, name: string): WireRequest => send('POST', core(asking.namespace, 'pods'), pod(name));
const postDeployment = (asking: Asking, name: string): WireRequest =>
  send('POST', apps(asking.namespace, 'deployments'), deployment(name));

function withStatus({ found, i }: Asking): object {
  const current = JSON.parse(found?.body.toString() ?? '{}') as { metadata: object };
  return { ...current, metadata: { ...current.metadata, resourceVersion: undefined }, status: podStatus(i) };
}

const discoveryAccept = 'application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList,application/json';
const discovery = read('/apis', { Accept: discoveryAccept });
const unchanged = (request: WireRequest, { found }: Asking): WireRequest => ({
  ...request,
  headers: { ...request.headers, 'If-None-Match': found?.etag ?? '' },
});

const listed = 500;

export const requestKinds: readonly RequestKind[] = [
  {
    name: 'post-pod',
    description: 'POST of a Pod of 1.5 KB, which gets its service account and defaults',
    aim: { atLeast: 1_500 },
    request: (asking) => postPod(asking, fresh('pod', asking)),
  },
  {
    name: 'post-deployment',
    description: 'POST of a Deployment',
    request: (asking) => postDeployment(asking, fresh('deployment', asking)),
  },
  {
    name: 'put-status',
    description: 'PUT of the status of a Pod',
    given: (asking) => [postPod(asking, own('status', asking))],
    request: (asking) =>
      send('PUT', core(asking.namespace, `pods/${own('status', asking)}/status`), withStatus(asking)),
  },
  {
    name: 'patch-strategic',
    description: "strategic merge PATCH of a Deployment's image",
    given: (asking) => [postDeployment(asking, own('patched', asking))],
    request: (asking) =>
      send(
        'PATCH',
        apps(asking.namespace, `deployments/${own('patched', asking)}`),
        { spec: { template: { spec: { containers: [{ name: 'web', image: `example.com/web:v${asking.i}` }] } } } },
        'application/strategic-merge-patch+json',
      ),
  },
  {
    name: 'apply-deployment',
    description: 'server-side apply of a Deployment with another image',
    aim: { atLeast: 800 },
    given: (asking) => [applyDeployment(asking, 'v0')],
    request: (asking) => applyDeployment(asking, `v${asking.i}`),
  },
  {
    name: 'apply-pod',
    description: 'server-side apply of a Pod with another image',
    aim: { atLeast: 800 },
    given: (asking) => [applyPod(asking, 'v0')],
    request: (asking) => applyPod(asking, `v${asking.i}`),
  },
  {
    name: 'apply-same',
    description: 'server-side apply of a Deployment that changes nothing',
    aim: { atLeast: 800 },
    given: (asking) => [applyDeployment(asking, 'same'), applyDeployment(asking, 'same')],
    request: (asking) => applyDeployment(asking, 'same'),
  },
  {
    name: 'get-pod',
    description: 'GET of a Pod',
    aim: { atLeast: 8_000 },
    given: (asking) => [postPod(asking, own('read', asking))],
    request: (asking) => read(core(asking.namespace, `pods/${own('read', asking)}`)),
  },
  {
    name: 'list-pods',
    description: `LIST of ${listed} Pods`,
    clients: 4,
    given: (asking) => Array.from({ length: listed / 4 }, (_, i) => postPod(asking, fresh('listed', { ...asking, i }))),
    request: (asking) => read(core(asking.namespace, `pods?limit=${listed}`)),
  },
  {
    name: 'discovery',
    description: 'GET /apis, aggregated',
    request: () => discovery,
  },
  {
    name: 'discovery-unchanged',
    description: 'the same with the ETag that it has',
    given: () => [discovery],
    request: (asking) => unchanged(discovery, asking),
  },
  {
    name: 'openapi-v2',
    description: 'GET /openapi/v2, compressed',
    clients: 4,
    request: () => read('/openapi/v2', { 'Accept-Encoding': 'gzip' }),
  },
  {
    name: 'openapi-v3',
    description: 'GET /openapi/v3/apis/apps/v1, compressed',
    clients: 4,
    request: () => read('/openapi/v3/apis/apps/v1', { 'Accept-Encoding': 'gzip' }),
  },
];
