import type { KubeObject } from '@kubephant/api';
import type { Caller } from '@kubephant/serving';
import { startTestServer, until, type TestServer } from '../testing/server';
import { gear, gears, gearVersion } from './testing';

const crds = '/apis/apiextensions.k8s.io/v1/customresourcedefinitions';
const own = `${crds}/gears.shop.example.com`;
const path = '/apis/shop.example.com/v1/namespaces/default/gears';
const merge = { 'content-type': 'application/merge-patch+json' };
const table = { accept: 'application/json;as=Table;v=v1;g=meta.k8s.io' };

let server: TestServer;

interface Named {
  readonly name: string;
  readonly [key: string]: unknown;
}

interface Told {
  readonly type: string;
  readonly status: string;
  readonly reason: string;
  readonly message: string;
}

const listOf = <T = Named>(value: unknown): readonly T[] => (value ?? []) as readonly T[];
const namesOf = (value: unknown): readonly string[] => listOf(value).map(({ name }) => name);

const conditions = async (): Promise<Record<string, string>> => {
  const { body } = await server.ask(`GET ${own}`);
  return Object.fromEntries(listOf<Told>(body.status?.conditions).map(({ type, status }) => [type, status]));
};

async function define(spec: object = {}): Promise<void> {
  expect((await server.ask(`POST ${crds}`, { body: gears(spec) })).status).toBe(201);
  await until(async () => (await conditions())['Established'] === 'True');
  await until(async () => (await server.ask(`GET ${path}`)).status === 200);
}

beforeEach(async () => {
  server = await startTestServer();
});

afterEach(async () => {
  await server[Symbol.asyncDispose]();
});

const verbsOfCustomResources = ['delete', 'deletecollection', 'get', 'list', 'patch', 'create', 'update', 'watch'];

describe('a definition', () => {
  it('is accepted, established, and served a moment later', async () => {
    await define();
    expect(await conditions()).toEqual({ NamesAccepted: 'True', Established: 'True' });
    const { body } = await server.ask(`GET ${own}`);
    expect(body.status.acceptedNames).toEqual({
      plural: 'gears',
      singular: 'gear',
      shortNames: ['gr'],
      kind: 'Gear',
      listKind: 'GearList',
      categories: ['machines'],
    });
    expect(body.status.storedVersions).toEqual(['v1']);
  });

  it('is discovered, and forgotten when it goes', async () => {
    await define();
    const { body } = await server.ask('GET /apis/shop.example.com/v1');
    expect(namesOf(body.resources)).toEqual(['gears', 'gears/status', 'gears/scale']);
    expect(body.resources[0].verbs).toEqual(verbsOfCustomResources);
    expect(body.resources[0]).toMatchObject({ kind: 'Gear', shortNames: ['gr'], categories: ['machines'] });
    await server.ask(`DELETE ${own}`);
    await until(async () => (await server.ask(`GET ${own}`)).status === 404);
    await until(async () => (await server.ask('GET /apis/shop.example.com/v1')).status === 404);
    expect((await server.ask(`GET ${path}`)).status).toBe(404);
  });

  it('is published in both versions of OpenAPI', async () => {
    const before = (await server.ask('GET /openapi/v2')).headers['etag'];
    await define();
    const { body, headers } = await server.ask('GET /openapi/v2');
    expect(headers['etag']).not.toBe(before);
    expect(body.definitions['com.example.shop.v1.Gear'].properties.spec.properties.color.type).toBe('string');
    const third = await server.ask('GET /openapi/v3/apis/shop.example.com/v1');
    expect(third.body.components.schemas['com.example.shop.v1.Gear']).toMatchObject({
      'x-kubernetes-group-version-kind': [{ group: 'shop.example.com', kind: 'Gear', version: 'v1' }],
      properties: { spec: { properties: { color: { enum: ['red', 'blue'], default: 'red' } } } },
    });
  });

  it('is not established while another one of its group has its names', async () => {
    await define();
    const other = gears({ names: { plural: 'cogs', kind: 'Gear' } });
    await server.ask(`POST ${crds}`, { body: { ...other, metadata: { name: 'cogs.shop.example.com' } } });
    const told = async (): Promise<readonly Told[]> =>
      listOf(
        ((await server.ask(`GET ${crds}/cogs.shop.example.com`)).body as { status: { conditions: unknown } }).status
          .conditions,
      );
    await until(async () => (await told()).length === 2);
    expect((await told()).map(({ type, reason, message }) => [type, reason, message])).toEqual([
      ['NamesAccepted', 'ListKindConflict', '"GearList" is already in use'],
      ['Established', 'NotAccepted', 'not all names are accepted'],
    ]);
    await server.ask(`DELETE ${own}`);
    await until(async () => (await server.ask('GET /apis/shop.example.com/v1/cogs')).status === 200);
  });

  it('takes its objects with it, and waits for those that are held', async () => {
    await define();
    await server.ask(`POST ${path}`, { body: gear('free') });
    const held = gear('held', {}, { metadata: { name: 'held', finalizers: ['example.com/hold'] } });
    await server.ask(`POST ${path}`, { body: held });
    const deleted = await server.ask(`DELETE ${own}`);
    expect(deleted.body.metadata.finalizers).toEqual(['customresourcecleanup.apiextensions.k8s.io']);
    await until(async () => (await server.ask(`GET ${path}/free`)).status === 404);
    expect((await server.ask(`GET ${path}/held`)).body.metadata.deletionTimestamp).toBeDefined();
    const late = await server.ask(`POST ${path}`, { body: gear('late') });
    expect([late.status, late.body.message]).toEqual([
      405,
      'create not allowed while custom resource definition is terminating',
    ]);
    await server.ask(`PATCH ${path}/held`, { body: { metadata: { finalizers: null } }, headers: merge });
    await until(async () => (await server.ask(`GET ${own}`)).status === 404);
  });

  it('may be changed, and what is served changes with it', async () => {
    await define();
    const columns = [{ name: 'Size', type: 'integer', jsonPath: '.spec.replicas' }];
    const body = { spec: { versions: [{ ...gearVersion, additionalPrinterColumns: columns }] } };
    expect((await server.ask(`PATCH ${own}`, { body, headers: merge })).status).toBe(200);
    const names = async (): Promise<readonly string[]> =>
      namesOf((await server.ask(`GET ${path}`, { headers: table })).body.columnDefinitions);
    await until(async () => (await names()).includes('Size'));
    expect(await names()).toEqual(['Name', 'Size']);
  });
});

describe('a custom resource', () => {
  beforeEach(async () => define());

  it('is defaulted, pruned, and written in order', async () => {
    const { status, body } = await server.ask(`POST ${path}`, {
      body: gear('a', { ports: null, free: { any: [1] }, unknown: 1 }, { stray: true }),
    });
    expect(status).toBe(201);
    expect(body.spec).toEqual({ color: 'red', free: { any: [1] } });
    expect(Object.keys(body as object)).toEqual(['apiVersion', 'kind', 'metadata', 'spec']);
    expect(body.metadata.generation).toBe(1);
  });

  it.each([
    ['an unknown field', gear('a', { size: 1 }), 'strict decoding error: unknown field "spec.size"'],
    [
      'a field twice',
      '{"apiVersion":"shop.example.com/v1","kind":"Gear","metadata":{"name":"a"},"spec":{"color":"red","color":"blue"}}',
      'strict decoding error: duplicate field "spec.color"',
    ],
  ])('is refused for %s when that is asked for', async (_, body, why) => {
    const { status, body: answer } = await server.ask(`POST ${path}?fieldValidation=Strict`, { body });
    expect(status).toBe(400);
    expect(answer.message).toBe(`Gear in version "v1" cannot be handled as a Gear: ${why}`);
  });

  it.each([
    [
      'a wrong type',
      { replicas: 'x' },
      'spec.replicas: Invalid value: "string": spec.replicas in body must be of type integer: "string"',
    ],
    ['another value', { color: 'green' }, 'spec.color: Unsupported value: "green": supported values: "red", "blue"'],
    ['two of a key', { ports: [{ name: 'a' }, { name: 'a' }] }, 'spec.ports[1]: Duplicate value: {"name":"a"}'],
  ])('is refused for %s', async (_, spec, why) => {
    const { status, body } = await server.ask(`POST ${path}`, { body: gear('a', spec) });
    expect(status).toBe(422);
    expect(body.message).toBe(`Gear.shop.example.com "a" is invalid: ${why}`);
  });

  it('has a status that only its endpoint changes, and counts what is asked of it', async () => {
    const made = await server.ask(`POST ${path}`, { body: gear('a', { replicas: 1 }, { status: { replicas: 9 } }) });
    expect(made.body.status).toBeUndefined();
    const body = { metadata: { labels: { x: 'y' } }, spec: { replicas: 5 }, status: { replicas: 1 } };
    const after = await server.ask(`PATCH ${path}/a/status`, { body, headers: merge });
    expect([after.status, after.body.spec.replicas, after.body.status.replicas]).toEqual([200, 1, 1]);
    expect([after.body.metadata.generation, after.body.metadata.labels]).toEqual([1, undefined]);
    const changed = await server.ask(`PATCH ${path}/a`, { body: { spec: { replicas: 2 } }, headers: merge });
    expect([changed.body.metadata.generation, changed.body.status]).toEqual([2, { replicas: 1 }]);
  });

  it('is scaled', async () => {
    await server.ask(`POST ${path}`, { body: gear('none') });
    const { body: absent } = await server.ask(`GET ${path}/none/scale`);
    expect(absent.message).toBe('Internal error occurred: the spec replicas field ".spec.replicas" does not exist');
    await server.ask(`POST ${path}`, { body: gear('a', { replicas: 1 }) });
    await server.ask(`PATCH ${path}/a/status`, { body: { status: { replicas: 1, selector: 'a=b' } }, headers: merge });
    const { body } = await server.ask(`PATCH ${path}/a/scale`, { body: { spec: { replicas: 3 } }, headers: merge });
    expect([body.kind, body.spec, body.status]).toEqual(['Scale', { replicas: 3 }, { replicas: 1, selector: 'a=b' }]);
    expect((await server.ask(`GET ${path}/a`)).body.spec.replicas).toBe(3);
    const sized = (replicas: number): object => ({
      apiVersion: 'autoscaling/v1',
      kind: 'Scale',
      metadata: { name: 'a' },
      spec: { replicas },
    });
    expect((await server.ask(`PUT ${path}/a/scale`, { body: sized(4) })).body.spec).toEqual({ replicas: 4 });
    expect((await server.ask(`PUT ${path}/a/scale`, { body: sized(-4) })).body.message).toContain(
      '.spec.replicas: Invalid value: -4: should be a non-negative integer',
    );
  });

  it('is printed by the columns of its definition, and selected by its fields', async () => {
    await server.ask(`POST ${path}`, { body: gear('a', { color: 'blue', replicas: 4 }) });
    await server.ask(`POST ${path}`, { body: gear('b') });
    const { body } = await server.ask(`GET ${path}?fieldSelector=spec.color%3Dblue`, { headers: table });
    expect(listOf(body.columnDefinitions).map(({ name, priority }) => [name, priority])).toEqual([
      ['Name', 0],
      ['Color', 0],
      ['Replicas', 1],
    ]);
    expect(listOf(body.rows).map(({ cells }) => cells)).toEqual([['a', 'blue', 4]]);
    expect((await server.ask(`GET ${path}?fieldSelector=spec.size%3D1`)).status).toBe(400);
  });

  it('is applied by several, who own what they asked for', async () => {
    const apply = async (manager: string, spec: object, force = false) =>
      server.ask(`PATCH ${path}/a?fieldManager=${manager}&force=${String(force)}`, {
        body: gear('a', spec),
        headers: { 'content-type': 'application/apply-patch+yaml' },
      });
    expect((await apply('one', { color: 'blue', ports: [{ name: 'a', number: 1 }] })).status).toBe(201);
    expect((await apply('two', { ports: [{ name: 'b', number: 2 }] })).status).toBe(200);
    const conflict = await apply('two', { color: 'red' });
    expect([conflict.status, conflict.body.reason]).toEqual([409, 'Conflict']);
    const { body } = await apply('one', { color: 'blue' });
    expect(body.spec).toEqual({ color: 'blue', ports: [{ name: 'b', number: 2 }] });
  });

  it('takes no strategic merge patch, and no protobuf', async () => {
    await server.ask(`POST ${path}`, { body: gear('a') });
    const headers = { 'content-type': 'application/strategic-merge-patch+json' };
    const { status, body } = await server.ask(`PATCH ${path}/a`, { body: {}, headers });
    expect(status).toBe(415);
    expect(body.message).toBe(
      'the body of the request was in an unknown format - accepted media types include: ' +
        'application/json-patch+json, application/merge-patch+json, application/apply-patch+yaml',
    );
    const binary = { accept: 'application/vnd.kubernetes.protobuf' };
    expect((await server.ask(`GET ${path}/a`, { headers: binary })).status).toBe(406);
  });

  it('says what it is', async () => {
    const other = await server.ask(`POST ${path}`, { body: { ...gear('a'), kind: 'Cog' } });
    expect(other.body.message).toBe('Cog.shop.example.com "a" is invalid: kind: Invalid value: "Cog": must be Gear');
    const elsewhere = await server.ask(`POST ${path}`, { body: { ...gear('a'), apiVersion: 'v1' } });
    expect(elsewhere.body.message).toBe(
      'the API version in the data (v1) does not match the expected API version (shop.example.com/v1)',
    );
  });

  it('is an object of its own whatever its fields are called', async () => {
    const body = `{"apiVersion":"shop.example.com/v1","kind":"Gear","metadata":{"name":"a"},"spec":{"free":{"__proto__":{"x":1},"constructor":2}}}`;
    expect((await server.ask(`POST ${path}`, { body })).status).toBe(201);
    const { body: stored } = await server.ask(`GET ${path}/a`);
    expect(Object.keys(stored.spec.free as object)).toEqual(['__proto__', 'constructor']);
    expect(({} as { x?: number }).x).toBeUndefined();
  });

  it('may stay wrong where it was wrong before', async () => {
    await server.ask(`POST ${path}`, { body: gear('a', { color: 'blue' }) });
    const { versions } = gears().spec;
    const stricter = structuredClone(versions);
    const { spec } = stricter[0]!.schema.openAPIV3Schema.properties as { spec: { properties: { color: object } } };
    spec.properties.color = { type: 'string', enum: ['red'] };
    await server.ask(`PATCH ${own}`, { body: { spec: { versions: stricter } }, headers: merge });
    await until(
      async () => (await server.ask(`POST ${path}?dryRun=All`, { body: gear('b', { color: 'blue' }) })).status === 422,
    );
    const kept = await server.ask(`PATCH ${path}/a`, { body: { spec: { replicas: 1 } }, headers: merge });
    expect([kept.status, kept.body.spec.color]).toEqual([200, 'blue']);
  });
});

describe('a resource of several versions', () => {
  const second = { ...gearVersion, name: 'v2', storage: false };
  const later = path.replace('/v1/', '/v2/');

  it('is stored in one and served in all', async () => {
    await define({ versions: [{ ...gearVersion, deprecated: true }, second] });
    const made = await server.ask(`POST ${later}`, { body: { ...gear('a'), apiVersion: 'shop.example.com/v2' } });
    expect([made.status, made.body.apiVersion]).toEqual([201, 'shop.example.com/v2']);
    const key = { resource: 'gears.shop.example.com', namespace: 'default', name: 'a' };
    expect((await server.store.get(key)).object.apiVersion).toBe('shop.example.com/v1');
    const old = await server.ask(`GET ${path}/a`);
    expect(old.body.apiVersion).toBe('shop.example.com/v1');
    expect(JSON.stringify(old.headers)).toContain(
      'shop.example.com/v1 Gear is deprecated; use shop.example.com/v2 Gear',
    );
    const { body } = await server.ask('GET /apis/shop.example.com');
    expect(listOf(body.versions).map(({ version }) => version)).toEqual(['v2', 'v1']);
  });

  it('gets the defaults of the version that it is stored in, whatever version is asked for', async () => {
    const open = { openAPIV3Schema: { type: 'object', 'x-kubernetes-preserve-unknown-fields': true } };
    const loose = { name: 'v2', served: true, storage: false, schema: open };
    await define({ versions: [gearVersion, loose] });
    const body = { ...gear('a', { unknown: 1 }), apiVersion: 'shop.example.com/v2' };
    expect((await server.ask(`POST ${later}`, { body })).body.spec).toEqual({ color: 'red' });
    expect((await server.ask(`GET ${later}/a`)).body.spec).toEqual({ color: 'red' });
  });

  it('remembers the versions that objects may be stored in', async () => {
    await define({ versions: [gearVersion, second] });
    await server.ask(`POST ${path}`, { body: gear('a') });
    const versions = [
      { ...gearVersion, storage: false },
      { ...second, storage: true },
    ];
    const changed = await server.ask(`PATCH ${own}`, { body: { spec: { versions } }, headers: merge });
    expect(changed.body.status.storedVersions).toEqual(['v1', 'v2']);
    expect((await server.ask(`GET ${later}/a`)).body.apiVersion).toBe('shop.example.com/v2');
    const gone = await server.ask(`PATCH ${own}`, { body: { spec: { versions: [versions[1]] } }, headers: merge });
    expect(gone.body.message).toContain('status.storedVersions[0]: Invalid value: "v1": missing from spec.versions');
  });
});

describe('a resource that a webhook converts', () => {
  const conversion = {
    strategy: 'Webhook',
    webhook: { conversionReviewVersions: ['v1'], clientConfig: { url: 'https://converter.example.com' } },
  };
  const second = { ...gearVersion, name: 'v2', storage: false };

  interface Colored {
    readonly spec: { readonly color: string };
  }

  const converting = (change: (spec: Colored['spec']) => object): Caller => ({
    async post(_, body) {
      const { request } = JSON.parse(body.toString()) as {
        request: { uid: string; desiredAPIVersion: string; objects: Colored[] };
      };
      const apiVersion = request.desiredAPIVersion;
      const convertedObjects = request.objects.map((one) => ({ ...one, apiVersion, spec: change(one.spec) }));
      const response = { uid: request.uid, result: { status: 'Success' }, convertedObjects };
      return { status: 200, body: Buffer.from(JSON.stringify({ kind: 'ConversionReview', response })) };
    },
  });

  /** Says of what it has converted that it has. */
  const caller = converting((spec) => ({ ...spec, free: { by: 'webhook' } }));

  it('is read, listed, watched and written in both versions', async () => {
    await using other = await startTestServer({ deps: { caller } });
    await other.ask(`POST ${crds}`, { body: gears({ versions: [gearVersion, second], conversion }) });
    await until(async () => (await other.ask(`POST ${path}`, { body: gear('a') })).status === 201);
    const later = path.replace('/v1/', '/v2/');
    expect((await other.ask(`GET ${path}/a`)).body.spec).toEqual({ color: 'red' });
    expect((await other.ask(`GET ${later}/a`)).body.spec).toEqual({ color: 'red', free: { by: 'webhook' } });
    const listed = await other.ask(`GET ${later}`);
    expect(listOf(listed.body.items)).toMatchObject([
      { apiVersion: 'shop.example.com/v2', spec: { free: { by: 'webhook' } } },
    ]);
    const watched = await other.ask(`GET ${later}?watch=true&timeoutSeconds=1&resourceVersion=0`);
    expect(watched.body).toMatchObject({ type: 'ADDED', object: { apiVersion: 'shop.example.com/v2' } });
    const changed = await other.ask(`PATCH ${later}/a`, { body: { spec: { replicas: 2 } }, headers: merge });
    expect(changed.body).toMatchObject({ apiVersion: 'shop.example.com/v2', spec: { replicas: 2 } });
  });

  /** In the second version everything has the other colour. */
  const swapping = converting((spec) => ({ ...spec, color: spec.color === 'red' ? 'blue' : 'red' }));

  it('is selected by the fields of the version that is asked for', async () => {
    await using other = await startTestServer({ deps: { caller: swapping } });
    await other.ask(`POST ${crds}`, { body: gears({ versions: [gearVersion, second], conversion }) });
    const colored = (name: string, color: string): object => ({ ...gear(name), spec: { color } });
    await until(async () => (await other.ask(`POST ${path}`, { body: colored('a', 'red') })).status === 201);
    for (const name of ['b', 'c']) await other.ask(`POST ${path}`, { body: colored(name, 'blue') });
    await other.ask(`POST ${path}`, { body: colored('d', 'red') });
    const later = path.replace('/v1/', '/v2/');
    const blue = `${later}?fieldSelector=spec.color%3Dblue`;
    const names = (body: unknown): readonly string[] =>
      listOf<KubeObject>((body as { items: unknown }).items).map(({ metadata }) => metadata.name);

    const { body: all } = await other.ask(`GET ${blue}`);
    expect(names(all)).toEqual(['a', 'd']);
    const { body: page } = await other.ask(`GET ${later}?fieldSelector=spec.color%3Dred&limit=1`);
    expect(names(page)).toEqual(['b']);
    const { body: rest } = await other.ask(
      `GET ${later}?fieldSelector=spec.color%3Dred&limit=2&continue=${page.metadata.continue}`,
    );
    expect(names(rest)).toEqual(['c']);

    await other.ask(`PATCH ${path}/a`, { body: { spec: { color: 'blue' } }, headers: merge });
    await other.ask(`PATCH ${path}/b`, { body: { spec: { color: 'red' } }, headers: merge });
    await other.ask(`PATCH ${later}/d`, { body: { spec: { replicas: 1 } }, headers: merge });
    const since = `resourceVersion=${all.metadata.resourceVersion}&watch=true&timeoutSeconds=1`;
    const { body: seen } = await other.ask(`GET ${blue}&${since}`);
    const lines = (seen as string).trim().split('\n');
    const events = lines.map((line) => JSON.parse(line) as { type: string; object: KubeObject });
    expect(events.map(({ type, object }) => `${type} ${object.metadata.name}`)).toEqual([
      'DELETED a',
      'ADDED b',
      'MODIFIED d',
    ]);
    expect(events[0]?.object).toMatchObject({ apiVersion: 'shop.example.com/v2', spec: { color: 'blue' } });

    const gone = await other.ask(`DELETE ${blue}`);
    expect(names(gone.body)).toEqual(['b', 'd']);
    expect(names((await other.ask(`GET ${path}`)).body)).toEqual(['a', 'c']);
  });
});
