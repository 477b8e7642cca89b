import type { EventType, Item, Revision } from './subject';
import { matches, type Transition } from './timeline';

export interface ExpectedEvent {
  readonly type: EventType;
  /** With the revision of the change, also in a DELETED, which carries the last state that was selected. */
  readonly item: Item;
}

/** What a watch tells of a change: entering its selection is ADDED, leaving it DELETED. */
export function expectedEvent(
  { before, after, revision }: Transition,
  selector: string | undefined,
): ExpectedEvent | undefined {
  const was = matches(selector, before) ? before : undefined;
  if (after && matches(selector, after)) return { type: was ? 'MODIFIED' : 'ADDED', item: after };
  return was && { type: 'DELETED', item: { ...was, revision } };
}

/** All that a watch has to tell of the changes in a range of revisions, by revision. */
export function expectedEvents(
  transitions: readonly Transition[],
  selector: string | undefined,
): ReadonlyMap<Revision, ExpectedEvent> {
  const expected = new Map<Revision, ExpectedEvent>();
  for (const transition of transitions) {
    const event = expectedEvent(transition, selector);
    if (event) expected.set(transition.revision, event);
  }
  return expected;
}
