import { codeOf } from '@kubephant/api';
import { objectOf, outcomeOf, type Concluded, type EventOutcome, type Outcome, type Refusal } from './testing/outcome';
import type { Rig } from './testing/rig';
import { configMaps, newWorld } from './testing/world';

type Options = Readonly<Record<string, string | undefined>>;
type Values = Readonly<Record<string, readonly (string | undefined)[]>>;

/** Every combination of the values. */
function combinations(values: Values): Options[] {
  return Object.entries(values).reduce<Options[]>(
    (before, [name, choices]) => before.flatMap((one) => choices.map((choice) => ({ ...one, [name]: choice }))),
    [{}],
  );
}

const queryOf = (options: Options): string => {
  const query = new URLSearchParams();
  for (const [name, value] of Object.entries(options)) if (value !== undefined) query.set(name, value);
  return query.toString();
};

/** A world whose beginning is compacted: its revisions are compacted, old, current. */
interface Past {
  readonly rig: Rig;
  readonly compacted: string;
  readonly old: string;
  readonly current: string;
  readonly tokens: Readonly<Record<string, string>>;
}

async function tokenOf(rig: Rig, path: string): Promise<string> {
  return objectOf(await rig.open(`GET ${path}?limit=1`)).metadata.continue ?? '';
}

async function newPast(): Promise<Past> {
  const { rig, current } = await newWorld();
  const expired = await tokenOf(rig, configMaps);
  const create = (path: string, name: string) => rig.ask(`POST ${path}`, { body: { metadata: { name } } });
  await create(configMaps, 'four');
  await rig.store.compact(current + 1);
  for (const name of ['five', 'six']) await create(configMaps, name);
  for (const name of ['f', 'g']) await create('/apis/rbac.authorization.k8s.io/v1/clusterroles', name);
  for (const name of ['one', 'two']) await create('/api/v1/namespaces/other/secrets', name);
  const valid = await tokenOf(rig, configMaps);
  const tokens = {
    valid,
    expired,
    tampered: `${valid.slice(0, -4)}AAAA`,
    everywhere: await tokenOf(rig, '/api/v1/configmaps'),
    otherResource: await tokenOf(rig, '/apis/rbac.authorization.k8s.io/v1/clusterroles'),
    otherNamespace: await tokenOf(rig, '/api/v1/namespaces/other/secrets'),
    garbage: 'garbage!',
  };
  return { rig, compacted: '1', old: String(current + 2), current: String(rig.store.revision), tokens };
}

const malformed = ['abc', '-1', '1.5', '18446744073709551616'];
const revisionsIn = ({ compacted, old, current }: Past) => [
  undefined,
  '0',
  compacted,
  old,
  current,
  '999999999',
  '9223372036854775808',
  ...malformed,
];
const matches = [undefined, 'Exact', 'NotOlderThan', 'garbage'];

let past: Past;
beforeAll(async () => {
  past = await newPast();
});

const isRefusal = (outcome: Outcome): outcome is Refusal => outcome.code !== 200;

/** What holds for every refusal; undefined when it does. */
function wrongRefusal(
  { code, reason, message }: Refusal,
  revision: string | undefined,
  allowed: readonly number[],
): string | undefined {
  if (!allowed.includes(code)) return `answers ${code}`;
  if (!message) return 'says nothing';
  if (code === 500) return malformed.includes(revision ?? '') && !reason ? undefined : 'is an internal error';
  return codeOf[reason as keyof typeof codeOf] === code ? undefined : `${code} has the reason ${reason}`;
}

/** Asks every combination; how often which code is the answer, and what is wrong with answers. */
async function wrongAnswers(
  path: string,
  values: Values,
  wrong: (concluded: Concluded<Outcome>, options: Options) => string | undefined,
): Promise<{ readonly codes: Readonly<Record<number, number>>; readonly wrong: readonly string[] }> {
  const found: string[] = [];
  const codes: Record<number, number> = {};
  for (const options of combinations(values)) {
    const request = `${path}?${queryOf(options)}`;
    const concluded = await outcomeOf(past.rig, request);
    const { code } = concluded.outcome;
    codes[code] = (codes[code] ?? 0) + 1;
    const why = wrong(concluded, options);
    if (why) found.push(`${request} ${why}`);
  }
  return { codes, wrong: found };
}

describe('every combination of options', () => {
  it('of a get is answered', async () => {
    const values = { resourceVersion: revisionsIn(past), resourceVersionMatch: matches, limit: [undefined, '1'] };
    const result = await wrongAnswers(`GET ${configMaps}/one`, values, ({ outcome, afterMs }, { resourceVersion }) => {
      if (afterMs !== (outcome.code === 504 ? 3000 : 0)) return `takes ${afterMs} ms`;
      return isRefusal(outcome) ? wrongRefusal(outcome, resourceVersion, [500, 504]) : undefined;
    });
    expect(result).toEqual({ codes: { 200: 40, 500: 32, 504: 16 }, wrong: [] });
  });

  it.each([
    ['GET', configMaps, 56, 10],
    ['GET', '/api/v1/configmaps', 56, 10],
    // A list of one by its name is not a page, so that a limit does not make it exact.
    ['GET', `${configMaps}?fieldSelector=metadata.name%3Dtwo`, 57, 9],
    ['DELETE', `${configMaps}?labelSelector=none`, 56, 10],
  ] as const)('of %s %s is answered', async (method, place, served, expired) => {
    const [path = '', selector = ''] = place.split('?');
    const values = {
      ...Object.fromEntries([...new URLSearchParams(selector)].map(([name, value]) => [name, [value]])),
      resourceVersion: revisionsIn(past),
      resourceVersionMatch: matches,
      limit: [undefined, '1', '-1'],
      continue: [undefined, ...Object.values(past.tokens)],
      sendInitialEvents: [undefined, 'true'],
    };
    const result = await wrongAnswers(`${method} ${path}`, values, wrongList);
    expect(result).toEqual({ codes: { 200: served, 400: 237, 410: expired, 422: 1791, 504: 18 }, wrong: [] });
  });

  it.each([
    [configMaps, { 200: 104, 422: 888, 500: 64 }],
    ['/api/v1/configmaps', { 200: 104, 422: 888, 500: 64 }],
    ['/api/v1/watch/namespaces/rv/configmaps', { 200: 100, 422: 892, 500: 64 }],
    ['/api/v1/watch/namespaces/rv/configmaps/two', { 200: 100, 422: 892, 500: 64 }],
  ])('of a watch of %s is answered and comes to an end', async (path, codes) => {
    const values = {
      ...(!path.includes('/watch/') && { watch: ['1'] }),
      resourceVersion: revisionsIn(past),
      resourceVersionMatch: matches,
      sendInitialEvents: [undefined, 'true', 'false'],
      allowWatchBookmarks: [undefined, '1'],
      timeoutSeconds: ['5', '-1'],
      continue: [undefined, 'garbage!'],
    };
    const result = await wrongAnswers(`GET ${path}`, values, wrongWatch);
    expect(result).toEqual({ codes, wrong: [] });
  });
});

describe('the form that is asked for', () => {
  const meta = 'g=meta.k8s.io;v=v1';
  const values = () => ({ resourceVersion: revisionsIn(past), resourceVersionMatch: matches, limit: [undefined, '1'] });

  it.each([
    `application/json;as=Table;${meta}`,
    `application/json;as=PartialObjectMetadataList;${meta}`,
    'application/yaml',
  ])('does not change how a list is answered: %s', async (accept) => {
    for (const options of combinations(values())) {
      const request = `GET ${configMaps}?${queryOf(options)}`;
      const plain = await outcomeOf(past.rig, request);
      const { outcome, afterMs } = await outcomeOf(past.rig, request, { headers: { accept } });
      expect([request, outcome.code, afterMs]).toEqual([request, plain.outcome.code, plain.afterMs]);
      if (isRefusal(outcome)) expect(outcome).toEqual(plain.outcome);
    }
  });

  it.each([`application/json;as=Table;${meta}`, `application/json;as=PartialObjectMetadata;${meta}`])(
    'does not change how a watch is answered: %s',
    async (accept) => {
      const watches = {
        ...values(),
        limit: ['1'],
        sendInitialEvents: [undefined, 'true'],
        allowWatchBookmarks: [undefined, '1'],
      };
      for (const options of combinations(watches)) {
        const request = `GET ${configMaps}?watch=1&timeoutSeconds=5&${queryOf(options)}`;
        const plain = await outcomeOf(past.rig, request);
        const formed = await outcomeOf(past.rig, request, { headers: { accept } });
        expect([request, told(formed)]).toEqual([request, told(plain)]);
      }
    },
  );
});

/** Of events, what they are: their objects differ by form. */
const told = ({ outcome, afterMs }: Concluded<Outcome>): object => ({
  ...outcome,
  afterMs,
  ...('events' in outcome && {
    events: outcome.events.map((event) => (typeof event === 'string' ? event.split(' ', 1).join('') : event)),
  }),
});

/** What no list may be served with. */
const forbidden: readonly ((options: Options) => boolean)[] = [
  ({ sendInitialEvents }) => sendInitialEvents !== undefined,
  ({ resourceVersionMatch }) => resourceVersionMatch === 'garbage',
  ({ resourceVersion = '' }) => malformed.includes(resourceVersion),
  ({ resourceVersion, resourceVersionMatch }) => resourceVersionMatch !== undefined && resourceVersion === undefined,
  ({ resourceVersion, resourceVersionMatch }) => resourceVersionMatch === 'Exact' && resourceVersion === '0',
  ({ continue: token, resourceVersionMatch }) => token !== undefined && resourceVersionMatch !== undefined,
  ({ continue: token, resourceVersion = '0' }) => token !== undefined && resourceVersion !== '0',
  ({ continue: token = '' }) => ['tampered', 'garbage', 'expired'].some((name) => past.tokens[name] === token),
];

function wrongList({ outcome, afterMs }: Concluded<Outcome>, options: Options): string | undefined {
  const { resourceVersion, limit, continue: token } = options;
  if (afterMs !== (outcome.code === 504 ? 3000 : 0)) return `takes ${afterMs} ms`;
  if (isRefusal(outcome)) return wrongRefusal(outcome, undefined, [400, 410, 422, 504]);
  if (!('kind' in outcome) || outcome.kind !== 'ConfigMapList') return 'is no list';
  if (forbidden.some((rule) => rule(options))) return 'is served';
  const paged = limit === '1' && (resourceVersion !== '0' || token !== undefined);
  return paged && (outcome.items ?? 0) > 1 ? `has ${outcome.items} items` : undefined;
}

function wrongWatch({ outcome, afterMs }: Concluded<Outcome>, options: Options): string | undefined {
  const { resourceVersion, allowWatchBookmarks } = options;
  if (isRefusal(outcome))
    return afterMs > 0 ? `takes ${afterMs} ms` : wrongRefusal(outcome, resourceVersion, [400, 422, 500]);
  if (!('events' in outcome)) return 'is no watch';
  if (malformed.includes(resourceVersion ?? '')) return 'is served';
  if (afterMs > 8000) return `takes ${afterMs} ms`;
  return wrongEvents(outcome.events, allowWatchBookmarks !== undefined);
}

function wrongEvents(events: readonly EventOutcome[], bookmarks: boolean): string | undefined {
  const kinds = events.map((event) => (typeof event === 'string' ? event.split(' ', 1).join('') : 'ERROR'));
  if (!bookmarks && kinds.includes('BOOKMARK')) return 'has a bookmark';
  if (kinds.indexOf('ERROR') >= 0 && kinds.indexOf('ERROR') < kinds.length - 1) return 'goes on after an error';
  if (events.filter((event) => event === 'BOOKMARK end').length > 1) return 'begins twice';
  return undefined;
}
