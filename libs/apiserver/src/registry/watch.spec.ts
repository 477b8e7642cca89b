import { decodeWatchFrame } from '@kubephant/schema';
import { concluded, framesOf, outcomeOf } from './testing/outcome';
import { namesIn, newRig, type Rig } from './testing/rig';
import { operate, prepare, watching } from './testing/watching';

const configMaps = '/api/v1/namespaces/w/configmaps';
const table = 'application/json;as=Table;g=meta.k8s.io;v=v1';
const streaming = 'sendInitialEvents=true&resourceVersionMatch=NotOlderThan';

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

async function newWatchRig(): Promise<Rig> {
  const rig = newRig();
  await prepare(rig);
  return rig;
}

const create = (rig: Rig, name: string, path = configMaps) => rig.ask(`POST ${path}`, { body: { metadata: { name } } });

describe('a watch', () => {
  it('shares one frame per event with all other watchers', async () => {
    const rig = await newWatchRig();
    const one = await watching(rig, `GET ${configMaps}?watch=1`);
    const two = await watching(rig, `GET ${configMaps}?watch=1&resourceVersion=1`);
    await one.stop(2);
    await two.stop(1);
    expect(one.frames[1]).toBe(two.frames[0]);
  });

  it('with bookmarks gets one every minute', async () => {
    const rig = await newWatchRig();
    const watch = await watching(rig, `GET ${configMaps}?watch=1&allowWatchBookmarks=1&resourceVersion=2`);
    await create(rig, 'elsewhere', '/api/v1/namespaces/other/configmaps');
    await rig.clock.advance(59_999);
    expect(watch.frames).toEqual([]);
    await rig.clock.advance(1);
    await create(rig, 'c');
    await watch.told(2);
    await rig.clock.advance(60_000);
    await watch.stop(3);
    expect(told(watch.frames)).toEqual(['BOOKMARK 3', 'ADDED c 4', 'BOOKMARK 4']);
  });

  const as = (kind: string): string => `application/json;as=${kind};g=meta.k8s.io;v=v1`;
  const json = (frame: Uint8Array): unknown => JSON.parse(Buffer.from(frame).toString());
  it.each([
    ['application/json', json],
    [as('Table'), json],
    [as('PartialObjectMetadata'), json],
    ['application/vnd.kubernetes.protobuf', (frame: Uint8Array) => decodeWatchFrame(frame.subarray(4))],
  ])('of %s is told by an event what went wrong', async (accept, decoded) => {
    const rig = await newWatchRig();
    await operate(rig);
    await rig.store.compact(10);
    const reply = await rig.open(`GET ${configMaps}?watch=1&resourceVersion=2`, { headers: { accept } });
    expect(reply).toMatchObject({ kind: 'stream', status: 200 });
    const frames = await framesOf(reply as Parameters<typeof framesOf>[0]);
    expect(frames.map(decoded)).toEqual([
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
});

describe('a watch from a version that does not come', () => {
  const path = `${configMaps}?watch=1&resourceVersion=999`;

  it('tells nothing for as long as it may still come', async () => {
    const { outcome } = await outcomeOf(await newWatchRig(), `GET ${path}&timeoutSeconds=1`);
    expect(outcome).toEqual({ code: 200, events: [] });
  });

  // Upstream stays silent until the client gives up. Here a version ahead of the store is one that a failover has lost,
  // and a client that waits for what follows it would miss everything until then.
  it('is told so after 3 seconds', async () => {
    const { outcome, afterMs } = await outcomeOf(await newWatchRig(), `GET ${path}&timeoutSeconds=60`);
    const message = 'Timeout: Too large resource version: 999, current: 2';
    expect(outcome).toMatchObject({ code: 200, events: [{ ERROR: { code: 504, reason: 'Timeout', message } }] });
    expect(afterMs).toBe(3000);
  });
});

describe('the end of a watch', () => {
  const lasted = async (query: string): Promise<number> => {
    const rig = await newWatchRig();
    return (await concluded(rig.clock, async () => rig.open(`GET ${configMaps}?watch=1${query}`).then(frames))).afterMs;
  };
  const frames = (reply: Awaited<ReturnType<Rig['open']>>) => framesOf(reply as Parameters<typeof framesOf>[0]);

  it.each([
    ['1', 1000],
    ['3600', 3_600_000],
    ['-1', 0],
  ])('comes with timeoutSeconds=%s after %d ms', async (seconds, afterMs) => {
    await expect(lasted(`&timeoutSeconds=${seconds}`)).resolves.toBe(afterMs);
  });

  it.each(['', '&timeoutSeconds=0'])(
    'comes with %p between half an hour and an hour, never at the same time for all',
    async (query) => {
      const times = await Promise.all(Array.from({ length: 8 }, () => lasted(query)));
      expect(Math.min(...times)).toBeGreaterThanOrEqual(1_800_000);
      expect(Math.max(...times)).toBeLessThanOrEqual(3_600_000);
      expect(new Set(times).size).toBeGreaterThan(1);
    },
  );

  it.each(['9223372036', '2147484'])('is as far away as a timer reaches with timeoutSeconds=%s', async (seconds) => {
    const rig = await newWatchRig();
    const watch = await watching(rig, `GET ${configMaps}?watch=1&timeoutSeconds=${seconds}`);
    await rig.clock.advance(2 ** 31 - 2);
    expect(watch.ended()).toBe(false);
    await rig.clock.advance(1);
    expect(watch.ended()).toBe(true);
  });

  it.each(['9223372037', '9223372036854775807'])(
    'has come at once with timeoutSeconds=%s, which is more nanoseconds than upstream counts',
    async (seconds) => {
      await expect(lasted(`&timeoutSeconds=${seconds}`)).resolves.toBe(0);
    },
  );
});

describe('a streaming list', () => {
  const bookmarked = `allowWatchBookmarks=1&${streaming}`;

  it.each(['', '&resourceVersion=0', '&resourceVersion=1', '&resourceVersion=4'])(
    'with %p is the state, a bookmark of its version, then changes',
    async (query) => {
      const rig = await newWatchRig();
      await create(rig, 'elsewhere', '/api/v1/namespaces/other/configmaps');
      await create(rig, 'x', '/api/v1/namespaces/other/secrets');
      const watch = await watching(rig, `GET ${configMaps}?watch=1&${bookmarked}${query}`);
      await create(rig, 'c');
      await watch.stop(4);
      expect(told(watch.frames)).toEqual(['ADDED a 1', 'ADDED b 2', 'BOOKMARK 4 end', 'ADDED c 5']);
    },
  );

  it('can be of the past that is compacted, since it is of the state', async () => {
    const rig = await newWatchRig();
    await rig.store.compact(2);
    const watch = await watching(rig, `GET ${configMaps}?watch=1&${bookmarked}&resourceVersion=1`);
    await watch.stop(3);
    expect(told(watch.frames)).toEqual(['ADDED a 1', 'ADDED b 2', 'BOOKMARK 2 end']);
  });

  it('of nothing is a bookmark', async () => {
    const rig = await newWatchRig();
    const watch = await watching(rig, `GET /api/v1/secrets?watch=1&${bookmarked}`);
    await watch.stop(1);
    expect(told(watch.frames)).toEqual(['BOOKMARK 2 end']);
  });

  it('begins its time when the version has come that it was to be not older than', async () => {
    const rig = await newWatchRig();
    const watch = await watching(rig, `GET ${configMaps}?watch=1&timeoutSeconds=1&${bookmarked}&resourceVersion=3`);
    await rig.clock.advance(2000);
    expect([watch.ended(), watch.frames]).toEqual([false, []]);
    await create(rig, 'c');
    await watch.stop(4);
    expect(told(watch.frames)).toEqual(['ADDED a 1', 'ADDED b 2', 'ADDED c 3', 'BOOKMARK 3 end']);
  });
});

describe('a version no number holds', () => {
  const huge = '18446744073709551615';
  const refusal = {
    code: 504,
    reason: 'Timeout',
    message: `Timeout: Too large resource version: ${huge}, current: 2`,
    details: {
      causes: [{ reason: 'ResourceVersionTooLarge', message: 'Too large resource version' }],
      retryAfterSeconds: 1,
    },
  };

  it.each([
    ['a get', `${configMaps}/a?resourceVersion=${huge}`, refusal],
    ['a list', `${configMaps}?resourceVersion=${huge}`, refusal],
    ['an exact list', `${configMaps}?resourceVersion=${huge}&resourceVersionMatch=Exact`, refusal],
    ['a page', `${configMaps}?resourceVersion=${huge}&limit=1`, refusal],
    [
      'a streaming list',
      `${configMaps}?watch=1&${streaming}&resourceVersion=${huge}`,
      { code: 200, events: [{ ERROR: refusal }] },
    ],
  ])('is named as it was asked for by %s', async (_, path, outcome) => {
    await expect(outcomeOf(await newWatchRig(), `GET ${path}`)).resolves.toEqual({ outcome, afterMs: 3000 });
  });
});

describe('a watch by the old path', () => {
  const old = '/api/v1/watch/namespaces/w/configmaps';
  const nothing = expect.objectContaining({ code: 404, message: 'the server could not find the requested resource' });
  const initial = ['ADDED a', 'ADDED b'];

  it.each([
    [`GET ${old}?timeoutSeconds=1`, { code: 200, events: initial }],
    ['GET /api/v1/watch/configmaps?timeoutSeconds=1', { code: 200, events: initial }],
    ['GET /api/v1/watch/namespaces?timeoutSeconds=1', { code: 200, events: ['ADDED w'] }],
    ['GET /api/v1/watch/namespaces/w?timeoutSeconds=1', { code: 200, events: ['ADDED w'] }],
    ['GET /api/v1/watch/nodes/n1?timeoutSeconds=1', { code: 200, events: ['ADDED n1'] }],
    [`GET ${old}/b?timeoutSeconds=1`, { code: 200, events: ['ADDED b'] }],
    [`GET ${old}/b?timeoutSeconds=1&fieldSelector=metadata.name%3Db`, { code: 200, events: ['ADDED b'] }],
    [`GET ${old}/none?timeoutSeconds=1`, { code: 200, events: [] }],
    [`GET ${old}?timeoutSeconds=1&watch=false`, { code: 200, events: initial }],
    [`GET ${old}?timeoutSeconds=1&allowWatchBookmarks=1`, { code: 200, events: initial }],
    [`GET ${old}?timeoutSeconds=1&allowWatchBookmarks=1&watch=1`, { code: 200, events: [...initial, 'BOOKMARK end'] }],
    [`GET ${old}?timeoutSeconds=1&continue=abc`, { code: 200, events: initial }],
    [
      `GET ${old}/b?fieldSelector=metadata.name%3Da`,
      { code: 400, reason: 'BadRequest', message: "fieldSelector metadata.name doesn't match requested name" },
    ],
    [
      `GET ${old}/b?fieldSelector=metadata.namespace%3Dw`,
      { code: 400, reason: 'BadRequest', message: "fieldSelector metadata.name doesn't match requested name" },
    ],
    [
      `GET ${old}?${streaming}&resourceVersion=0`,
      expect.objectContaining({
        code: 422,
        message:
          'ListOptions.meta.k8s.io "" is invalid: sendInitialEvents: Forbidden: sendInitialEvents is forbidden for list',
      }),
    ],
    ['GET /api/v1/watch/nopes', nothing],
    ['GET /api/v1/watch/configmaps/b', nothing],
    ['GET /api/v1/watch/namespaces/w/nodes/n1', nothing],
    ['GET /api/v1/watch/namespaces/w/pods/p/status', nothing],
    ['GET /api/v1/watch/namespaces/w/pods/p/log', nothing],
  ])('%s', async (request, outcome) => {
    const rig = await newWatchRig();
    await create(rig, 'w', '/api/v1/namespaces');
    await create(rig, 'n1', '/api/v1/nodes');
    expect((await outcomeOf(rig, request)).outcome).toEqual(outcome);
  });

  it.each(['POST', 'PUT', 'PATCH', 'DELETE'])('changes nothing by %s', async (method) => {
    const rig = await newWatchRig();
    for (const path of [old, `${old}/b`]) {
      expect(await rig.ask(`${method} ${path}`, { body: { metadata: { name: 'b' } } })).toMatchObject({ status: 405 });
    }
    expect(namesIn(await rig.ask(`GET ${configMaps}`))).toEqual(['a', 'b']);
  });
});

describe('a watch as Table', () => {
  it('says what the columns are once, and shows bookmarks as empty rows', async () => {
    const rig = await newWatchRig();
    const watch = await watching(rig, `GET ${configMaps}?watch=1&allowWatchBookmarks=1&includeObject=None`, {
      headers: { accept: table },
    });
    await watch.stop(3);
    const events = eventsOf(watch.frames);
    expect(events.map(({ type, object }) => [type, object.kind, object.columnDefinitions?.length ?? null])).toEqual([
      ['ADDED', 'Table', 3],
      ['ADDED', 'Table', null],
      ['BOOKMARK', 'Table', null],
    ]);
    expect(events[2]?.object.rows).toEqual([{ cells: ['', 0, '<unknown>'], object: null }]);
  });
});

describe('a watch of metadata alone', () => {
  const partial = 'as=PartialObjectMetadata;g=meta.k8s.io;v=v1';
  const end = { 'k8s.io/initial-events-end': 'true' };

  it.each([
    ['JSON', `application/json;${partial}`, (frame: Uint8Array) => eventsOf([frame])[0]],
    [
      'protobuf',
      `application/vnd.kubernetes.protobuf;${partial},application/json;${partial}`,
      (frame: Uint8Array) => decodeWatchFrame(frame.subarray(4)),
    ],
  ])('comes as %s, bookmarks too', async (_, accept, decoded) => {
    const rig = await newWatchRig();
    const watch = await watching(rig, `GET ${configMaps}?watch=1&allowWatchBookmarks=1&${streaming}`, {
      headers: { accept },
    });
    await watch.stop(3);
    const events = watch.frames.map(decoded);
    const form = { kind: 'PartialObjectMetadata', apiVersion: 'meta.k8s.io/v1' };
    expect(events).toMatchObject([
      { type: 'ADDED', object: { ...form, metadata: { name: 'a', resourceVersion: '1' } } },
      { type: 'ADDED', object: { ...form, metadata: { name: 'b', resourceVersion: '2' } } },
      { type: 'BOOKMARK', object: { ...form, metadata: { resourceVersion: '2', annotations: end } } },
    ]);
    expect(JSON.stringify(events)).not.toContain('"data"');
  });

  it('is broken off where it is to be a list', async () => {
    const rig = await newWatchRig();
    const accept = 'application/json;as=PartialObjectMetadataList;g=meta.k8s.io;v=v1';
    const watch = await watching(rig, `GET ${configMaps}?watch=1`, { headers: { accept } });
    await watch.told(1);
    expect([watch.reply.status, watch.frames, watch.ended()]).toEqual([200, [], true]);
    await watch.stop(0);
  });
});
