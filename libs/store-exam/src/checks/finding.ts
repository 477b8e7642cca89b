import type { History, HistoryRecord, RecordedEvent, WatchRecord } from '../history';
import type { Sighting } from '../sightings';
import type { Item } from '../subject';
import type { Check, Violation } from '../verdict';

export const violation = (check: Check, what: string, ...records: readonly HistoryRecord[]): Violation => ({
  check,
  what,
  records,
});

const around = 5;

/** A watch with only the events around the one in question. */
export function excerpt(watch: WatchRecord, index: number): WatchRecord {
  return { ...watch, events: watch.events.slice(Math.max(0, index - around), index + around) };
}

/** The record of a sighting; of a watch only the event. */
export function sightingRecord({ record, revision, at }: Sighting): HistoryRecord {
  if (record.kind !== 'watch') return record;
  const isIt = (event: RecordedEvent): boolean =>
    'item' in event && event.item.revision === revision && event.at === at;
  return { ...record, events: record.events.filter(isIt) };
}

export const recordsById = (history: History): ReadonlyMap<number, HistoryRecord> =>
  new Map(history.map((record) => [record.id, record]));

/** What a person would write down of an object: `k1@7=v3 (red)`. */
export const tellItem = (item: Item | undefined): string =>
  item ? `${item.key}@${item.revision}=${item.value} (${item.label})` : 'nothing';

export function tellEvent(event: RecordedEvent): string {
  if (event.type === 'ERROR') return `ERROR ${event.reason}`;
  return event.type === 'BOOKMARK' ? `BOOKMARK@${event.revision}` : `${event.type} ${tellItem(event.item)}`;
}

export const tellWatch = ({ id, client, server, request }: WatchRecord): string =>
  `watch ${id} of ${client} on ${server} (${JSON.stringify(request)})`;
