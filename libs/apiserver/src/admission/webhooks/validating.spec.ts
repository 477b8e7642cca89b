/* eslint-disable @typescript-eslint/no-unsafe-return -- tests look into reviews of every form */
import type { Asked } from '../../registry/testing/rig';
import { allow, configMaps, group, map, newWorld, patchOf, told, type Behaviour } from './testing/world';

const merge = (body: object): Asked => ({ body, headers: { 'content-type': 'application/merge-patch+json' } });

describe('validating webhooks', () => {
  it('are told everything about a request', async () => {
    const world = await newWorld({ v: allow });
    await world.register('validating', 'v');
    await world.ask(`POST ${configMaps}?fieldManager=m&fieldValidation=Strict`, {
      body: map('x', { data: { a: 'b' } }),
      user: 'jane',
      groups: ['dev'],
    });
    const [{ request, target } = { request: {}, target: undefined }] = world.asked;
    const { uid, object, ...rest } = request;
    expect(uid).toMatch(/^[0-9a-f-]{36}$/);
    expect(object).toMatchObject({ kind: 'ConfigMap', apiVersion: 'v1', metadata: { name: 'x' }, data: { a: 'b' } });
    expect(rest).toEqual({
      kind: { group: '', version: 'v1', kind: 'ConfigMap' },
      resource: { group: '', version: 'v1', resource: 'configmaps' },
      requestKind: { group: '', version: 'v1', kind: 'ConfigMap' },
      requestResource: { group: '', version: 'v1', resource: 'configmaps' },
      name: 'x',
      namespace: 'default',
      operation: 'CREATE',
      userInfo: { username: 'jane', groups: ['dev'] },
      oldObject: null,
      dryRun: false,
      options: {
        kind: 'CreateOptions',
        apiVersion: 'meta.k8s.io/v1',
        fieldManager: 'm',
        fieldValidation: 'Strict',
      },
    });
    expect(target).toEqual({ url: 'https://hooks.example.com/v?timeout=10s' });
  });

  it('see what was and what is to be of updates, and what was of deletions', async () => {
    const world = await newWorld({ v: allow });
    await world.ask(`POST ${configMaps}`, { body: map() });
    await world.register('validating', 'v');
    await world.ask(`PATCH ${configMaps}/x`, merge({ data: { a: '1' } }));
    await world.ask(`DELETE ${configMaps}/x`);
    const seen = world.asked.map(({ request: { operation, object, oldObject } }) => [
      operation,
      object?.data,
      oldObject.data,
    ]);
    expect(seen).toEqual([
      ['UPDATE', { a: '1' }, undefined],
      ['DELETE', undefined, { a: '1' }],
    ]);
  });

  it.each([
    ['a message', { message: 'not today' }, '400  admission webhook "v.example.com" denied the request: not today'],
    [
      'a code and a reason',
      { code: 403, reason: 'Forbidden' },
      '403 Forbidden admission webhook "v.example.com" denied the request: Forbidden',
    ],
    ['nothing', undefined, '400  admission webhook "v.example.com" denied the request without explanation'],
    [
      'a code of success',
      { code: 200, message: 'no' },
      '400  admission webhook "v.example.com" denied the request: no',
    ],
  ])('deny with %s', async (_, status, message) => {
    const world = await newWorld({ v: () => ({ allowed: false, status }) });
    await world.register('validating', 'v');
    expect(told(await world.ask(`POST ${configMaps}`, { body: map() }))).toBe(message);
    expect((await world.ask(`GET ${configMaps}/x`)).status).toBe(404);
  });

  it('hand warnings on', async () => {
    const world = await newWorld({ v: () => ({ allowed: true, warnings: ['mind the gap'] }) });
    await world.register('validating', 'v');
    expect((await world.ask(`POST ${configMaps}`, { body: map() })).warnings).toEqual(['mind the gap']);
  });

  const failed = 'Internal error occurred: failed calling webhook "v.example.com": ';
  const invalid = `${failed}received invalid webhook response: `;

  it.each<[string, Behaviour, string]>([
    [
      'cannot be reached',
      () => Promise.reject(new Error('dial tcp 10.0.0.1:443: connect: connection refused')),
      `${failed}failed to call webhook: Post "https://hooks.example.com/v?timeout=10s": dial tcp 10.0.0.1:443: connect: connection refused`,
    ],
    [
      'is out of order',
      () => 500,
      `${failed}failed to call webhook: an error on the server ("oops") has prevented the request from succeeding`,
    ],
    ['is not there', () => 404, `${failed}failed to call webhook: the server could not find the requested resource`],
    ['answers for another', () => ({ uid: 'other', allowed: true }), `${invalid}expected response.uid=`],
    ['says nothing', () => Buffer.from('{}'), `${invalid}webhook response was absent`],
    [
      'speaks no JSON',
      () => Buffer.from('<html>'),
      `${failed}failed to call webhook: couldn't get version/kind; json parse error: `,
    ],
    [
      'would change what it may only look at',
      () => patchOf(),
      `${invalid}validating webhook may not return response.patch`,
    ],
  ])('refuse when the server %s, unless that is to be ignored', async (_, behaviour, message) => {
    const world = await newWorld({ v: behaviour });
    await world.register('validating', 'v');
    const answer = await world.ask(`POST ${configMaps}`, { body: map() });
    expect([answer.status, answer.body.reason]).toEqual([500, 'InternalError']);
    expect(answer.body.message).toContain(message);
    await world.ask(`PATCH ${group}/validatingwebhookconfigurations/v`, {
      body: { webhooks: [{ name: 'v.example.com', failurePolicy: 'Ignore' }] },
      headers: { 'content-type': 'application/strategic-merge-patch+json' },
    });
    expect((await world.ask(`POST ${configMaps}`, { body: map() })).status).toBe(201);
  });

  it('are waited for as long as they say, and no longer', async () => {
    const silent: Behaviour = (_, signal) =>
      new Promise((_resolve, reject) => {
        signal.addEventListener('abort', () => reject(new Error('aborted')), { once: true });
      });
    const world = await newWorld({ v: silent });
    await world.register('validating', 'v', { timeoutSeconds: 3 });
    const creating = world.ask(`POST ${configMaps}`, { body: map() });
    while (world.asked.length === 0) await new Promise((resolve) => setImmediate(resolve));
    await world.clock.advance(3000);
    expect(told(await creating)).toBe(
      `500 InternalError ${failed}failed to call webhook: Post "https://hooks.example.com/v?timeout=3s": context deadline exceeded`,
    );
  });

  it('are asked all at once', async () => {
    const both = Promise.withResolvers<object>();
    let waiting = 0;
    const meet: Behaviour = () => {
      if (++waiting === 2) both.resolve({ allowed: true });
      return both.promise;
    };
    const world = await newWorld({ v: meet, w: meet });
    await world.register('validating', 'v');
    await world.register('validating', 'w');
    expect((await world.ask(`POST ${configMaps}`, { body: map() })).status).toBe(201);
  });

  it.each([
    ['None', 201],
    ['NoneOnDryRun', 201],
  ])('with sideEffects %s are asked of dry runs, too', async (sideEffects, status) => {
    const world = await newWorld({ v: allow });
    await world.register('validating', 'v', { sideEffects });
    expect((await world.ask(`POST ${configMaps}?dryRun=All`, { body: map() })).status).toBe(status);
    expect(world.asked.map(({ request }) => request.dryRun)).toEqual([true]);
  });

  it('reach a service by its name, at one of its endpoints', async () => {
    const world = await newWorld({ v: allow });
    const service = { namespace: 'ns', name: 'svc', path: '/v' };
    await world.register('validating', 'v', {
      clientConfig: { service, caBundle: Buffer.from('pem').toString('base64') },
    });
    const { body } = await world.ask(`POST ${configMaps}`, { body: map() });
    expect(body.kind).toBe('ConfigMap');
    expect(world.asked.map(({ target }) => target)).toEqual([
      { url: 'https://svc.ns.svc:443/v?timeout=10s', caBundle: 'pem', connectTo: { host: '10.0.0.9', port: 8443 } },
    ]);
  });

  it('see how a connection is opened, and how something is deleted', async () => {
    const world = await newWorld({ v: () => ({ allowed: false, status: { message: 'no' } }) });
    await world.ask('POST /api/v1/namespaces/default/pods', {
      body: map('p', { spec: { nodeName: 'n', containers: [{ name: 'c', image: 'i' }] } }),
    });
    const operations = ['CONNECT', 'DELETE'];
    await world.register('validating', 'v', {
      rules: [{ apiGroups: [''], apiVersions: ['v1'], resources: ['pods', 'pods/exec'], operations }],
    });
    const path = '/api/v1/namespaces/default/pods/p';
    expect((await world.ask(`POST ${path}/exec?command=ls&command=-l&stdin=true&container=c`)).body.message).toBe(
      'admission webhook "v.example.com" denied the request: no',
    );
    await world.ask(`DELETE ${path}?gracePeriodSeconds=3`);
    expect(
      world.asked.map(({ request: { operation, kind, object, options } }) => ({ operation, kind, object, options })),
    ).toEqual([
      {
        operation: 'CONNECT',
        kind: { group: '', version: 'v1', kind: 'PodExecOptions' },
        object: { kind: 'PodExecOptions', apiVersion: 'v1', command: ['ls', '-l'], stdin: true, container: 'c' },
        options: null,
      },
      {
        operation: 'DELETE',
        kind: { group: '', version: 'v1', kind: 'Pod' },
        object: null,
        options: { kind: 'DeleteOptions', apiVersion: 'meta.k8s.io/v1', gracePeriodSeconds: 3 },
      },
    ]);
  });

  it('never see configurations of admission', async () => {
    const world = await newWorld({ v: () => ({ allowed: false }) });
    await world.register('validating', 'v', {
      rules: [{ apiGroups: ['*'], apiVersions: ['*'], resources: ['*/*'], operations: ['*'] }],
    });
    expect((await world.ask(`DELETE ${group}/validatingwebhookconfigurations/v`)).status).toBe(200);
    expect(world.asked).toEqual([]);
  });

  const rule = (more: object) => ({
    rules: [{ apiGroups: [''], apiVersions: ['v1'], resources: ['configmaps'], operations: ['*'], ...more }],
  });

  it.each<[string, object, boolean]>([
    ['another group', rule({ apiGroups: ['apps'] }), false],
    ['another version', rule({ apiVersions: ['v2'] }), false],
    ['another operation', rule({ operations: ['DELETE'] }), false],
    ['things of the cluster', rule({ scope: 'Cluster' }), false],
    ['things in namespaces', rule({ scope: 'Namespaced' }), true],
    ['every resource', rule({ resources: ['*'] }), true],
    ['subresources alone', rule({ resources: ['configmaps/status'] }), false],
    ['everything below, too', rule({ resources: ['*/*'] }), true],
    ['this namespace', { namespaceSelector: { matchLabels: { team: 'a' } } }, true],
    ['other namespaces', { namespaceSelector: { matchLabels: { team: 'b' } } }, false],
    ['such objects', { objectSelector: { matchLabels: { app: 'web' } } }, true],
    ['other objects', { objectSelector: { matchLabels: { app: 'db' } } }, false],
    ['what a condition says', { matchConditions: [{ name: 'c', expression: "request.name == 'x'" }] }, true],
    [
      'what a condition excludes',
      { matchConditions: [{ name: 'c', expression: "object.metadata.name != 'x'" }] },
      false,
    ],
    [
      'whom the authorizer knows',
      { matchConditions: [{ name: 'c', expression: "authorizer.group('').resource('pods').check('get').allowed()" }] },
      true,
    ],
  ])('are about %s', async (_, webhook, concerned) => {
    const world = await newWorld({ v: allow });
    await world.register('validating', 'v', webhook);
    await world.ask(`POST ${configMaps}`, { body: { metadata: { name: 'x', labels: { app: 'web' } } } });
    expect(world.asked).toHaveLength(concerned ? 1 : 0);
  });

  it('refuse when a condition cannot be told', async () => {
    const world = await newWorld({ v: allow });
    await world.register('validating', 'v', { matchConditions: [{ name: 'c', expression: 'object.nope == 1' }] });
    expect(told(await world.ask(`POST ${configMaps}`, { body: map() }))).toMatch(
      /^403 Forbidden configmaps ".*" is forbidden: expression 'object.nope == 1' resulted in error: no such key: nope$/,
    );
  });

  it('are shown other versions of a kind that they know, and only they', async () => {
    const world = await newWorld({ v: allow });
    const v1 = {
      apiGroups: ['autoscaling'],
      apiVersions: ['v1'],
      resources: ['horizontalpodautoscalers'],
      operations: ['*'],
    };
    await world.register('validating', 'v', { rules: [v1] });
    await world.register('validating', 'w', { rules: [v1], matchPolicy: 'Exact' });
    const scaleTargetRef = { kind: 'Deployment', name: 'd', apiVersion: 'apps/v1' };
    const metrics = [
      { type: 'Resource', resource: { name: 'cpu', target: { type: 'Utilization', averageUtilization: 70 } } },
    ];
    const body = map('h', { spec: { scaleTargetRef, maxReplicas: 3, metrics } });
    const path = '/apis/autoscaling/v2/namespaces/default/horizontalpodautoscalers';
    expect((await world.ask(`POST ${path}`, { body })).status).toBe(201);
    expect(world.asked).toHaveLength(1);
    expect(world.asked[0]?.request).toMatchObject({
      kind: { version: 'v1' },
      requestKind: { version: 'v2' },
      object: { apiVersion: 'autoscaling/v1', spec: { targetCPUUtilizationPercentage: 70 } },
    });
  });
});
