import type { CallRecord, History, HistoryRecord, Time, WatchRecord } from './history';
import type { Item, Revision, State } from './subject';

/** Somebody was told that a key is, or was put, into a state at a revision. */
export interface Sighting {
  readonly revision: Revision;
  readonly key: string;
  /** Absent: the key was removed. */
  readonly state?: State;
  readonly at: Time;
  readonly record: HistoryRecord;
}

/** Everything that anybody was told in a history. */
export function sightingsOf(history: History): readonly Sighting[] {
  return history.flatMap((record) => {
    if (record.kind === 'call') return inCall(record);
    return record.kind === 'watch' ? inWatch(record) : [];
  });
}

function inCall(record: CallRecord): readonly Sighting[] {
  const { call, outcome, returned: at } = record;
  if (outcome.is !== 'ok') return [];
  if (call.op === 'delete') {
    return outcome.revision === undefined ? [] : [{ revision: outcome.revision, key: call.key, at, record }];
  }
  const items = outcome.page?.items ?? (outcome.item ? [outcome.item] : []);
  return items.map((item) => sighting(item, at, record));
}

/** A DELETED event may mean that the object left a selection: then it says nothing of the revision. */
function inWatch(record: WatchRecord): readonly Sighting[] {
  const { events, request } = record;
  return events.flatMap((event) => {
    if (event.type === 'ADDED' || event.type === 'MODIFIED') return [sighting(event.item, event.at, record)];
    if (event.type !== 'DELETED' || request.selector !== undefined) return [];
    return [{ revision: event.item.revision, key: event.item.key, at: event.at, record }];
  });
}

const sighting = ({ key, revision, ...state }: Item, at: Time, record: HistoryRecord): Sighting => ({
  revision,
  key,
  state,
  at,
  record,
});
