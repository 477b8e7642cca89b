import { codeOf, StatusError } from '@kubephant/api';
import { concluded, objectOf, type Listing } from './testing/outcome';
import type { Rig } from './testing/rig';
import { newWorld } from './testing/world';

const roles = '/apis/rbac.authorization.k8s.io/v1/clusterroles';
const namespaces = ['a', 'a-b', 'a.c', 'b', 'r', 'rv', 'rv-2', 'rw'];

/** Objects of three resources, of which one list has only a few in its scope. */
async function newNeighbourhood(): Promise<Rig> {
  const { rig } = await newWorld();
  const create = (path: string, name: string) => rig.ask(`POST ${path}`, { body: { metadata: { name } } });
  for (const namespace of namespaces) {
    for (const name of ['m', 'z']) {
      await create(`/api/v1/namespaces/${namespace}/configmaps`, name);
      await create(`/api/v1/namespaces/${namespace}/secrets`, name);
    }
  }
  for (const name of ['rv', 'rv:m', 'z']) await create(roles, name);
  return rig;
}

interface Scope {
  readonly path: string;
  readonly kind: string;
  readonly contains: (namespace: string | undefined) => boolean;
}

const scopes: readonly Scope[] = [
  { path: '/api/v1/namespaces/rv/configmaps', kind: 'ConfigMapList', contains: (namespace) => namespace === 'rv' },
  { path: '/api/v1/namespaces/rv/secrets', kind: 'SecretList', contains: (namespace) => namespace === 'rv' },
  { path: '/api/v1/configmaps', kind: 'ConfigMapList', contains: (namespace) => namespace !== undefined },
  { path: roles, kind: 'ClusterRoleList', contains: (namespace) => namespace === undefined },
];

/** The same numbers for the same seed. */
function newRandom(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state % below;
  };
}

type Random = ReturnType<typeof newRandom>;
const oneOf = <T>(random: Random, items: readonly T[]): T => items[random(items.length)] as T;

const base64url = (content: unknown): string =>
  Buffer.from(typeof content === 'string' ? content : JSON.stringify(content)).toString('base64url');

interface Content {
  readonly v: string;
  readonly rv: number;
  readonly start: string;
}
const contentOf = (token: string): Content => JSON.parse(Buffer.from(token, 'base64url').toString()) as Content;

const keys = [
  '../secrets/rv/m',
  '/rv/m',
  '/',
  'rv/../a/m',
  '..',
  '.',
  'a/m\0',
  'rw/m',
  '\0',
  '\u{10ffff}',
  '0',
  '-',
  '~',
  ' ',
];
const revisions = [-1, -7, 1, 2, 9, 2 ** 40, 2 ** 53, 2 ** 62, 1e30, 0, 1.5, '1', null, [], {}];

/** Every way to spoil a token, each at a place that chance chooses. */
const mutations: Readonly<Record<string, (token: string, random: Random) => string>> = {
  'one character is another': (token, random) => {
    const at = random(token.length);
    return token.slice(0, at) + oneOf(random, 'AZaz09-_%=/+ '.split('')) + token.slice(at + 1);
  },
  'some characters are missing': (token, random) => {
    const at = random(token.length);
    return token.slice(0, at) + token.slice(at + 1 + random(4));
  },
  'it is cut': (token, random) => token.slice(0, random(token.length)),
  'it is twice': (token) => token + token,
  'a byte of its content is another': (token, random) => {
    const bytes = Buffer.from(token, 'base64url');
    bytes[random(bytes.length)] = random(256);
    return bytes.toString('base64url');
  },
  'its key is another': (token, random) => base64url({ ...contentOf(token), start: oneOf(random, keys) }),
  'its key has more to it': (token, random) => {
    const { start, ...rest } = contentOf(token);
    return base64url({ ...rest, start: oneOf(random, keys) + oneOf(random, ['', '/']) + start });
  },
  'its revision is another': (token, random) => base64url({ ...contentOf(token), rv: oneOf(random, revisions) }),
};

async function ask(rig: Rig, path: string): Promise<Listing | StatusError> {
  const { outcome } = await concluded(rig.clock, async () => {
    try {
      return objectOf(await rig.open(`GET ${path}`));
    } catch (err) {
      if (err instanceof StatusError) return err;
      throw err;
    }
  });
  return outcome;
}

describe('a continue token', () => {
  let rig: Rig;
  let tokens: readonly string[];
  beforeAll(async () => {
    rig = await newNeighbourhood();
    const limits = [1, 3];
    const first = scopes.flatMap(({ path }) => limits.map((limit) => rig.open(`GET ${path}?limit=${limit}`)));
    tokens = (await Promise.all(first)).flatMap((reply) => objectOf(reply).metadata.continue ?? []);
    expect(tokens.length).toBeGreaterThan(4);
  });

  it.each(Object.keys(mutations))('of which %s gives nothing from outside of the list', async (name) => {
    const random = newRandom(name.length);
    const codes = new Set<number>();
    for (let round = 0; round < 400; round++) {
      const token = (mutations[name] as (token: string, random: Random) => string)(oneOf(random, tokens), random);
      const { path, kind, contains } = oneOf(random, scopes);
      const answer = await ask(rig, `${path}?limit=${1 + random(9)}&continue=${encodeURIComponent(token)}`);
      const refused = answer instanceof StatusError;
      codes.add(refused ? answer.code : 200);
      if (refused)
        expect([answer.code, answer.reason]).toEqual([codeOf[answer.reason as keyof typeof codeOf], answer.reason]);
      else
        expect([answer.kind, answer.items?.filter(({ metadata }) => !contains(metadata.namespace))]).toEqual([
          kind,
          [],
        ]);
    }
    expect([...codes].filter((code) => ![200, 400, 410, 504].includes(code))).toEqual([]);
    expect(codes).toContain(400);
  });

  it('of another list is only a place in this one', async () => {
    for (const token of tokens) {
      for (const { path, kind, contains } of scopes) {
        const answer = await ask(rig, `${path}?continue=${token}`);
        if (answer instanceof StatusError) throw answer;
        expect([answer.kind, answer.items?.every(({ metadata }) => contains(metadata.namespace))]).toEqual([
          kind,
          true,
        ]);
      }
    }
  });
});

describe('pages', () => {
  const paged = async (rig: Rig, query: string): Promise<readonly unknown[]> => {
    const { metadata, items = [] } = objectOf(await rig.open(`GET /api/v1/namespaces/rv/configmaps?${query}`));
    return [
      items.map((item) => item.metadata.name).join(' '),
      metadata.remainingItemCount,
      metadata.continue !== undefined,
    ];
  };

  it.each([
    ['limit=2', ['m one', 3, true]],
    ['limit=5', ['m one three two z', undefined, false]],
    ['limit=0', ['m one three two z', undefined, false]],
    ['limit=-1', ['m one three two z', undefined, false]],
    ['limit=2&resourceVersion=0', ['m one three two z', undefined, false]],
    ['limit=2&resourceVersion=4', ['one three', 1, true]],
    ['limit=2&resourceVersion=4&resourceVersionMatch=Exact', ['one three', 1, true]],
    ['limit=2&resourceVersion=4&resourceVersionMatch=NotOlderThan', ['m one', 3, true]],
    ['limit=2&labelSelector=', ['m one', 3, true]],
    ['limit=2&labelSelector=!x', ['m one', undefined, true]],
    ['limit=2&fieldSelector=metadata.name!%3Dm', ['one three', undefined, true]],
    ['limit=1&fieldSelector=metadata.name%3Dm', ['m', undefined, false]],
    ['limit=1&resourceVersion=4&fieldSelector=metadata.name%3Dm', ['m', undefined, false]],
  ])('with %s say what is left only where nothing is selected', async (query, expected) => {
    await expect(paged(await newNeighbourhood(), query)).resolves.toEqual(expected);
  });

  it('go on to the end when the limit is left away', async () => {
    const rig = await newNeighbourhood();
    const path = '/api/v1/namespaces/rv/configmaps';
    const token = objectOf(await rig.open(`GET ${path}?limit=2`)).metadata.continue ?? '';
    await expect(paged(rig, `continue=${token}`)).resolves.toEqual(['three two z', undefined, false]);
    await expect(paged(rig, `continue=${token}&resourceVersion=0&limit=1`)).resolves.toEqual(['three', 2, true]);
  });

  it('of nothing are of the newest version all the same', async () => {
    const rig = await newNeighbourhood();
    const revision = String(rig.store.revision);
    for (const query of ['', '?limit=1', '?resourceVersion=0', '?labelSelector=none']) {
      const { metadata, items } = objectOf(await rig.open(`GET /api/v1/namespaces/empty/configmaps${query}`));
      expect([metadata, items]).toEqual([{ resourceVersion: revision }, []]);
    }
  });
});
