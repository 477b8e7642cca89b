/** A position in the sequence of changes; 0 is no revision. */
export type Revision = number;

/** What a write puts into an object. A value is written once in a run and never again, so it names the write. */
export interface State {
  readonly value: string;
  readonly label: string;
}

/** An object as it is read. Keys are names in one namespace that nobody else uses. */
export interface Item extends State {
  readonly key: string;
  readonly revision: Revision;
}

export interface ListRequest {
  /** Absent: everything in one page. */
  readonly limit?: number;
  /** From the page before; the revision of a list is that of its first page. */
  readonly continue?: string;
  /** Only objects with this label. */
  readonly selector?: string;
}

export interface Page {
  readonly revision: Revision;
  readonly items: readonly Item[];
  readonly continue?: string;
}

export interface WatchRequest {
  /** Changes strictly after this revision; never 0. Absent: with `initialEvents`, the newest state there is. */
  readonly after?: Revision;
  readonly selector?: string;
  readonly bookmarks?: boolean;
  /** The state as ADDED events, a bookmark with `initialEventsEnd`, then changes. Comes with `bookmarks`, without `after`. */
  readonly initialEvents?: boolean;
}

export type EventType = 'ADDED' | 'MODIFIED' | 'DELETED';

/** An event as a client gets it from the wire. After an ERROR nothing comes; a StatusError may be thrown instead. */
export type SubjectEvent =
  | { readonly type: EventType; readonly item: Item }
  | { readonly type: 'BOOKMARK'; readonly revision: Revision; readonly initialEventsEnd?: true }
  | { readonly type: 'ERROR'; readonly reason: string; readonly message: string };

/**
 * What is examined: one API server as a client sees it. It must not retry, and must not cache.
 *
 * It throws StatusErrors. AlreadyExists, NotFound and Conflict mean that a write had no effect because of the state;
 * ServiceUnavailable and TooManyRequests that it provably had none (say, no connection could be made); with Timeout and
 * everything else (a connection that broke after the request was sent) the outcome of a write is unknown. Reads without
 * a revision are linearizable.
 */
export interface Subject {
  readonly name: string;
  /** AlreadyExists when it is there. */
  create(key: string, state: State): Promise<Item>;
  /** NotFound when it is not there; Conflict when it is at another revision than the one expected. */
  update(key: string, state: State, expected?: Revision): Promise<Item>;
  /** As update. The revision of the deletion, when the server says it (it does for pods, not for configmaps). */
  delete(key: string, expected?: Revision): Promise<Revision | undefined>;
  /** NotFound when it is not there. */
  get(key: string): Promise<Item>;
  /** Expired when the history behind a continue token is gone. */
  list(request: ListRequest): Promise<Page>;
  /** Ends without error when the signal aborts, and soon; throws or ends by itself when the connection does. */
  watch(request: WatchRequest, signal: AbortSignal): AsyncIterable<SubjectEvent>;
}
