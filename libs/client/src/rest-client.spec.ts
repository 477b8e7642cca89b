import type { KubeObject } from '@kubephant/api';
import { newFakeClock } from '@kubephant/base/testing';
import { newMetrics } from '@kubephant/base';
import type { Client, ResourceClient } from './client';
import { newRestClientMetrics, withRestClientMetrics } from './metrics';
import { deployments, nodes, pods } from './refs';
import { newClient } from './rest-client';
import { withRetries } from './retry';
import type { Transport, TransportRequest, TransportResponse } from './transport';

const { signal } = new AbortController();

async function* chunks(...parts: readonly string[]): AsyncGenerator<Uint8Array> {
  for (const part of parts) yield Buffer.from(part);
}

const answer = (status: number, body: unknown, headers: Record<string, string> = {}): TransportResponse => ({
  status,
  headers: new Map(Object.entries(headers)),
  body: chunks(typeof body === 'string' ? body : JSON.stringify(body)),
});

/** Answers in order and remembers what it was asked. */
function newScript(...answers: readonly TransportResponse[]): Transport & { readonly sent: TransportRequest[] } {
  const sent: TransportRequest[] = [];
  return {
    sent,
    async send(request) {
      sent.push(request);
      return answers[sent.length - 1] ?? answer(500, 'the script is over');
    },
  };
}

const client = (transport: Transport): Client => newClient(transport, { userAgent: 'tester/v1' });
const target = ({ method, path, query }: TransportRequest): string =>
  `${method} ${path}${query ? `?${query.toString()}` : ''}`;
const pod = { apiVersion: 'v1', kind: 'Pod', metadata: { name: 'a', namespace: 'b', uid: 'u', resourceVersion: '1' } };

describe('a REST client', () => {
  const key = { namespace: 'b', name: 'a' };
  type Call = (podClient: ResourceClient<KubeObject>, all: Client) => Promise<unknown>;
  it.each<[string, string, Call]>([
    ['reads one object', 'GET /api/v1/namespaces/b/pods/a', (c) => c.get(key, signal)],
    ['encodes names', 'GET /api/v1/namespaces/b/pods/a%2F..%2Fc', (c) => c.get({ ...key, name: 'a/../c' }, signal)],
    ['lists all namespaces', 'GET /api/v1/pods?limit=2', (c) => c.list({ limit: 2 }, signal)],
    ['leaves an empty resourceVersion out', 'GET /api/v1/pods', (c) => c.list({ resourceVersion: '' }, signal)],
    ['creates in a namespace', 'POST /api/v1/namespaces/b/pods', (c) => c.create(pod, signal)],
    [
      'updates the status',
      'PUT /api/v1/namespaces/b/pods/a/status',
      (c) => c.update(pod, signal, { subresource: 'status' }),
    ],
    [
      'asks for a dry run',
      'PUT /api/v1/namespaces/b/pods/a?dryRun=All',
      (c) => c.update(pod, signal, { dryRun: true }),
    ],
    [
      'applies as a field manager',
      'PATCH /api/v1/namespaces/b/pods/a?fieldManager=me&force=true',
      (c) => c.patch(key, { type: 'apply', body: pod, fieldManager: 'me', force: true }, signal),
    ],
    ['posts a binding', 'POST /api/v1/namespaces/b/pods/a/binding', (c) => c.post(key, 'binding', {}, signal)],
    ['deletes a collection', 'DELETE /api/v1/namespaces/b/pods', (c) => c.deleteCollection({ namespace: 'b' }, signal)],
    [
      'ignores a namespace of cluster-scoped kinds',
      'GET /api/v1/nodes/n',
      (_, all) => all.resource(nodes).get({ name: 'n' }, signal),
    ],
    [
      'finds groups under /apis',
      'GET /apis/apps/v1/namespaces/b/deployments/a',
      (_, all) => all.resource(deployments).get(key, signal),
    ],
  ])('%s', async (_, expected, call) => {
    const script = newScript(answer(200, { ...pod, items: [] }));
    await call(client(script).resource<KubeObject>(pods), client(script));
    expect(script.sent.map(target)).toEqual([expected]);
  });

  it('refuses names that would climb', () => {
    const api = client(newScript()).resource(pods);
    expect(() => api.get({ namespace: '..', name: 'a' }, signal)).toThrow(TypeError);
    expect(() => api.get({ namespace: 'b', name: '' }, signal)).toThrow(TypeError);
  });

  it('says who it is and what it sends', async () => {
    const script = newScript(answer(200, pod));
    await client(script)
      .resource(pods)
      .patch(key, { type: 'strategic', body: { a: 1 } }, signal);
    expect(script.sent[0]).toMatchObject({
      body: '{"a":1}',
      headers: {
        'user-agent': 'tester/v1',
        accept: 'application/json',
        'content-type': 'application/strategic-merge-patch+json',
      },
    });
  });

  it('gives the items of a list their type', async () => {
    const list = { metadata: { resourceVersion: '7', continue: 'c' }, items: [{ metadata: pod.metadata }] };
    const listed = await client(newScript(answer(200, list)))
      .metadata(pods)
      .list({}, signal);
    expect(listed).toEqual({ resourceVersion: '7', continue: 'c', items: [pod] });
  });

  it('throws the Status of a failure', async () => {
    const status = {
      kind: 'Status',
      apiVersion: 'v1',
      metadata: {},
      status: 'Failure',
      message: 'no',
      reason: 'NotFound',
      code: 404,
    };
    const call = client(newScript(answer(404, status)))
      .resource(pods)
      .get(key, signal);
    await expect(call).rejects.toMatchObject({ message: 'no', reason: 'NotFound', code: 404 });
  });

  it('makes a StatusError of an answer that is no Status', async () => {
    const call = client(newScript(answer(503, '<html>busy')))
      .resource(pods)
      .get(key, signal);
    await expect(call).rejects.toMatchObject({ message: '<html>busy', reason: 'ServiceUnavailable', code: 503 });
  });

  it('decodes a watch across chunk borders and throws its error', async () => {
    const event = JSON.stringify({ type: 'ADDED', object: pod });
    const bookmark = JSON.stringify({
      type: 'BOOKMARK',
      object: { kind: 'Pod', metadata: { resourceVersion: '9', annotations: { 'k8s.io/initial-events-end': 'true' } } },
    });
    const gone = JSON.stringify({
      type: 'ERROR',
      object: { kind: 'Status', code: 410, reason: 'Expired', message: 'old' },
    });
    const body = chunks(event.slice(0, 20), `${event.slice(20)}\n\n${bookmark}\n`, `${gone}\n`);
    const events = client(newScript({ status: 200, headers: new Map(), body }))
      .resource(pods)
      .watch({}, signal);
    const seen: unknown[] = [];
    const read = async (): Promise<void> => {
      for await (const each of events) seen.push(each);
    };
    await expect(read()).rejects.toMatchObject({ reason: 'Expired', code: 410 });
    expect(seen).toEqual([
      { type: 'ADDED', object: pod },
      { type: 'BOOKMARK', resourceVersion: '9', initialEventsEnd: true },
    ]);
  });
});

describe('retries', () => {
  const busy = (status: number): TransportResponse => answer(status, '', { 'retry-after': '3' });
  it.each([
    ['a GET after 503', 'GET', 503, 2],
    ['a POST after 429', 'POST', 429, 2],
    ['no POST after 503: it may have happened', 'POST', 503, 1],
    ['no GET after 500', 'GET', 500, 1],
  ])('send %s', async (_, method, status, times) => {
    const clock = newFakeClock();
    const script = newScript(busy(status), answer(200, {}));
    const done = withRetries(script, { clock }).send({ method, path: '/', signal });
    await clock.advance(3000);
    await done;
    expect(script.sent).toHaveLength(times);
  });
});

it('metrics count answers and failures', async () => {
  const metrics = newMetrics();
  const rest = newRestClientMetrics(metrics);
  const failing: Transport = { send: () => Promise.reject(new Error('refused')) };
  const clock = newFakeClock();
  await withRestClientMetrics(newScript(answer(201, {})), rest, 'h:1', clock).send({
    method: 'POST',
    path: '/',
    signal,
  });
  const failed = withRestClientMetrics(failing, rest, 'h:1', clock).send({ method: 'GET', path: '/', signal });
  await expect(failed).rejects.toThrow('refused');
  const text = await metrics.registry.getSingleMetricAsString('rest_client_requests_total');
  expect(text).toContain('rest_client_requests_total{code="201",method="POST",host="h:1"} 1');
  expect(text).toContain('rest_client_requests_total{code="<error>",method="GET",host="h:1"} 1');
});
