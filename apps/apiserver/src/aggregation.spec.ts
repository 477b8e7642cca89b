import { startTestServer, until, type TestServer } from '@kubephant/apiserver/testing';
import { newDialer } from '@kubephant/http-express';
import { newAuthority, type Authority } from '@kubephant/pki';
import { newMetrics } from '@kubephant/base';
import { newIncoming } from '@kubephant/serving/testing';
import { socketPair } from '@kubephant/spdy/testing';
import { startExtensionServer, type ExtensionServer } from './testing/extension-server';

const list = 'application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList';
const base = '/apis/apiregistration.k8s.io/v1/apiservices';
const widgets = '/apis/example.com/v1/namespaces/default/widgets';
const metrics = newMetrics();

let frontProxy: Authority;
let own: Authority;
let extension: ExtensionServer;
let server: TestServer;

beforeAll(async () => {
  frontProxy = await newAuthority('front-proxy-ca');
  own = await newAuthority('extension-ca');
  const serving = await own.issue({
    commonName: 'widgets',
    usages: ['server'],
    dnsNames: ['widgets.default.svc'],
  });
  extension = await startExtensionServer(serving, frontProxy.certificate);
  const { certificate: cert, key } = await frontProxy.issue({ commonName: 'front-proxy-client', usages: ['client'] });
  server = await startTestServer({ dialer: newDialer({ frontProxy: { cert, key } }), deps: { metrics } });
  await server.ask('POST /api/v1/namespaces/default/services', {
    body: {
      metadata: { name: 'widgets' },
      spec: { type: 'ExternalName', externalName: 'localhost', ports: [{ port: 443 }] },
    },
  });
});
afterAll(async () => {
  await server[Symbol.asyncDispose]();
  await extension[Symbol.asyncDispose]();
});

const apiService = (spec: object = {}) => ({
  metadata: { name: 'v1.example.com' },
  spec: {
    ...{ group: 'example.com', version: 'v1', groupPriorityMinimum: 100, versionPriority: 10 },
    service: { namespace: 'default', name: 'widgets', port: extension.port },
    ...spec,
  },
});
const trusted = () => ({ caBundle: Buffer.from(own.certificate).toString('base64') });

interface Condition {
  readonly type: string;
  readonly status: string;
  readonly reason: string;
  readonly message: string;
}

async function availability(name = 'v1.example.com'): Promise<Condition | undefined> {
  const { body } = await server.ask(`GET ${base}/${name}`);
  const { status } = body as { status?: { conditions?: Condition[] } };
  return status?.conditions?.find(({ type }) => type === 'Available');
}
const untilReason = (reason: string, name?: string) => until(async () => (await availability(name))?.reason === reason);

async function register(spec: object): Promise<void> {
  await server.ask(`DELETE ${base}/v1.example.com`);
  await server.ask(`POST ${base}`, { body: apiService(spec) });
}

describe('an API service', () => {
  it.each([
    [
      'is not there',
      { service: { namespace: 'default', name: 'none' } },
      'ServiceNotFound',
      'service/none in "default" is not present',
    ],
    [
      'does not listen on the port',
      { service: { namespace: 'default', name: 'kubernetes', port: 7 } },
      'ServicePortError',
      'service/kubernetes in "default" is not listening on port 7',
    ],
  ])('whose service %s is not available', async (_, spec, reason, message) => {
    await register({ insecureSkipTLSVerify: true, ...spec });
    await untilReason(reason);
    expect(await availability()).toMatchObject({ status: 'False', message });
    const { status, body, headers } = await server.ask(`GET ${widgets}`);
    expect([status, body, headers['content-type']]).toEqual([
      503,
      'service unavailable\n',
      'text/plain; charset=utf-8',
    ]);
    expect(await metrics.registry.metrics()).toContain('aggregator_unavailable_apiservice{name="v1.example.com"} 1');
  });

  it('whose certificate nobody vouches for is not available', async () => {
    await register({});
    await untilReason('FailedDiscoveryCheck');
    expect((await availability())?.message).toMatch(
      /^failing or missing response from https:\/\/localhost:\d+\/apis\//,
    );
    expect(await metrics.registry.metrics()).toContain(
      'aggregator_unavailable_apiservice_total{name="v1.example.com",reason="FailedDiscoveryCheck"}',
    );
  });

  it('that answers is available, and in discovery', async () => {
    await register(trusted());
    await untilReason('Passed');
    expect(await availability()).toMatchObject({ status: 'True', message: 'all checks passed' });
    await until(async () => (await server.ask('GET /apis/example.com')).status === 200);
    const { body } = await server.ask('GET /apis', { headers: { accept: list } });
    const { items } = body as { items: { metadata: { name: string }; versions: unknown[] }[] };
    const all = ['create', 'get', 'list', 'watch'];
    expect(items.find(({ metadata }) => metadata.name === 'example.com')?.versions).toEqual([
      {
        version: 'v1',
        resources: [
          {
            resource: 'widgets',
            responseKind: { group: '', version: '', kind: 'Widget' },
            scope: 'Namespaced',
            singularResource: 'widget',
            verbs: all,
            shortNames: ['wd'],
            subresources: [
              { subresource: 'status', responseKind: { group: '', version: '', kind: 'Widget' }, verbs: ['get'] },
            ],
          },
        ],
        freshness: 'Current',
      },
    ]);
    expect((await server.ask('GET /apis/example.com/v1')).body).toMatchObject({ kind: 'APIResourceList' });
  });

  it('that answers describes its own group version', async () => {
    interface Index {
      readonly paths: Readonly<Record<string, { readonly serverRelativeURL: string }>>;
    }
    const index = async (): Promise<Index> => (await server.ask('GET /openapi/v3')).body as Index;
    await until(async () => 'apis/example.com/v1' in (await index()).paths);
    const { serverRelativeURL } = (await index()).paths['apis/example.com/v1']!;
    expect(serverRelativeURL).toBe('/openapi/v3/apis/example.com/v1?hash=1');
    const { status, body, headers } = await server.ask(`GET ${serverRelativeURL}`);
    expect([status, body]).toEqual([200, { openapi: '3.0.0', info: { title: 'widgets', version: 'v1' }, paths: {} }]);
    expect(headers).toMatchObject({ etag: '"1"', 'cache-control': 'public, immutable' });
    const second = (await server.ask('GET /openapi/v2')).body as { paths: object; definitions: object };
    expect(Object.keys(second.paths)).toEqual(
      expect.arrayContaining(['/apis/apps/v1/deployments', '/apis/example.com/v1/widgets']),
    );
    expect(second.definitions).toHaveProperty('Widget');
  });

  it('of what is served here is made at start, and local', async () => {
    expect(await availability('v1.apps')).toMatchObject({
      status: 'True',
      reason: 'Local',
      message: 'Local APIServices are always available',
    });
    const { body } = await server.ask(`GET ${base}/v2.autoscaling`);
    expect(body).toMatchObject({
      metadata: { labels: { 'kube-aggregator.kubernetes.io/automanaged': 'onstart' } },
      spec: { group: 'autoscaling', version: 'v2', groupPriorityMinimum: 17_500, versionPriority: 30 },
    });
  });
});

describe('a request for another server', () => {
  beforeAll(async () => {
    await register(trusted());
    await untilReason('Passed');
  });

  it('is told who asks, over TLS with the front-proxy certificate, and nothing that clients say of it', async () => {
    const refused = await server.ask(`GET ${widgets}/a?x=%2F`, {
      token: 'jane-token',
      headers: { 'x-remote-user': 'root', 'x-remote-group': 'system:masters' },
    });
    expect(refused.status).toBe(403);
    await server.ask(`GET ${widgets}/a?x=%2F`, {
      headers: {
        'x-remote-user': 'root',
        'x-remote-extra-a': 'b',
        'impersonate-user': 'jane',
        'impersonate-group': 'system:masters',
        'impersonate-extra-example.com%2Fa': 'x',
      },
    });
    const { headers, commonName, path } = extension.seen.at(-1)!;
    expect(commonName).toBe('front-proxy-client');
    expect(path).toBe(`${widgets}/a?x=%2F`);
    const told = Object.entries(headers).filter(([name]) => /^(x-remote|impersonate|authorization)/.test(name));
    expect(Object.fromEntries(told)).toEqual({
      'x-remote-user': 'jane',
      'x-remote-group': 'system:masters, system:authenticated',
      'x-remote-extra-example.com%2fa': 'x',
    });
    expect(extension.seen.filter((one) => one.path.includes('/a?')).length).toBe(1);
  });

  it('brings bodies there and answers back', async () => {
    const { status, body, headers } = await server.ask(`POST ${widgets}`, { body: { kind: 'Widget', size: 3 } });
    expect([status, body, headers['x-own']]).toEqual([201, { kind: 'Widget', size: 3 }, 'yes']);
  });

  it('is not led elsewhere', async () => {
    const { status, body } = await server.ask(`GET ${widgets}/redirected`);
    expect([status, body]).toEqual([502, 'the backend attempted to redirect this request, which is not permitted']);
  });

  it('watches as it comes', async () => {
    const abort = new AbortController();
    const req = newIncoming({
      path: `${widgets}?watch=1`,
      headers: { authorization: 'Bearer admin-token' },
      signal: abort.signal,
    });
    const reply = await server.handler(req);
    if (reply.kind !== 'stream') throw new Error(`no stream but ${reply.kind}`);
    const lines = reply.chunks[Symbol.asyncIterator]();
    for (const line of ['one', 'two']) {
      extension.emit(line);
      const { value } = await lines.next();
      expect(Buffer.concat(value as Uint8Array[]).toString()).toBe(`${line}\n`);
    }
    abort.abort();
    await lines.return?.();
  });

  it('goes on in another protocol', async () => {
    const req = Object.assign(
      newIncoming({ path: `${widgets}/a/echo`, headers: { authorization: 'Bearer admin-token' } }),
      { upgradeTo: 'echo' },
    );
    const reply = await server.handler(req);
    if (reply.kind !== 'tunnel') throw new Error(`no tunnel but ${reply.kind}`);
    expect(reply).toMatchObject({ status: 101, headers: { upgrade: 'echo' } });
    const [client, theirs] = socketPair();
    const served = reply.serve(theirs);
    await client.write(Buffer.from('hello'));
    const { value } = await client.chunks[Symbol.asyncIterator]().next();
    expect(String(value)).toBe('hello');
    client.end();
    await served;
    expect(extension.seen.at(-1)?.headers).toMatchObject({ 'x-remote-user': 'admin', upgrade: 'echo' });
  });

  it('is refused when the other server is gone, and discovery says that it is old', async () => {
    extension.failing = true;
    await server.ask(`PUT ${base}/v1.example.com`, {
      body: {
        ...(await server.ask(`GET ${base}/v1.example.com`)).body,
        spec: apiService({ insecureSkipTLSVerify: true }).spec,
      },
    });
    await untilReason('FailedDiscoveryCheck');
    expect((await availability())?.message).toMatch(
      /bad status from https:\/\/localhost:\d+\/apis\/example.com\/v1: 500$/,
    );
    expect((await server.ask(`GET ${widgets}`)).status).toBe(503);
    await until(async () => {
      const { body } = await server.ask('GET /apis', { headers: { accept: list } });
      return JSON.stringify(body).includes('"freshness":"Stale"');
    });
    extension.failing = false;
  });
});
