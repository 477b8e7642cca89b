import { badRequest, StatusError, type FieldSelector, type KubeObject } from '@kubephant/api';
import { onAbort, type Clock } from '@kubephant/base';
import { protobuf, type Accepted, type Reply, type WatchFraming } from '@kubephant/serving';
import type { Store, Stored, StoreEvent, Watch, WatchOptions } from '@kubephant/storage';
import { defined } from './defined';
import { lateFields, watchLate } from './late-selection';
import { listQuery, type ListQuery } from './list-options';
import { namespaceOf, selectionOf } from './read';
import { servedAll, type Resource } from './resource';
import { acceptCollection } from './respond';
import { asAsked, readRevision } from './revision';
import type { Framings, Scope } from './scope';
import { includeObject, partialMetadata, tableEvent, type IncludeObject, type Printed } from './table';

/** Watches last between one and two of these when the client names no end. */
const shortestMs = 1_800_000;
/** How long a store waits for a revision that is not there yet (see `Store.watch`). */
const patienceMs = 3000;

export async function watch(scope: Scope): Promise<Reply> {
  const { req, resource, machinery } = scope;
  const accepted = acceptCollection(req, resource, true);
  const query = listQuery(req.url.searchParams);
  const framing = framingOf(machinery.framings, accepted, req.upgrade !== undefined);
  const frames = frameMaker(resource, accepted, framing, {
    include: accepted.as?.kind === 'Table' ? includeObject(req.url.searchParams) : 'None',
    clock: machinery.clock,
  });
  const options = watchOptions(scope, query);
  const lastsMs = lastingMs(query, options, machinery.store);
  const end = new AbortController();
  const events = selected(scope, query, options, machinery.store.watch({ ...options, lastsMs }, end.signal));
  return {
    kind: 'stream',
    status: 200,
    contentType: framing.contentType,
    text: framing.text,
    chunks: stream({ events, frames, query, lastsMs, end, signal: req.signal, clock: machinery.clock }),
  };
}

/** What the store finds, or of it what is selected by fields that it does not know. */
function selected({ resource, machinery }: Scope, { fields }: ListQuery, options: WatchOptions, events: Watch): Watch {
  const late = lateFields(resource, fields);
  if (late.length === 0) return events;
  const { resource: of, namespace, selection, after, initialEvents } = options;
  const before = async (): Promise<readonly Stored[]> => {
    if (!after || initialEvents) return [];
    const at = { revision: after, match: 'exact' } as const;
    return (await machinery.store.list(defined({ resource: of, namespace, selection, ...at }))).items;
  };
  return watchLate(resource, late, events, before);
}

/** How a watch of the API reads the store (api-concepts: semantics of resourceVersion for watch, KEP-3157). */
export function watchOptions({ info, resource, machinery }: Scope, query: ListQuery): WatchOptions {
  const revision = readRevision(query.resourceVersion);
  const { fields, sendInitialEvents } = query;
  const selection = selectionOf(resource, query);
  if (info.name && fields?.length && !selectsName(fields, info.name)) {
    throw badRequest("fieldSelector metadata.name doesn't match requested name");
  }
  return defined({
    resource: resource.storage,
    namespace: namespaceOf(resource, info),
    name: info.name,
    selection,
    after: sendInitialEvents === false && !revision ? machinery.store.revision : revision,
    initialEvents: sendInitialEvents || undefined,
    bookmarks: query.bookmarks || undefined,
  });
}

const selectsName = (fields: FieldSelector, name: string): boolean =>
  fields.find(({ path, operator }) => path === 'metadata.name' && operator === '=')?.value === name;

function framingOf({ json, protobuf: binary }: Framings, { mediaType }: Accepted, webSocket: boolean): WatchFraming {
  if (mediaType !== protobuf) return json;
  if (!binary) throw new StatusError('NotAcceptable', 'only the following media types are accepted: application/json');
  return webSocket ? binary.messages : binary.delimited;
}

interface FrameMaker {
  /** One frame for each event; undefined when they have none, and the watch ends. */
  events(batch: readonly StoreEvent[]): Promise<readonly Uint8Array[] | undefined>;
  error(err: unknown): Uint8Array;
}

interface Presentation {
  readonly include: IncludeObject;
  readonly clock: Clock;
}

/** Makes events into frames: shared ones for plain objects, one's own for other forms of them. */
function frameMaker(
  resource: Resource,
  { as }: Accepted,
  framing: WatchFraming,
  { include, clock }: Presentation,
): FrameMaker {
  const error = (err: unknown): Uint8Array => framing.frame('ERROR', StatusError.from(err).status);
  // Upstream takes such a watch, and breaks off when it is to show the first object as a list.
  if (as?.kind === 'PartialObjectMetadataList') return { events: async () => undefined, error };
  let first = true;
  const present = (item: Printed): object => {
    if (!as) return item.object;
    if (as.kind === 'PartialObjectMetadata') return partialMetadata(item.object, as.version);
    const options = { version: as.version, includeObject: include, now: new Date(clock.now()) };
    const table = tableEvent(resource, item, first, options);
    first = false;
    return table;
  };
  const bookmark = (event: Extract<StoreEvent, { type: 'BOOKMARK' }>): Uint8Array =>
    framing.frame('BOOKMARK', present({ object: bookmarkObject(resource, event) }));
  const asStored = !as && !resource.row.storedAs && !resource.conversion;
  return {
    async events(batch) {
      const changes = batch.flatMap((event) => (event.type === 'BOOKMARK' ? [] : [event.stored]));
      const items = asStored ? [] : await servedAll(resource, changes);
      let next = 0;
      return batch.map((event) => {
        if (event.type === 'BOOKMARK') return bookmark(event);
        if (asStored) return framing.change(event.type, event.stored);
        return framing.frame(event.type, present(items[next++] ?? event.stored));
      });
    },
    error,
  };
}

function bookmarkObject(
  { row, apiVersion }: Resource,
  { revision, initialEventsEnd }: Extract<StoreEvent, { type: 'BOOKMARK' }>,
): KubeObject {
  const annotations = initialEventsEnd && { 'k8s.io/initial-events-end': 'true' };
  const metadata = { resourceVersion: String(revision), ...(annotations && { annotations }) };
  return { kind: row.kind, apiVersion, metadata } as unknown as KubeObject;
}

interface Streaming {
  readonly events: Watch;
  readonly frames: FrameMaker;
  readonly query: ListQuery;
  /** How long it lasts; negative when it is over already. */
  readonly lastsMs: number;
  readonly end: AbortController;
  readonly signal: AbortSignal;
  readonly clock: Clock;
}

/**
 * Frames until the client goes, the time is over or the store ends it; a failure is told as an ERROR event. A negative
 * time is over before anything is told.
 */
async function* stream(streaming: Streaming): AsyncGenerator<readonly Uint8Array[]> {
  const { events, frames, query, lastsMs, end, signal, clock } = streaming;
  if (lastsMs < 0) {
    end.abort();
    return;
  }
  using _ = onAbort(signal, () => end.abort());
  const timeout = clock.sleep(lastsMs, end.signal).then(() => end.abort());
  try {
    for await (const batch of events) {
      const wanted = batch.filter(({ type }) => query.bookmarks || type !== 'BOOKMARK');
      const made = wanted.length > 0 ? await frames.events(wanted) : [];
      if (!made) return;
      if (made.length > 0) yield made;
    }
  } catch (err) {
    if (!end.signal.aborted) yield [frames.error(asAsked(err, query.resourceVersion))];
  } finally {
    end.abort();
    await timeout;
  }
}

/** The time of a streaming list runs from when its state is there, which the store may have to wait for. */
function lastingMs({ timeoutMs, sendInitialEvents }: ListQuery, { after = 0 }: WatchOptions, store: Store): number {
  if (timeoutMs === undefined || timeoutMs === 0) return shortestMs * (1 + Math.random());
  if (timeoutMs < 0) return timeoutMs;
  const waitingMs = sendInitialEvents && after > store.revision ? patienceMs : 0;
  // Node's timers hold 31 bits.
  return Math.min(timeoutMs + waitingMs, 2 ** 31 - 1);
}
