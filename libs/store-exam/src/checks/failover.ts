import type { Case } from '../case';
import type { WatchRecord } from '../history';
import type { Timeline } from '../timeline';
import type { Violation } from '../verdict';
import { partsOf, revisionOf } from '../watch-parts';
import { excerpt, tellEvent, tellWatch, violation } from './finding';

/** A watch does not go on over a failover: what it told may have been lost. */
export const checkFailover = ({ watches, timeline }: Case): Violation[] =>
  timeline ? watches.flatMap((watch) => checkCrossing(watch, timeline)) : [];

function checkCrossing(watch: WatchRecord, timeline: Timeline): Violation[] {
  const { start, changes, offset } = partsOf(watch);
  if (start === undefined) return [];
  const epoch = timeline.epochOf(start);
  const index = changes.findIndex((event) => event.type !== 'ERROR' && timeline.epochOf(revisionOf(event)) > epoch);
  const event = changes[index];
  if (!event) return [];
  const what = `${tellWatch(watch)} went on over a failover with ${tellEvent(event)} instead of ending with 410`;
  return [violation('failover', what, excerpt(watch, offset + index))];
}
