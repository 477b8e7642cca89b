import type { Item, ListRequest, Page, Revision, SubjectEvent, WatchRequest } from './subject';

/** Milliseconds of one monotonic clock (`performance.now()` of the process that made the calls). */
export type Time = number;

/** What was asked. `value` and `label` are what a write wanted to write; `expected` the revision it insisted on. */
export type Call =
  | { readonly op: 'create'; readonly key: string; readonly value: string; readonly label: string }
  | {
      readonly op: 'update';
      readonly key: string;
      readonly value: string;
      readonly label: string;
      readonly expected?: Revision;
    }
  | { readonly op: 'delete'; readonly key: string; readonly expected?: Revision }
  | { readonly op: 'get'; readonly key: string }
  /** `first` is the id of the call for the first page, when this one is for a later page. */
  | ({ readonly op: 'list'; readonly first?: number } & ListRequest);

/**
 * `refused`: no effect, because of the state, which thereby is told (AlreadyExists, NotFound, Conflict). `failed`: no
 * effect, and nothing is known of the state. `unknown`: a write that may take effect at any later time, or never.
 */
export type Outcome =
  | { readonly is: 'ok'; readonly item?: Item; readonly revision?: Revision; readonly page?: Page }
  | { readonly is: 'refused' | 'failed' | 'unknown'; readonly reason: string; readonly message: string };

export interface CallRecord {
  readonly kind: 'call';
  readonly id: number;
  readonly client: string;
  readonly server: string;
  readonly call: Call;
  readonly invoked: Time;
  readonly returned: Time;
  /** A create, update or get that is ok has an `item`, a delete perhaps a `revision`, a list a `page`. */
  readonly outcome: Outcome;
}

export type RecordedEvent = SubjectEvent & { readonly at: Time };

/** `stopped`: by the client. `closed`: by the other side without a word. `error`: with an ERROR or a throw. */
export interface WatchEnd {
  readonly is: 'stopped' | 'closed' | 'error';
  readonly reason?: string;
  readonly message?: string;
}

/** A watch from its opening to its end: one connection. */
export interface WatchRecord {
  readonly kind: 'watch';
  readonly id: number;
  readonly client: string;
  readonly server: string;
  readonly request: WatchRequest;
  /** The watch whose last revision or bookmark this one goes on from, or the list (first page) whose revision. */
  readonly follows?: number;
  readonly opened: Time;
  readonly events: readonly RecordedEvent[];
  readonly ended: Time;
  readonly end: WatchEnd;
}

/** What was done to the cluster meanwhile. Outside its faults a store has to be quick. */
export interface FaultRecord {
  readonly kind: 'fault';
  readonly id: number;
  readonly fault: string;
  readonly begin: Time;
  readonly end: Time;
}

/** What the traffic was: enough to run it again. */
export interface RunRecord {
  readonly kind: 'run';
  readonly id: number;
  readonly seed: number;
  readonly servers: readonly string[];
  readonly begin: Time;
  /** When the writers were told to stop. */
  readonly end: Time;
}

/** The last write of the traffic: every watcher that keeps a table must have heard of it in the end. */
export interface FinalRecord {
  readonly kind: 'final';
  readonly id: number;
  readonly revision: Revision;
  readonly at: Time;
}

/** One line of a history file. Ids are unique in a history. */
export type HistoryRecord = RunRecord | CallRecord | WatchRecord | FaultRecord | FinalRecord;

export type History = readonly HistoryRecord[];

/** A history as text, one JSON record per line. */
export const formatHistory = (history: History): string =>
  history.map((record) => `${JSON.stringify(record)}\n`).join('');

/** The other way; throws a SyntaxError on what is not a history. */
export const parseHistory = (text: string): History =>
  text
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as HistoryRecord);
