import { decodeWatchFrame } from '@kubephant/schema';
import type { Reply } from '@kubephant/serving';
import { newRig, type Asked, type Rig } from './testing/rig';
import { testRows } from './testing/rows';

const configMaps = '/api/v1/namespaces/default/configmaps';
const merge = { 'content-type': 'application/merge-patch+json' };
const table = 'application/json;as=Table;g=meta.k8s.io;v=v1';

interface Watching {
  readonly frames: Uint8Array[];
  readonly reply: Extract<Reply, { kind: 'stream' }>;
  ended(): boolean;
  stop(): Promise<void>;
}

async function watching(rig: Rig, query: string, asked: Asked = {}): Promise<Watching> {
  const end = new AbortController();
  const reply = await rig.open(`GET ${configMaps}?watch=1${query}`, { ...asked, signal: end.signal });
  if (reply.kind !== 'stream') throw new Error(reply.kind);
  const frames: Uint8Array[] = [];
  let ended = false;
  const collecting = (async () => {
    for await (const chunks of reply.chunks) frames.push(...chunks);
    ended = true;
  })();
  await rig.clock.advance(0);
  return {
    frames,
    reply,
    ended: () => ended,
    async stop() {
      await rig.clock.advance(0);
      end.abort();
      await collecting;
    },
  };
}

interface Event {
  readonly type: string;
  readonly object: {
    readonly kind: string;
    readonly metadata: {
      readonly name?: string;
      readonly resourceVersion: string;
      readonly annotations?: Record<string, string>;
    };
    readonly columnDefinitions?: readonly object[] | null;
    readonly rows?: readonly object[];
  };
}

const eventsOf = (frames: readonly Uint8Array[]): Event[] =>
  frames.map((frame) => JSON.parse(Buffer.from(frame).toString()) as Event);

/** `TYPE name revision`, and what a bookmark says. */
const told = (frames: readonly Uint8Array[]): string[] =>
  eventsOf(frames).map(({ type, object: { metadata } }) =>
    [type, metadata.name, metadata.resourceVersion, metadata.annotations?.['k8s.io/initial-events-end'] && 'end']
      .filter(Boolean)
      .join(' '),
  );

/** Everything that can happen to an object: c comes, changes, leaves `x=1`, comes back, is held, goes; d comes and goes. */
async function operate({ ask }: Pick<Rig, 'ask'>): Promise<void> {
  const patch = (body: object) => ask(`PATCH ${configMaps}/c`, { headers: merge, body });
  await ask(`POST ${configMaps}`, { body: { metadata: { name: 'c', labels: { x: '1' } } } });
  await patch({ data: { a: '2' } });
  await patch({ data: { a: '2' } });
  await patch({ metadata: { labels: { x: '2' } } });
  await patch({ data: { a: '3' } });
  await patch({ metadata: { labels: { x: '1' } } });
  await patch({ metadata: { finalizers: ['example.com/h'] } });
  await ask(`DELETE ${configMaps}/c`);
  await patch({ metadata: { finalizers: null } });
  await ask(`POST ${configMaps}`, { body: { metadata: { name: 'd' } } });
  await ask(`DELETE ${configMaps}/d`);
}

async function newWatchRig(): Promise<Rig> {
  const rig = newRig({}, testRows);
  await rig.ask(`POST ${configMaps}`, { body: { metadata: { name: 'a' } } });
  await rig.ask(`POST ${configMaps}`, { body: { metadata: { name: 'b', labels: { x: '1' } } } });
  return rig;
}

const state = ['ADDED a 1', 'ADDED b 2'];
const changes = [
  'ADDED c 3',
  'MODIFIED c 4',
  'MODIFIED c 5',
  'MODIFIED c 6',
  'MODIFIED c 7',
  'MODIFIED c 8',
  'MODIFIED c 9',
  'DELETED c 10',
  'ADDED d 11',
  'DELETED d 12',
];
const ofC = changes.filter((event) => event.includes(' c '));

describe('a watch', () => {
  it.each([
    ['', [...state, ...changes]],
    ['&resourceVersion=0', [...state, ...changes]],
    ['&resourceVersion=2', changes],
    ['&resourceVersion=1', ['ADDED b 2', ...changes]],
    [
      '&labelSelector=x%3D1&resourceVersion=2',
      ['ADDED c 3', 'MODIFIED c 4', 'DELETED c 5', 'ADDED c 7', 'MODIFIED c 8', 'MODIFIED c 9', 'DELETED c 10'],
    ],
    ['&fieldSelector=metadata.name%3Dc', ofC],
    ['&allowWatchBookmarks=1', [...state, 'BOOKMARK 2 end', ...changes]],
    [
      '&allowWatchBookmarks=1&sendInitialEvents=1&resourceVersionMatch=NotOlderThan&resourceVersion=1',
      [...state, 'BOOKMARK 2 end', ...changes],
    ],
    ['&sendInitialEvents=1&resourceVersionMatch=NotOlderThan', [...state, ...changes]],
    ['&sendInitialEvents=0&resourceVersionMatch=NotOlderThan', changes],
    ['&allowWatchBookmarks=1&sendInitialEvents=0&resourceVersionMatch=NotOlderThan&resourceVersion=2', changes],
  ])('with %p is told what happened', async (query, events) => {
    const rig = await newWatchRig();
    const watch = await watching(rig, query);
    await operate(rig);
    await watch.stop();
    expect(told(watch.frames)).toEqual(events);
  });

  it('of one object by the old path is told about that one', async () => {
    const rig = await newWatchRig();
    const end = new AbortController();
    const reply = await rig.open('GET /api/v1/watch/namespaces/default/configmaps/b', { signal: end.signal });
    if (reply.kind !== 'stream') throw new Error(reply.kind);
    const first = await reply.chunks[Symbol.asyncIterator]().next();
    end.abort();
    expect(told(first.value as Uint8Array[])).toEqual(['ADDED b 2']);
  });

  it('shares one frame per event with all other watchers', async () => {
    const rig = await newWatchRig();
    const [one, two] = [await watching(rig, ''), await watching(rig, '&resourceVersion=1')];
    await one.stop();
    await two.stop();
    expect(one.frames[1]).toBe(two.frames[0]);
  });

  it('ends after its time', async () => {
    const rig = await newWatchRig();
    const watch = await watching(rig, '&timeoutSeconds=5');
    await rig.clock.advance(4999);
    expect(watch.ended()).toBe(false);
    await rig.clock.advance(1);
    expect(watch.ended()).toBe(true);
    expect(told(watch.frames)).toEqual(state);
  });

  it('tells nothing when its time is over before it begins', async () => {
    const watch = await watching(await newWatchRig(), '&timeoutSeconds=-1');
    expect([watch.ended(), watch.frames]).toEqual([true, []]);
  });

  it('is told by an event what went wrong', async () => {
    const rig = await newWatchRig();
    await operate(rig);
    await rig.store.compact(10);
    const watch = await watching(rig, '&resourceVersion=2');
    await watch.stop();
    expect(watch.reply.status).toBe(200);
    expect(eventsOf(watch.frames)).toEqual([
      {
        type: 'ERROR',
        object: {
          kind: 'Status',
          apiVersion: 'v1',
          metadata: {},
          status: 'Failure',
          message: expect.stringMatching(/^too old resource version: 2 \(\d+\)$/),
          reason: 'Expired',
          code: 410,
        },
      },
    ]);
  });

  it('is refused before it begins when its options are wrong', async () => {
    const rig = await newWatchRig();
    const { body } = await rig.ask(`GET ${configMaps}?watch=1&resourceVersion=abc`);
    expect(body).toMatchObject({ code: 500, message: expect.stringContaining('parsing "abc"') });
  });
});

describe('a watch as Table', () => {
  it('says what the columns are once, and shows bookmarks as empty rows', async () => {
    const rig = await newWatchRig();
    const watch = await watching(rig, '&allowWatchBookmarks=1&includeObject=None', { headers: { accept: table } });
    await watch.stop();
    const events = eventsOf(watch.frames);
    expect(events.map(({ type, object }) => [type, object.kind, object.columnDefinitions?.length ?? null])).toEqual([
      ['ADDED', 'Table', 3],
      ['ADDED', 'Table', null],
      ['BOOKMARK', 'Table', null],
    ]);
    expect(events[2]?.object.rows).toEqual([{ cells: ['', 0, '<unknown>'], object: null }]);
  });

  it('can be of metadata alone', async () => {
    const rig = await newWatchRig();
    const accept = 'application/json;as=PartialObjectMetadata;g=meta.k8s.io;v=v1';
    const watch = await watching(rig, '', { headers: { accept } });
    await watch.stop();
    expect(eventsOf(watch.frames)[0]?.object).toMatchObject({ kind: 'PartialObjectMetadata', metadata: { name: 'a' } });
  });
});

describe('a watch in protobuf', () => {
  it('comes in frames of their own length', async () => {
    const rig = await newWatchRig();
    const watch = await watching(rig, '', { headers: { accept: 'application/vnd.kubernetes.protobuf;stream=watch' } });
    await watch.stop();
    expect(watch.reply).toMatchObject({ contentType: 'application/vnd.kubernetes.protobuf;stream=watch', text: false });
    const [frame] = watch.frames;
    expect(Buffer.from(frame!).readUInt32BE()).toBe(frame!.length - 4);
    expect(JSON.stringify(decodeWatchFrame(frame!.subarray(4)))).toContain('"name":"a"');
  });
});
