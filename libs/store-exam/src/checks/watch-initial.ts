import type { Case } from '../case';
import type { RecordedEvent, WatchRecord } from '../history';
import type { Item } from '../subject';
import type { Violation } from '../verdict';
import { partsOf } from '../watch-parts';
import { excerpt, tellEvent, tellWatch, violation } from './finding';
import { compare } from './lists';

/** Initial events are the state at one revision, no older than what was known, and a bookmark ends them. */
export const checkWatchInitial = (exam: Case): Violation[] =>
  exam.watches
    .filter(({ request }) => request.initialEvents)
    .flatMap((watch) => [...checkState(exam, watch), ...checkAge(exam, watch)]);

function checkState({ timeline }: Case, watch: WatchRecord): Violation[] {
  const { initial, start, offset } = partsOf(watch);
  const keys = new Set<string>();
  for (const [index, event] of initial.entries()) {
    const wrong = wrongWith(event, keys);
    if (!wrong) continue;
    const what = `${tellWatch(watch)} told ${tellEvent(event)} ${wrong}`;
    return [violation('watch-initial', what, excerpt(watch, index))];
  }
  if (start === undefined || !timeline || timeline.isUncertain(start)) return [];
  const items = initial.flatMap((event): Item[] => ('item' in event ? [event.item] : []));
  const wrong = compare(timeline.stateAt(start, watch.request.selector), items);
  if (!wrong) return [];
  const what = `the initial events of ${tellWatch(watch)} are not the state at ${start}: ${wrong}`;
  return [violation('watch-initial', what, excerpt(watch, offset))];
}

function wrongWith(event: RecordedEvent, keys: Set<string>): string | undefined {
  if (event.type === 'ERROR') return undefined;
  if (event.type !== 'ADDED') return 'before the end of the initial events';
  if (keys.has(event.item.key)) return 'a second time among the initial events';
  keys.add(event.item.key);
  return undefined;
}

function checkAge({ clock }: Case, watch: WatchRecord): Violation[] {
  const { start, offset } = partsOf(watch);
  const known = clock.knownBefore(watch.opened);
  if (start === undefined || start >= known) return [];
  const what = `${tellWatch(watch)} began with the state at ${start}, although ${known} had been told before`;
  return [violation('real-time', what, excerpt(watch, offset))];
}
