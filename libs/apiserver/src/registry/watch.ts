import { badRequest, StatusError, type KubeObject } from '@kubephant/api';
import { onAbort, type Clock } from '@kubephant/base';
import { protobuf, type Accepted, type Reply, type WatchFraming } from '@kubephant/serving';
import type { StoreEvent, Watch, WatchOptions } from '@kubephant/storage';
import { defined } from './defined';
import { listQuery, readRevision, type ListQuery } from './list-options';
import { namespaceOf, selectionOf } from './read';
import { served, type Resource } from './resource';
import { acceptWatch } from './respond';
import type { Framings, Scope } from './scope';
import { includeObject, partialMetadata, tableEvent, type IncludeObject } from './table';

/** Watches last between one and two of these when the client names no end. */
const shortestMs = 1_800_000;

export async function watch(scope: Scope): Promise<Reply> {
  const { req, resource, machinery } = scope;
  const accepted = acceptWatch(req);
  const query = listQuery(req.url.searchParams, true);
  const framing = framingOf(machinery.framings, accepted, req.upgrade !== undefined);
  const frames = frameMaker(resource, accepted, framing, {
    include: accepted.as?.kind === 'Table' ? includeObject(req.url.searchParams) : 'None',
    clock: machinery.clock,
  });
  const options = watchOptions(scope, query);
  const end = new AbortController();
  const events = machinery.store.watch(options, end.signal);
  return {
    kind: 'stream',
    status: 200,
    contentType: framing.contentType,
    text: framing.text,
    chunks: stream(
      { events, frames, bookmarks: query.bookmarks, end, signal: req.signal, clock: machinery.clock },
      query,
    ),
  };
}

/** How a watch of the API reads the store (api-concepts: semantics of resourceVersion for watch, KEP-3157). */
export function watchOptions({ info, resource, machinery }: Scope, query: ListQuery): WatchOptions {
  const revision = readRevision(query.resourceVersion) ?? 0;
  const initialEvents = query.sendInitialEvents ?? revision === 0;
  return defined({
    resource: resource.storage,
    namespace: namespaceOf(resource, info),
    name: info.name,
    selection: selectionOf(resource, query),
    after: revision === 0 ? (initialEvents ? undefined : machinery.store.revision) : revision,
    initialEvents: initialEvents || undefined,
    bookmarks: query.bookmarks || undefined,
  });
}

function framingOf({ json, protobuf: binary }: Framings, { mediaType }: Accepted, webSocket: boolean): WatchFraming {
  if (mediaType !== protobuf) return json;
  if (!binary) throw new StatusError('NotAcceptable', 'only the following media types are accepted: application/json');
  return webSocket ? binary.messages : binary.delimited;
}

interface FrameMaker {
  change(event: Extract<StoreEvent, { stored: unknown }>): Uint8Array;
  bookmark(event: Extract<StoreEvent, { type: 'BOOKMARK' }>): Uint8Array;
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
  if (as?.kind === 'PartialObjectMetadataList') throw badRequest(`watch does not support ${as.kind}`);
  let first = true;
  const present = (object: KubeObject): object => {
    if (!as) return object;
    if (as.kind === 'PartialObjectMetadata') return partialMetadata(object, as.version);
    const options = { version: as.version, includeObject: include, now: new Date(clock.now()) };
    const table = tableEvent(resource, object, first, options);
    first = false;
    return table;
  };
  const asStored = !as && !resource.row.storedAs;
  return {
    change: ({ type, stored }) =>
      asStored ? framing.change(type, stored) : framing.frame(type, present(served(resource, stored).object)),
    bookmark: (event) => framing.frame('BOOKMARK', present(bookmarkObject(resource, event))),
    error: (err) => framing.frame('ERROR', StatusError.from(err).status),
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
  readonly bookmarks: boolean;
  readonly end: AbortController;
  readonly signal: AbortSignal;
  readonly clock: Clock;
}

/**
 * Frames until the client goes, the time is over or the store ends it; a failure is told as an ERROR event. A negative
 * time is over before anything is told.
 */
async function* stream(streaming: Streaming, query: ListQuery): AsyncGenerator<readonly Uint8Array[]> {
  const { events, frames, bookmarks, end, signal, clock } = streaming;
  if ((query.timeoutSeconds ?? 0) < 0) {
    end.abort();
    return;
  }
  using _ = onAbort(signal, () => end.abort());
  const timeout = clock.sleep(timeoutMs(query), end.signal).then(() => end.abort());
  try {
    for await (const batch of events) {
      const chunks = batch
        .filter(({ type }) => bookmarks || type !== 'BOOKMARK')
        .map((event) => (event.type === 'BOOKMARK' ? frames.bookmark(event) : frames.change(event)));
      if (chunks.length > 0) yield chunks;
    }
  } catch (err) {
    if (!end.signal.aborted) yield [frames.error(err)];
  } finally {
    end.abort();
    await timeout;
  }
}

function timeoutMs({ timeoutSeconds }: ListQuery): number {
  if (timeoutSeconds === undefined || timeoutSeconds === 0) return shortestMs * (1 + Math.random());
  // Node's timers hold 31 bits.
  return Math.min(timeoutSeconds * 1000, 2 ** 31 - 1);
}
