import type { RecordedEvent, WatchRecord } from './history';
import type { Item, Revision } from './subject';

/** A watch taken apart: what it began with, and what it told of afterwards. */
export interface WatchParts {
  /** Only of a watch with initial events: those before the bookmark that ends them. */
  readonly initial: readonly RecordedEvent[];
  /** The revision after which changes are told. Absent: the initial events did not end. */
  readonly start?: Revision;
  /** Where in the record the changes begin. */
  readonly offset: number;
  readonly changes: readonly RecordedEvent[];
}

export function partsOf({ request, events }: WatchRecord): WatchParts {
  if (!request.initialEvents) {
    return { initial: [], offset: 0, changes: events, ...(request.after !== undefined && { start: request.after }) };
  }
  const end = events.findIndex((event) => event.type === 'BOOKMARK' && event.initialEventsEnd);
  const bookmark = events[end];
  if (bookmark?.type !== 'BOOKMARK') return { initial: events, offset: events.length, changes: [] };
  return {
    initial: events.slice(0, end),
    start: bookmark.revision,
    offset: end + 1,
    changes: events.slice(end + 1),
  };
}

export function revisionOf(event: RecordedEvent): Revision {
  if (event.type === 'ERROR') return 0;
  return event.type === 'BOOKMARK' ? event.revision : event.item.revision;
}

/** The last revision that a watch vouches for. Absent: it never had a state. */
export function positionOf(watch: WatchRecord): Revision | undefined {
  const { start, changes } = partsOf(watch);
  return start === undefined ? undefined : changes.reduce((last, event) => Math.max(last, revisionOf(event)), start);
}

/** Applies what a watch told to a table of what is selected. */
export function applyEvents(table: Map<string, Item>, events: readonly RecordedEvent[]): void {
  for (const event of events) {
    if (event.type === 'DELETED') table.delete(event.item.key);
    else if (event.type === 'ADDED' || event.type === 'MODIFIED') table.set(event.item.key, event.item);
  }
}
