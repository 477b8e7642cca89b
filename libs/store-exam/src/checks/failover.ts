import type { Case } from '../case';
import type { WatchRecord } from '../history';
import type { Timeline } from '../timeline';
import type { Violation } from '../verdict';
import { partsOf, revisionOf } from '../watch-parts';
import { excerpt, sightingRecord, tellEvent, tellWatch, violation } from './finding';

/**
 * After a failover that lost what somebody had been told, the numbers jump, and a watch does not go on: what it told may
 * be lost.
 */
export const checkFailover = (exam: Case): Violation[] => {
  const { watches, timeline } = exam;
  return timeline ? [...checkJumps(exam), ...watches.flatMap((watch) => checkCrossing(watch, timeline))] : [];
};

function checkJumps({ epochs, sightings }: Case): Violation[] {
  return epochs.flatMap(({ start, survived, changes }, index) => {
    if (survived === undefined || start > survived || changes.length === 0) return [];
    const lost = new Set(epochs[index - 1]?.changes.map(({ revision }) => revision).filter((r) => r > survived));
    const seen = sightings.find(({ revision }) => lost.has(revision));
    if (!seen) return [];
    const what = `the database lost revision ${seen.revision}, but its numbers went on after ${survived} without a jump`;
    return [violation('failover', what, sightingRecord(seen))];
  });
}

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
