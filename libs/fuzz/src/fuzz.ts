import { Random } from './random';

/** Something that takes input from others. */
export interface FuzzTarget<T> {
  /** Inputs that are accepted, or nearly. */
  readonly seeds: readonly T[];
  mutate(random: Random, seeds: readonly T[]): unknown;
  /** Takes the input, and throws where a round trip does not hold. */
  take(input: never): void | Promise<void>;
  /** Whether the error is an honest refusal: a 4xx, a DecodeError. */
  refuses(error: unknown): boolean;
}

export interface FuzzBudget {
  readonly seed: number;
  /** For all inputs together; the first of both ends it. */
  readonly inputs: number;
  readonly ms: number;
  /** For one input: far more than any should take. */
  readonly inputMs: number;
  readonly now: () => number;
}

/** What was found, with the input that shows it. */
export class FuzzFinding extends Error {
  constructor(what: string, input: unknown, cause?: unknown) {
    super(`${what}: ${show(input)}${cause instanceof Error ? `\n${cause.stack ?? cause.message}` : ''}`, { cause });
  }
}

const show = (input: unknown): string =>
  (input instanceof Uint8Array ? `base64 ${Buffer.from(input).toString('base64')}` : JSON.stringify(input)).slice(
    0,
    2000,
  );

const guarded: readonly object[] = [Object.prototype, Array.prototype, Function.prototype, String.prototype];
const prototypes = (): string => guarded.map((one) => Reflect.ownKeys(one).length).join();

/** Gives the target one input after the other. Rejects with FuzzFinding; the result is how many it took and refused. */
export async function fuzz<T>(
  target: FuzzTarget<T>,
  budget: FuzzBudget,
): Promise<{ readonly taken: number; readonly refused: number }> {
  const random = new Random(budget.seed);
  const start = budget.now();
  const clean = prototypes();
  const counts = { taken: 0, refused: 0 };
  for (const seed of target.seeds) counts[await tryOne(target, structuredClone(seed), budget)]++;
  for (let count = 0; count < budget.inputs && budget.now() - start < budget.ms; count++) {
    const input = target.mutate(random, target.seeds);
    counts[await tryOne(target, input, budget)]++;
    if (prototypes() !== clean) throw new FuzzFinding('changed a prototype', input);
  }
  return counts;
}

async function tryOne<T>(
  target: FuzzTarget<T>,
  input: unknown,
  { now, inputMs }: FuzzBudget,
): Promise<'taken' | 'refused'> {
  const start = now();
  try {
    await target.take(input as never);
    return 'taken';
  } catch (err) {
    if (!target.refuses(err)) throw new FuzzFinding('broke', input, err);
    return 'refused';
  } finally {
    const took = now() - start;
    // eslint-disable-next-line no-unsafe-finally -- a finding is worth more than a refusal
    if (took > inputMs) throw new FuzzFinding(`took ${Math.round(took)} ms`, input);
  }
}
