import type { History, Time } from './history';
import { countUpTo } from './sorted';
import type { Sighting } from './sightings';
import type { Revision } from './subject';

interface Point {
  readonly x: number;
  readonly y: number;
}

/** The extreme `y` of all points whose `x` is less than the one asked for. */
function extremeBefore(
  points: readonly Point[],
  extreme: (a: number, b: number) => number,
  none: number,
): (x: number) => number {
  let best = none;
  const steps = [...points]
    .sort((a, b) => a.x - b.x)
    .map(({ x, y }) => {
      best = extreme(best, y);
      return { x, best };
    });
  return (limit) => {
    let count = countUpTo(steps, limit, ({ x }) => x);
    while (count > 0 && steps[count - 1]?.x === limit) count--;
    return steps[count - 1]?.best ?? none;
  };
}

export interface Write {
  readonly revision: Revision;
  readonly invoked: Time;
}

/**
 * When revisions happened, as far as the history tells: what anybody has been told of has happened, and no write
 * happens before it is asked for. Revisions are in the order of their happening, so each bounds the others.
 */
export class RevisionClock {
  /** The newest revision that had happened for sure before a time; 0 if none. */
  readonly knownBefore: (time: Time) => Revision;
  /** The oldest revision that had not happened for sure at a time; Infinity if none. */
  readonly notYetAt: (time: Time) => Revision;
  readonly #earliest: (revision: Revision) => Time;
  readonly #latest: (revision: Revision) => Time;

  constructor(told: readonly { readonly revision: Revision; readonly at: Time }[], writes: readonly Write[]) {
    const ends = told.map(({ revision, at }) => ({ x: at, y: revision }));
    const begins = writes.map(({ revision, invoked }) => ({ x: -invoked, y: revision }));
    this.knownBefore = extremeBefore(ends, Math.max, 0);
    const least = extremeBefore(begins, Math.min, Infinity);
    this.notYetAt = (time) => least(-time);
    this.#earliest = extremeBefore(turned(begins, 1), Math.max, -Infinity);
    this.#latest = extremeBefore(turned(ends, -1), Math.min, Infinity);
  }

  earliest(revision: Revision): Time {
    return this.#earliest(revision + 1);
  }

  latest(revision: Revision): Time {
    return this.#latest(1 - revision);
  }
}

const turned = (points: readonly Point[], sign: number): readonly Point[] =>
  points.map(({ x, y }) => ({ x: sign * y, y: -sign * x }));

/** Every revision that anybody was told, and when. */
export function toldRevisions(
  history: History,
  sightings: readonly Sighting[],
): readonly { readonly revision: Revision; readonly at: Time }[] {
  const others = history.flatMap((record) => {
    if (record.kind === 'call' && record.outcome.is === 'ok' && record.outcome.page) {
      return [{ revision: record.outcome.page.revision, at: record.returned }];
    }
    if (record.kind !== 'watch') return [];
    return record.events.flatMap((event) => {
      if (event.type === 'ERROR') return [];
      return [{ revision: event.type === 'BOOKMARK' ? event.revision : event.item.revision, at: event.at }];
    });
  });
  return [...sightings, ...others];
}
