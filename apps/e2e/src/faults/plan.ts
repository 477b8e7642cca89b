import { between, randomOf, shuffled } from './random';

/** One fault to come. */
export interface Planned<Name extends string = string> {
  readonly fault: Name;
  /** Which API server it concerns. */
  readonly server: number;
  /** From its being injected to its being healed. */
  readonly lastsMs: number;
  /** How long the traffic is left alone after it. */
  readonly calmMs: number;
}

export interface PlanOptions<Name extends string> {
  readonly seed: number;
  readonly servers: number;
  /** Each with how long it may last, shortest and longest. */
  readonly faults: ReadonlyMap<Name, readonly [number, number]>;
  /** Default 1; less for a shorter exam: faults last as near to their shortest as this is to 0. */
  readonly pace?: number;
}

const calmMs = [500, 2000] as const;

/** Without end, and the same for the same seed: every fault once in some order, then again in another. */
export function* planOf<Name extends string>(options: PlanOptions<Name>): Generator<Planned<Name>, never> {
  const { seed, servers, faults, pace = 1 } = options;
  const random = randomOf(seed);
  const lasting = ([low, high]: readonly [number, number]): number =>
    Math.round(between(random, low, low + (high - low) * pace));
  for (;;) {
    for (const [fault, lastsMs] of shuffled(random, [...faults])) {
      yield { fault, server: Math.floor(random() * servers), lastsMs: lasting(lastsMs), calmMs: lasting(calmMs) };
    }
  }
}
