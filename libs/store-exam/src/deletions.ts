import type { CallRecord, Time } from './history';
import type { RevisionClock } from './revision-clock';
import type { Transition } from './timeline';
import type { Revision } from './subject';

export interface Deletion {
  readonly transition: Transition;
  /** Calls that may have been it. */
  readonly calls: readonly CallRecord[];
}

export interface Deletions {
  readonly matched: readonly Deletion[];
  /** Nobody asked for them. */
  readonly unasked: readonly Transition[];
  /** Acknowledged, but never done. */
  readonly undone: readonly CallRecord[];
}

const isDelete = (record: CallRecord): boolean => record.call.op === 'delete';

/**
 * Which call was which deletion of one key: deletions have no value that names them. Those who know their revision are
 * taken at their word; the others are matched by what they expected and by time.
 */
export function matchDeletions(
  transitions: readonly Transition[],
  calls: readonly CallRecord[],
  clock: RevisionClock,
): Deletions {
  const asked = calls.filter((call) => isDelete(call) && (call.outcome.is === 'ok' || call.outcome.is === 'unknown'));
  const byRevision = new Map(
    asked.flatMap((call) =>
      call.outcome.is === 'ok' && call.outcome.revision !== undefined ? [[call.outcome.revision, call]] : [],
    ),
  );
  const open = asked.filter((call) => call.outcome.is !== 'ok' || call.outcome.revision === undefined);
  const all: readonly Deletion[] = transitions.map((transition) => {
    const known = byRevision.get(transition.revision);
    return { transition, calls: known ? [known] : open.filter((call) => mayBe(call, transition, clock)) };
  });
  const { missing } = cover(all, (deletion) => deletion.calls);
  const free = open.filter(({ outcome }) => outcome.is === 'ok');
  const done = cover(free, (call) => all.filter(({ calls }) => calls.includes(call)));
  const wrong = asked.filter(
    ({ outcome }) =>
      outcome.is === 'ok' &&
      outcome.revision !== undefined &&
      !transitions.some(({ revision }) => revision === outcome.revision),
  );
  return {
    matched: all.filter(({ calls }) => calls.length > 0),
    unasked: missing.map(({ transition }) => transition),
    undone: [...done.missing, ...wrong],
  };
}

/** A call with an unknown outcome may take effect long after it was given up. */
function mayBe(
  { call, outcome, invoked, returned }: CallRecord,
  { revision, before }: Transition,
  clock: RevisionClock,
): boolean {
  const expected: Revision | undefined = call.op === 'delete' ? call.expected : undefined;
  const until: Time = outcome.is === 'ok' ? returned : Infinity;
  return (
    (expected === undefined || expected === before?.revision) &&
    invoked <= clock.latest(revision) &&
    until >= clock.earliest(revision)
  );
}

/** Gives each of the `seekers` a partner of its own, as many as can be (Kuhn's augmenting paths). */
function cover<A, B>(seekers: readonly A[], partners: (seeker: A) => readonly B[]): { readonly missing: readonly A[] } {
  const taken = new Map<B, A>();
  const seek = (seeker: A, tried: Set<B>): boolean => {
    for (const partner of partners(seeker)) {
      if (tried.has(partner)) continue;
      tried.add(partner);
      const rival = taken.get(partner);
      if (rival !== undefined && !seek(rival, tried)) continue;
      taken.set(partner, seeker);
      return true;
    }
    return false;
  };
  return { missing: seekers.filter((seeker) => !seek(seeker, new Set())) };
}
