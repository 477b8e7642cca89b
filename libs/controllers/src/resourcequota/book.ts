import { Quantity } from '@kubephant/api';
import { amountsOf, excess, noAmounts, only, sum, withoutZeros, type Amounts } from '@kubephant/quota';
import type { ResourceQuota } from '@kubephant/schema';
import type { Monitor } from './monitors';

/** No request takes longer between being charged and having made what it is charged for. */
export const settleMs = 60_000;

/** What was free of everything a quota says is used, whenever it was looked at since. */
interface Spare {
  readonly sinceMs: number;
  readonly amounts: Amounts;
}

/** What may be handed back. */
export interface Release {
  readonly freed: Amounts;
  readonly spare: Spare | undefined;
}

/**
 * The accounts of one quota. Admission writes down that something is used before it is made, so that a quota which says
 * more than can be counted may be right: what is missing may be on its way. Handed back is what objects in sight have
 * freed, at once, and what was spare for longer than any request can take.
 */
export class Book {
  /** Those whose objects are counted in it. */
  readonly monitors: ReadonlySet<Monitor>;
  /** By the uid of the object. */
  readonly #uses = new Map<string, Amounts>();
  #counted: Amounts;
  #freed = noAmounts;
  #spare: Spare | undefined;

  /** `countable`: the limits that the monitors are about. */
  constructor(monitors: readonly Monitor[], countable: readonly string[]) {
    this.monitors = new Set(monitors);
    this.#counted = new Map(countable.map((name) => [name, Quantity.zero]));
  }

  /** What the objects in sight use, of everything that can be counted. */
  get counted(): Amounts {
    return this.#counted;
  }

  /** An object uses so much now. Returns what that is more, and what it is less than before. */
  enter(uid: string, after: Amounts): { readonly grown: Amounts; readonly freed: Amounts } {
    const before = this.#uses.get(uid) ?? noAmounts;
    if (after.size > 0) this.#uses.set(uid, after);
    else this.#uses.delete(uid);
    const [grown, freed] = [withoutZeros(excess(after, before)), withoutZeros(excess(before, after))];
    if (grown.size > 0) this.#counted = sum(this.#counted, grown);
    if (freed.size > 0) {
      this.#counted = excess(this.#counted, freed);
      this.#freed = sum(this.#freed, freed);
    }
    return { grown, freed };
  }

  /** What may be handed back now: the caller's to do, once, or to `keep`. */
  release(nowMs: number): Release {
    const isSettled = this.#spare !== undefined && nowMs - this.#spare.sinceMs >= settleMs;
    const release = { freed: this.#freed, spare: isSettled ? this.#spare : undefined };
    this.#freed = noAmounts;
    if (isSettled) this.#spare = undefined;
    return release;
  }

  keep({ freed, spare }: Release): void {
    this.#freed = sum(this.#freed, freed);
    this.#spare = spare ?? this.#spare;
  }

  /** Looks at how much more is used, as the quota says, than can be counted. */
  observe(quota: ResourceQuota): void {
    if (!this.#spare) return;
    this.#spare = { ...this.#spare, amounts: smallest(this.#spare.amounts, this.#spareIn(quota)) };
  }

  /** As `observe`, beginning to wait where something is spare. Returns for how many milliseconds, if so. */
  settle(quota: ResourceQuota, nowMs: number): number | undefined {
    const amounts = this.#spareIn(quota);
    if (withoutZeros(amounts).size === 0) {
      this.#spare = undefined;
      return undefined;
    }
    this.#spare ??= { sinceMs: nowMs, amounts };
    this.observe(quota);
    return Math.max(0, this.#spare.sinceMs + settleMs - nowMs);
  }

  #spareIn({ status }: ResourceQuota): Amounts {
    return excess(only(amountsOf(status?.used), new Set(this.#counted.keys())), this.#counted);
  }
}

export const amountsIn = ({ freed, spare }: Release): Amounts => sum(freed, spare?.amounts ?? noAmounts);

const smallest = (a: Amounts, b: Amounts): Amounts =>
  new Map(
    [...a].map(([name, amount]) => {
      const other = b.get(name) ?? Quantity.zero;
      return [name, other.compare(amount) < 0 ? other : amount] as const;
    }),
  );
