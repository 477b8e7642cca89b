/** One operation on one object, as the checker sees it. */
export interface Operation<S> {
  readonly invoked: number;
  /** Infinity: it never returned. */
  readonly returned: number;
  /** It may also have had no effect at all. */
  readonly optional?: boolean;
  /** Effects with a rank took place in its order; that is known from elsewhere. Never of an optional operation. */
  readonly rank?: number;
  /** It never changes the state. */
  readonly reads?: boolean;
  /** The state after it; undefined when it cannot have happened in this state. */
  apply(state: S): S | undefined;
}

export type Linearization<S, O> =
  | { readonly is: 'found' }
  /** The longest attempt: the state it came to, and the operation that had to come next and could not. */
  | { readonly is: 'none'; readonly state: S; readonly stuck: O }
  /** Too many possibilities. */
  | { readonly is: 'undecided' };

/** What has been put in order: all required ones before `low`, those in `beyond`, the optional ones in `perhaps`. */
interface Node<S> {
  readonly low: number;
  readonly beyond: readonly number[];
  readonly perhaps: readonly number[];
  readonly state: S;
}

const maxNodes = 100_000;

/**
 * Looks for a total order of the operations that respects their times (one that returned before another was invoked
 * comes first) and the model. Wing & Gong's search, with Lowe's memory of (operations done, state). Two shortcuts lose
 * nothing: a read that fits now is done now, and ranked effects are tried in their order only.
 */
export class Linearizer<S, O extends Operation<S>> {
  readonly #required: readonly O[];
  readonly #optional: readonly O[];
  /** For each required operation with a rank, the one whose rank comes right before. */
  readonly #rankedBefore = new Map<number, number>();
  /** For what was done and the state that came of it: which optional ones it took. */
  readonly #seen = new Map<string, (readonly number[])[]>();
  #nodes = 0;
  readonly #keyOf: (state: S) => string;
  #best: Node<S> | undefined = undefined;

  constructor(operations: readonly O[], keyOf: (state: S) => string) {
    const sorted = [...operations].sort((a, b) => a.invoked - b.invoked);
    this.#required = sorted.filter(({ optional }) => !optional);
    this.#optional = sorted.filter(({ optional }) => optional);
    this.#keyOf = keyOf;
    const ranked = this.#required.map(({ rank }, index) => ({ rank: rank ?? NaN, index }));
    const inOrder = ranked.filter(({ rank }) => !Number.isNaN(rank)).sort((a, b) => a.rank - b.rank);
    inOrder.forEach(({ index }, i) => this.#rankedBefore.set(index, inOrder[i - 1]?.index ?? -1));
  }

  run(initial: S): Linearization<S, O> {
    const stack: Node<S>[] = [{ low: 0, beyond: [], perhaps: [], state: initial }];
    for (let node = stack.pop(); node; node = stack.pop()) {
      const next = this.#doReads(node);
      if (next.low === this.#required.length) return { is: 'found' };
      if (!this.#remember(next)) continue;
      if (++this.#nodes > maxNodes) return { is: 'undecided' };
      stack.push(...this.#children(next));
    }
    return this.#failure(initial);
  }

  #failure(initial: S): Linearization<S, O> {
    const best = this.#best ?? { low: 0, beyond: [], perhaps: [], state: initial };
    const waiting = this.#candidates(best).map((index) => this.#required[index] as O);
    // None may come next when the times of one contradict each other: then that one, or one before it.
    const first = this.#required[best.low] as O;
    const stuck = waiting.reduce((soonest, op) => (op.returned < soonest.returned ? op : soonest), first);
    return { is: 'none', state: best.state, stuck };
  }

  #remember(node: Node<S>): boolean {
    const key = `${node.low}|${node.beyond.join()}|${this.#keyOf(node.state)}`;
    const ways = this.#seen.get(key) ?? [];
    // Who came here with fewer of the optional ones can go wherever this one can.
    if (ways.some((way) => way.every((index) => node.perhaps.includes(index)))) return false;
    this.#seen.set(key, [...ways, node.perhaps]);
    const done = node.low + node.beyond.length;
    if (!this.#best || done > this.#best.low + this.#best.beyond.length) this.#best = node;
    return true;
  }

  /** Required operations that may come next: none that is still to be done returned before they were invoked. */
  #candidates({ low, beyond }: Node<S>): number[] {
    const found: number[] = [];
    let deadline = Infinity;
    for (let index = low; index < this.#required.length; index++) {
      const { invoked, returned } = this.#required[index] as O;
      if (invoked > deadline) break;
      if (beyond.includes(index)) continue;
      deadline = Math.min(deadline, returned);
      found.push(index);
    }
    return found.filter((index) => (this.#required[index] as O).invoked <= deadline);
  }

  #doReads(node: Node<S>): Node<S> {
    for (;;) {
      const fitting = this.#candidates(node).filter((index) => {
        const operation = this.#required[index] as O;
        return operation.reads === true && operation.apply(node.state) !== undefined;
      });
      if (fitting.length === 0) return node;
      node = done(node, fitting, node.state);
    }
  }

  /** The most promising one last: the optional ones are tried when nothing else works. */
  #children(node: Node<S>): Node<S>[] {
    const candidates = this.#candidates(node);
    const deadline = Math.min(...candidates.map((index) => (this.#required[index] as O).returned));
    const children: Node<S>[] = [];
    this.#optional.forEach((operation, index) => {
      if (operation.invoked > deadline || node.perhaps.includes(index)) return;
      const state = operation.apply(node.state);
      if (state !== undefined) children.push({ ...node, state, perhaps: sorted([...node.perhaps, index]) });
    });
    for (const index of candidates) {
      const operation = this.#required[index] as O;
      if (operation.reads || !this.#isNextInRank(node, index)) continue;
      const state = operation.apply(node.state);
      if (state !== undefined) children.push(done(node, [index], state));
    }
    return children;
  }

  #isNextInRank({ low, beyond }: Node<S>, index: number): boolean {
    const before = this.#rankedBefore.get(index) ?? -1;
    return before < low || beyond.includes(before);
  }
}

function done<S>(node: Node<S>, indexes: readonly number[], state: S): Node<S> {
  const beyond = sorted([...node.beyond, ...indexes]);
  let { low } = node;
  while (beyond[0] === low) {
    beyond.shift();
    low++;
  }
  return { low, beyond, perhaps: node.perhaps, state };
}

const sorted = (numbers: number[]): number[] => numbers.sort((a, b) => a - b);
