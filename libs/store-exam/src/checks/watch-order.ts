import type { Case } from '../case';
import type { RecordedEvent, WatchRecord } from '../history';
import type { Revision } from '../subject';
import type { Check, Violation } from '../verdict';
import { partsOf, revisionOf } from '../watch-parts';
import { excerpt, tellEvent, tellWatch, violation } from './finding';

/** Events come in the order of their revisions, each once, and none after a bookmark that vouched for it. */
export const checkWatchOrder = ({ watches }: Case): Violation[] => watches.flatMap(checkOrder);

interface Position {
  readonly start: Revision;
  readonly seen: Set<Revision>;
  last: Revision;
  bookmark: Revision;
}

function checkOrder(watch: WatchRecord): Violation[] {
  const { start, changes, offset } = partsOf(watch);
  if (start === undefined) return [];
  const position: Position = { start, seen: new Set(), last: start, bookmark: 0 };
  return changes.flatMap((event, index) => {
    if (event.type === 'ERROR') return [];
    const wrong = wrongWith(event, position);
    advance(position, event);
    if (!wrong) return [];
    const what = `${tellWatch(watch)} told ${tellEvent(event)} ${wrong[1]}`;
    return [violation(wrong[0], what, excerpt(watch, offset + index))];
  });
}

function wrongWith(event: RecordedEvent, { start, seen, last, bookmark }: Position): [Check, string] | undefined {
  const revision = revisionOf(event);
  if (event.type === 'BOOKMARK') return revision < last ? ['watch-bookmark', `behind revision ${last}`] : undefined;
  if (revision > last) return undefined;
  if (seen.has(revision)) return ['watch-unique', 'a second time'];
  if (revision <= start) return ['watch-resume', `although it began after ${start}`];
  if (revision <= bookmark) return ['watch-bookmark', `after the bookmark ${bookmark}, which had overtaken it`];
  return ['watch-order', `after revision ${last}`];
}

function advance(position: Position, event: RecordedEvent): void {
  const revision = revisionOf(event);
  position.last = Math.max(position.last, revision);
  if (event.type === 'BOOKMARK') position.bookmark = Math.max(position.bookmark, revision);
  else position.seen.add(revision);
}
