import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { decodeWatchFrame } from '@kubephant/schema';
import { outcomeOf } from './testing/outcome';
import { newRig, type Rig } from './testing/rig';
import { operate, prepare, watching } from './testing/watching';

interface Transcript {
  readonly name: string;
  readonly request: string;
  readonly accept?: string;
  /** Whether a minute passes in the middle, so that a bookmark is due. */
  readonly minute?: true;
  readonly events?: readonly string[];
  readonly refused?: object;
}

/** What upstream 1.36 told watches of one sequence of operations. Versions are numbered in their order. */
const transcripts = readFileSync(join(__dirname, 'testdata', 'watch.jsonl'), 'utf8')
  .trim()
  .split('\n')
  .map((line) => JSON.parse(line) as Transcript);

interface Meta {
  readonly name?: string;
  readonly resourceVersion: string;
  readonly annotations?: object;
}

interface Told {
  readonly type: string;
  readonly object: {
    readonly kind: string;
    readonly metadata: Meta;
    readonly data?: object;
    readonly columnDefinitions?: readonly object[] | null;
    readonly rows?: readonly {
      readonly cells: readonly unknown[];
      readonly object: { kind: string; metadata: Meta } | null;
    }[];
  };
}

function line({ type, object }: Told): string {
  const { kind, metadata, data, rows, columnDefinitions } = object;
  if (rows) return tableLine(type, metadata.resourceVersion, columnDefinitions, rows);
  if (type === 'BOOKMARK') return `${type} ${JSON.stringify(object)}`;
  return [type, kind, metadata.name, metadata.resourceVersion, data && JSON.stringify(data)].filter(Boolean).join(' ');
}

function tableLine(type: string, version: string, columns: unknown, rows: NonNullable<Told['object']['rows']>): string {
  const [{ cells, object } = { cells: [], object: null }] = rows;
  const shown = cells.map((cell) => (/^\d+[sm]/.test(String(cell)) ? '<age>' : cell));
  const inner = object
    ? `${object.kind} ${object.metadata.name ?? (object.metadata.annotations ? 'end' : '-')}`
    : 'null';
  return [type, 'Table', version, columns ? 'columns' : 'null', JSON.stringify(shown), inner].join(' ');
}

/** Versions by their place among those that the transcript knows. */
function numbered(events: readonly Told[], known: readonly number[]): string[] {
  const versions = [...new Set([...known, ...events.map(({ object }) => Number(object.metadata.resourceVersion))])];
  versions.sort((a, b) => a - b);
  return events.map((event) => {
    const { resourceVersion } = event.object.metadata;
    const metadata = {
      ...event.object.metadata,
      resourceVersion: `rv${versions.indexOf(Number(resourceVersion)) + 1}`,
    };
    return line({ ...event, object: { ...event.object, metadata } });
  });
}

const newWatchRig = async (): Promise<Rig> => {
  const rig = newRig();
  await rig.ask('POST /api/v1/namespaces/elsewhere/configmaps', { body: { metadata: { name: 'other' } } });
  await prepare(rig);
  return rig;
};

describe('a watch tells what upstream tells', () => {
  it.each(transcripts.map((transcript) => [transcript.name, transcript] as const))('%s', async (_, transcript) => {
    const { events = [], refused, minute, accept = 'application/json' } = transcript;
    const rig = await newWatchRig();
    const listed = rig.store.revision;
    const request = transcript.request.replace('<list-rv>', String(listed));
    if (refused) {
      expect((await outcomeOf(rig, request, { headers: { accept } })).outcome).toEqual(refused);
      return;
    }
    const watch = await watching(rig, request, { headers: { accept } });
    const answered = await operate(rig, async () => {
      if (minute) await rig.clock.advance(60_000);
    });
    await watch.stop(events.length);
    const told = watch.frames.map((frame) => JSON.parse(Buffer.from(frame).toString()) as Told);
    expect(numbered(told, [listed, ...answered])).toEqual(events);
  });

  it.each(['application/vnd.kubernetes.protobuf;stream=watch', 'application/vnd.kubernetes.protobuf'])(
    'protobuf watch (Accept %s)',
    async (accept) => {
      const rig = await newWatchRig();
      const path = `/api/v1/namespaces/w/configmaps?watch=true&fieldSelector=metadata.name%3Dd&resourceVersion=${rig.store.revision}`;
      const watch = await watching(rig, `GET ${path}`, { headers: { accept } });
      await operate(rig);
      await watch.stop(2);
      expect(watch.reply.contentType).toBe('application/vnd.kubernetes.protobuf;stream=watch');
      const types = watch.frames.map((frame) => {
        const bytes = Buffer.from(frame);
        expect(bytes.readUInt32BE()).toBe(bytes.length - 4);
        return decodeWatchFrame(bytes.subarray(4));
      });
      expect(types).toMatchObject([
        { type: 'ADDED', object: { kind: 'ConfigMap', metadata: { name: 'd' }, data: { a: '1' } } },
        { type: 'DELETED', object: { kind: 'ConfigMap', metadata: { name: 'd' }, data: { a: '1' } } },
      ]);
    },
  );

  const ofD = '/api/v1/namespaces/w/configmaps?watch=true&fieldSelector=metadata.name%3Dd&resourceVersion=2';

  it.each([
    ['no Accept', 'application/json', true, (frame: Buffer) => JSON.parse(frame.toString()) as Told],
    [
      'Accept protobuf',
      'application/vnd.kubernetes.protobuf',
      false,
      (frame: Buffer) => decodeWatchFrame(frame) as unknown as Told,
    ],
  ])('websocket with %s: a message per event', async (_, accept, text, decoded) => {
    const rig = newRig();
    await prepare(rig);
    const watch = await watching(rig, `GET ${ofD}`, { headers: { accept }, upgrade: ['foo.bar'] });
    await operate(rig);
    await watch.stop(2);
    const frames = watch.frames.map((frame) => Buffer.from(frame));
    expect(frames.map((frame) => line(decoded(frame)))).toEqual([
      'ADDED ConfigMap d 11 {"a":"1"}',
      'DELETED ConfigMap d 12 {"a":"1"}',
    ]);
    expect(watch.reply.text).toBe(text);
    if (text) expect(frames.every((frame) => frame.toString().endsWith('\n'))).toBe(true);
  });

  it('websocket: as=Table', async () => {
    const rig = newRig();
    await prepare(rig);
    const accept = 'application/json;as=Table;g=meta.k8s.io;v=v1';
    const watch = await watching(rig, `GET ${ofD}`, { headers: { accept }, upgrade: [] });
    await operate(rig);
    await watch.stop(2);
    expect(watch.frames.map((frame) => line(JSON.parse(Buffer.from(frame).toString()) as Told))).toEqual([
      'ADDED Table 11 columns ["d",1,"<age>"] PartialObjectMetadata d',
      'DELETED Table 12 null ["d",1,"<age>"] PartialObjectMetadata d',
    ]);
  });

  it.each([
    ['list, not watch', '', { code: 200, kind: 'ConfigMapList', items: 2 }],
    [
      'resourceVersion=abc',
      '?watch=true&resourceVersion=abc',
      {
        code: 500,
        message: 'resourceVersion: Invalid value: "abc": strconv.ParseUint: parsing "abc": invalid syntax',
      },
    ],
    ['timeoutSeconds=1', '?watch=true&resourceVersion=2&timeoutSeconds=1', { code: 200, events: [] }],
    ['an old resourceVersion', '?watch=true&resourceVersion=1&timeoutSeconds=1', { code: 200, events: ['ADDED b'] }],
  ])('websocket: %s', async (_, query, outcome) => {
    const rig = newRig();
    await prepare(rig);
    const asked = { upgrade: [] };
    expect((await outcomeOf(rig, `GET /api/v1/namespaces/w/configmaps${query}`, asked)).outcome).toEqual(outcome);
  });
});
