import type { Case } from '../case';
import { expectedEvents, type ExpectedEvent } from '../expected-events';
import type { RecordedEvent, WatchRecord } from '../history';
import type { Revision } from '../subject';
import { isSameItem, type Timeline } from '../timeline';
import type { Violation } from '../verdict';
import { partsOf, positionOf, revisionOf } from '../watch-parts';
import { excerpt, tellEvent, tellItem, tellWatch, violation } from './finding';

/** A watch tells of all changes of its selection up to its last event or bookmark, and tells them as they were. */
export function checkWatchContent({ watches, timeline }: Case): Violation[] {
  if (!timeline) return [];
  return watches.flatMap((watch) => {
    const { start } = partsOf(watch);
    const position = positionOf(watch);
    // One that crossed a failover is wrong for that reason, and nothing else can be said of it.
    if (start === undefined || position === undefined || timeline.epochOf(start) !== timeline.epochOf(position))
      return [];
    const transitions = timeline.transitionsIn(start, position);
    const expected = expectedEvents(transitions, watch.request.selector);
    return [...checkEvents(watch, expected, timeline), ...checkComplete(watch, expected, timeline)];
  });
}

function checkEvents(
  watch: WatchRecord,
  expected: ReadonlyMap<Revision, ExpectedEvent>,
  timeline: Timeline,
): Violation[] {
  const { changes, offset, start = 0 } = partsOf(watch);
  return changes.flatMap((event, index) => {
    // What is at or before the start is out of order, or told by the check of meanings.
    if (!('item' in event) || event.item.revision <= start || timeline.isUncertain(event.item.revision)) return [];
    const should = expected.get(event.item.revision);
    if (should?.type === event.type && isSameItem(should.item, event.item)) return [];
    const instead = should ? `${should.type} ${tellItem(should.item)}` : 'nothing';
    const what = `${tellWatch(watch)} told ${tellEvent(event)} instead of ${instead}`;
    return [violation('watch-event', what, excerpt(watch, offset + index))];
  });
}

function checkComplete(
  watch: WatchRecord,
  expected: ReadonlyMap<Revision, ExpectedEvent>,
  timeline: Timeline,
): Violation[] {
  const { changes, offset } = partsOf(watch);
  const delivered = new Set(changes.filter((event) => event.type !== 'BOOKMARK').map(revisionOf));
  const first = changes[0] ? revisionOf(changes[0]) : Infinity;
  const missing = [...expected].filter(
    ([revision]) => !delivered.has(revision) && !(watch.request.selector && timeline.isUncertain(revision)),
  );
  if (missing.length === 0) return [];
  const [revision, { type, item }] = missing[0] as [Revision, ExpectedEvent];
  const index = changes.findIndex((event: RecordedEvent) => revisionOf(event) > revision);
  const isAtStart = watch.request.after !== undefined && revision < first;
  const what = `${tellWatch(watch)} never told ${type} ${tellItem(item)}, and ${missing.length - 1} more, although it went on`;
  return [violation(isAtStart ? 'watch-resume' : 'watch-complete', what, excerpt(watch, offset + index))];
}
