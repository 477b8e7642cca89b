import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { objectOf, outcomeOf, type Outcome, type Refusal } from './testing/outcome';
import { configMaps, newWorld, type World } from './testing/world';

interface Recorded {
  readonly request: string;
  readonly accept?: string;
  readonly answer: Outcome & { readonly afterMs?: number };
}

/** What upstream 1.36 answered. Each line of a file is an answer and the requests that got it. */
function recorded(file: string): readonly Recorded[] {
  const lines = readFileSync(join(__dirname, 'testdata', file), 'utf8')
    .trim()
    .split('\n');
  return lines.flatMap((line) => {
    const { requests, ...rest } = JSON.parse(line) as Omit<Recorded, 'request'> & { requests: readonly string[] };
    return requests.map((request) => ({ request, ...rest }));
  });
}

/** Numbers that are different in every cluster. */
const masked = (answer: object): object =>
  JSON.parse(
    JSON.stringify(answer)
      .replaceAll(/current: \d+/g, 'current: <current>')
      .replaceAll(/\(\d+\)/g, '(<oldest>)')
      .replaceAll(/"continue":"[^"]+"/g, '"continue":"<continue>"'),
  ) as object;

const token = (content: string): string => Buffer.from(content).toString('base64url');

async function answerTo({ rig, current }: World, request: string, accept = 'application/json'): Promise<object> {
  const asked = request
    .replaceAll('<current>', String(current))
    .replace(/<(\{.*\})>/, (_, json: string) => token(json));
  const { outcome, afterMs } = await outcomeOf(rig, asked, { headers: { accept } });
  return { ...masked(outcome), afterMs };
}

/** All that was recorded of an answer: of the long ones only that they came, of most not how long they took. */
const asRecorded = (answer: Recorded['answer'], given: object): object =>
  'message' in answer || 'events' in answer
    ? { ...given, afterMs: answer.afterMs }
    : Object.fromEntries(Object.entries(given).filter(([name]) => name in answer));

/**
 * Where we answer otherwise, and why: events are in the watch cache like everything else here, so a list of them
 * waits for a revision as any other list does, and may be told when to come again.
 */
const otherwise = new Map([
  [
    'GET /api/v1/namespaces/rv/events?resourceVersion=999999999',
    {
      details: {
        causes: [{ reason: 'ResourceVersionTooLarge', message: 'Too large resource version' }],
        retryAfterSeconds: 1,
      },
    },
  ],
]);

describe('a read is answered as upstream answers it', () => {
  let world: World;
  beforeAll(async () => {
    world = await newWorld();
  });

  it.each(recorded('resource-version.jsonl').map(({ request, answer }) => [request, answer] as const))(
    '%s',
    async (request, answer) => {
      const given = await answerTo(world, request);
      expect(asRecorded(answer, given)).toEqual({ ...answer, ...otherwise.get(request) });
    },
  );
});

describe('a read of what is compacted is answered as upstream answers it', () => {
  interface Past extends World {
    readonly tokens: ReadonlyMap<string, string>;
    readonly old: number;
  }

  /** Pages are begun; then history goes on, and what led here is forgotten. */
  async function newPast(): Promise<Past> {
    const world = await newWorld();
    const { rig } = world;
    for (const name of ['a', 'b', 'c', 'd']) {
      await rig.ask('POST /apis/rbac.authorization.k8s.io/v1/clusterroles', { body: { metadata: { name } } });
    }
    const old = rig.store.revision;
    const tokens = new Map<string, string>();
    for (const [path, limit] of [
      ['/api/v1/configmaps', 1],
      ['/apis/rbac.authorization.k8s.io/v1/clusterroles', 3],
    ] as const) {
      const { metadata } = objectOf(await rig.open(`GET ${path}?limit=${limit}`));
      tokens.set(path, metadata.continue ?? '');
    }
    for (const path of [
      configMaps,
      '/apis/rbac.authorization.k8s.io/v1/clusterroles',
      '/apis/example.com/v1/gadgets',
    ]) {
      await rig.ask(`POST ${path}`, { body: { metadata: { name: 'later' } } });
    }
    await rig.store.compact(rig.store.revision);
    return { ...world, tokens, old };
  }

  it.each(
    recorded('resource-version-expired.jsonl').map(
      ({ request, accept, answer }) => [request, { accept, answer }] as const,
    ),
  )('%s', async (request, { accept, answer }) => {
    const past = await newPast();
    const path = request.replace(/^GET (.*)\?.*$/, '$1');
    const expired = past.tokens.get(path) ?? '';
    let asked = request.replace('<expired>', expired).replace('<old>', String(past.old));
    if (request.includes('<fresh>')) {
      const refused = (await outcomeOf(past.rig, request.replace('<fresh>', expired))).outcome as Refusal;
      asked = request.replace('<fresh>', refused.metadata?.continue ?? '');
    }
    expect(asRecorded(answer, await answerTo(past, asked, accept))).toEqual(answer);
  });
});
