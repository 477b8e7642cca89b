import { startTestServer, until, type TestServer } from '../testing/server';
import { gear, gears, gearVersion } from './testing';

const crds = '/apis/apiextensions.k8s.io/v1/customresourcedefinitions';
const path = '/apis/shop.example.com/v1/namespaces/default/gears';

let server: TestServer;
beforeAll(async () => {
  server = await startTestServer();
  await server.ask(`POST ${crds}`, { body: gears() });
  await until(async () => (await server.ask(`GET ${path}`)).status === 200);
});
afterAll(() => server[Symbol.asyncDispose]());

const nested = (levels: number): string =>
  `${'{"type":"object","properties":{"a":'.repeat(levels)}{"type":"string"}${'}}'.repeat(levels)}`;

const definition = (schema: string): string =>
  JSON.stringify({
    ...gears({ names: { plural: 'cogs', kind: 'Cog' } }),
    metadata: { name: 'cogs.shop.example.com' },
  }).replace(JSON.stringify(gearVersion.schema.openAPIV3Schema), schema);

const post = async (body: string): Promise<number> => (await server.ask(`POST ${crds}?dryRun=All`, { body })).status;

describe('a hostile definition', () => {
  it.each([
    ['nests its schema deeper than anything is read', nested(2000), 400],
    [
      'has a pattern that is none',
      '{"type":"object","properties":{"a":{"type":"string","pattern":"(a{1000}){1000}"}}}',
      422,
    ],
    [
      'has a pattern that looks back',
      String.raw`{"type":"object","properties":{"a":{"type":"string","pattern":"(a)\\1"}}}`,
      422,
    ],
    [
      'has rules that cost too much',
      '{"type":"object","properties":{"a":{"type":"array","items":{"type":"array","items":{"type":"string"}},"x-kubernetes-validations":[{"rule":"self.all(x, x.all(y, self.all(z, z.all(w, w != y))))"}]}}}',
      422,
    ],
  ])('that %s is refused', async (_, schema, status) => {
    expect(await post(definition(schema))).toBe(status);
  });
});

describe('a hostile object', () => {
  const create = async (body: string | object): Promise<number> =>
    (await server.ask(`POST ${path}?dryRun=All`, { body })).status;

  it.each<[string, string | object, number]>([
    [
      'nests deeper than anything is read',
      `{"apiVersion":"shop.example.com/v1","kind":"Gear","spec":${'{"free":'.repeat(3000)}1${'}'.repeat(3000)}}`,
      400,
    ],
    ['has metadata that is none', { ...gear('a'), metadata: ['a'] }, 400],
    ['is a list', '[]', 400],
    [
      'has keys of every object',
      `{"apiVersion":"shop.example.com/v1","kind":"Gear","metadata":{"name":"a"},"__proto__":{"spec":1},"constructor":{"prototype":1}}`,
      201,
    ],
    [
      'has two of a key in a long list',
      gear('a', { ports: Array.from({ length: 20_000 }, (_, at) => ({ name: `${at % 19_999}` })) }),
      422,
    ],
  ])('that %s is answered', async (_, body, status) => {
    expect(await create(body)).toBe(status);
    expect(({} as { spec?: unknown }).spec).toBeUndefined();
  });

  it('may be changed in a long list', async () => {
    const ports = Array.from({ length: 10_000 }, (_, at) => ({ name: `p${at}` }));
    expect((await server.ask(`POST ${path}`, { body: gear('long', { ports }) })).status).toBe(201);
    const headers = { 'content-type': 'application/merge-patch+json' };
    const body = { spec: { ports: [...ports, { name: 'more' }] } };
    expect((await server.ask(`PATCH ${path}/long`, { body, headers })).status).toBe(200);
  });
});
