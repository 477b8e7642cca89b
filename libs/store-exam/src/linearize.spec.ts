import { Linearizer } from './linearize';
import { Random } from './random';
import { absent, newOperation, registerKey, type Effect, type Register, type RegisterOperation } from './register';

/** `effect` from `invoked` to `returned`; without an end it may never have happened. */
const op = (effect: Effect, invoked: number, returned?: number): RegisterOperation =>
  newOperation(effect, { invoked, returned: returned ?? Infinity, optional: returned === undefined });

const create = (value: string, revision?: number): Effect => ({ is: 'create', value, ...(revision && { revision }) });
const update = (value: string, revision?: number, expected?: number): Effect => ({
  is: 'update',
  value,
  ...(revision && { revision }),
  ...(expected && { expected }),
});
const remove = (revision?: number): Effect => ({ is: 'delete', ...(revision && { revision }) });
const see = (value: string, revision: number): Effect => ({ is: 'see', value, revision });

type Found = 'found' | 'none' | 'undecided';

const check = (operations: readonly RegisterOperation[], initial: Register = absent): Found =>
  new Linearizer<Register, RegisterOperation>(operations, registerKey).run(initial).is;

const begun = op(create('a', 1), 0, 1);

describe('histories that have an order', () => {
  it.each<[string, RegisterOperation[]]>([
    ['nothing at all', []],
    ['reading before the write', [op({ is: 'see nothing' }, 0, 1), op(create('a', 1), 2, 3)]],
    [
      'reading old and new beside a write',
      [begun, op(update('b', 2), 2, 9), op(see('a', 1), 3, 4), op(see('b', 2), 5, 6)],
    ],
    [
      'writes that returned in another order',
      [begun, op(update('c', 3), 2, 5), op(update('b', 2), 3, 9), op(see('c', 3), 10, 11)],
    ],
    [
      'a write of unknown outcome that took effect late',
      [begun, op(update('b', 2), 2), op(see('a', 1), 5, 6), op(see('b', 2), 8, 9)].map((o, i) =>
        i === 1 ? { ...o, optional: false } : o,
      ),
    ],
    ['a write of unknown outcome that never took effect', [begun, op(update('b'), 2), op(see('a', 1), 5, 6)]],
    ['one of two creations that wins', [begun, op({ is: 'see something' }, 0, 2)]],
    [
      'a conflict with a write that comes later in the list',
      [begun, op({ is: 'see another', expected: 1 }, 2, 9), op(update('b', 2), 3, 8)],
    ],
    [
      'deletion and creation again',
      [begun, op(remove(2), 2, 3), op({ is: 'see nothing' }, 3, 4), op(create('b', 3), 5, 6)],
    ],
    [
      'a deletion of unknown outcome that explains an absence',
      [begun, op(remove(), 2), op({ is: 'see nothing' }, 5, 6)],
    ],
    [
      'a failover that lost a write',
      [
        begun,
        op(update('b', 2), 2, 3),
        op({ is: 'turn back', to: { there: true, value: 'a', revision: 1 }, revision: 9 }, 4, 5),
        op(see('a', 1), 6, 7),
      ],
    ],
  ])('%s', (_, operations) => expect(check(operations)).toBe('found'));
});

describe('histories that have none', () => {
  it.each<[string, RegisterOperation[]]>([
    ['a stale read', [begun, op(update('b', 2), 2, 3), op(see('a', 1), 4, 5)]],
    ['a lost update: two on the same revision', [begun, op(update('b', 2, 1), 2, 3), op(update('c', 3, 1), 2, 4)]],
    [
      'a read of a write that was refused',
      [begun, op({ is: 'see another', expected: 7 }, 2, 3), op(see('b', 2), 4, 5)],
    ],
    ['reads that go back', [begun, op(update('b', 2), 2, 9), op(see('b', 2), 3, 4), op(see('a', 1), 5, 6)]],
    ['a read from the future', [op(see('b', 2), 0, 1), op(create('b', 2), 2, 3)]],
    ['two creations that both win', [begun, op(create('b', 2), 0, 2)]],
    [
      'an effect that appears twice',
      [begun, op(update('b', 2), 2, 3), op(update('c', 3), 4, 5), op(see('b', 4), 6, 7)],
    ],
    ['a deleted object that reappears', [begun, op(remove(2), 2, 3), op(see('a', 1), 4, 5)]],
    ['a deletion that nobody else saw', [begun, op(remove(2), 2, 3), op(update('b', 3), 4, 5)]],
    ['a conflict at the very revision', [begun, op({ is: 'see another', expected: 1 }, 2, 3)]],
    ['revisions against the order of the writes', [op(create('a', 5), 0, 1), op(update('b', 4), 2, 3)]],
    ['an absence without a deletion', [begun, op({ is: 'see nothing' }, 2, 3)]],
    ['an already-exists after the deletion', [begun, op(remove(2), 2, 3), op({ is: 'see something' }, 4, 5)]],
    [
      'a write that a failover lost, seen again',
      [
        begun,
        op(update('b', 2), 2, 3),
        op({ is: 'turn back', to: { there: true, value: 'a', revision: 1 }, revision: 9 }, 4, 5),
        op(see('b', 2), 6, 7),
      ],
    ],
  ])('%s', (_, operations) => expect(check(operations)).toBe('none'));

  it('is told with the state it came to and the operation that has no place', () => {
    const stale = op(see('a', 1), 4, 5);
    const result = new Linearizer<Register, RegisterOperation>(
      [begun, op(update('b', 2), 2, 3), stale],
      registerKey,
    ).run(absent);
    expect(result).toEqual({ is: 'none', state: { there: true, value: 'b', revision: 2 }, stuck: stale });
  });
});

/** Tries every order of every choice of the optional ones. */
function isLinearizable(left: readonly RegisterOperation[], state: Register): boolean {
  if (left.every(({ optional }) => optional)) return true;
  return left.some((next) => {
    const others = left.filter((other) => other !== next);
    if (others.some(({ optional, returned }) => !optional && returned < next.invoked)) return false;
    const isOutOfRank = others.some(({ optional, rank = Infinity }) => !optional && rank < (next.rank ?? -Infinity));
    const after = isOutOfRank ? undefined : next.apply(state);
    return after !== undefined && isLinearizable(others, after);
  });
}

function randomEffect(random: Random, revisions: number[]): Effect {
  const value = random.pick(['a', 'b']);
  const seen = random.between(1, 4);
  const revision = random.isLucky(0.7) ? revisions.shift() : undefined;
  const expected = random.isLucky(0.4) ? seen : undefined;
  return random.pick<() => Effect>([
    () => create(value, revision),
    () => update(value, revision, expected),
    () => update(value, revision),
    () => remove(revision),
    () => see(value, seen),
    () => see(value, seen),
    () => ({ is: 'see nothing' }),
    () => ({ is: 'see something' }),
    () => ({ is: 'see another', expected: seen }),
  ])();
}

it('agrees with trying everything, on thousands of tiny histories', () => {
  const random = new Random(42);
  const outcomes = { found: 0, none: 0, undecided: 0 };
  for (let round = 0; round < 6000; round++) {
    const revisions = [1, 2, 3, 4].filter(() => random.isLucky(0.8));
    const operations = Array.from({ length: random.between(2, 6) }, () => {
      const invoked = random.between(0, 8);
      const effect = randomEffect(random, revisions);
      const isWrite = ['create', 'update', 'delete'].includes(effect.is);
      const isUnknown = isWrite && !('revision' in effect) && random.isLucky(0.4);
      return op(effect, invoked, isUnknown ? undefined : invoked + random.between(1, 6));
    });
    const expected = isLinearizable(operations, absent) ? 'found' : 'none';
    const found = check(operations);
    expect({ round, found }).toEqual({ round, found: expected });
    outcomes[found]++;
  }
  expect(Math.min(outcomes.found, outcomes.none)).toBeGreaterThan(500);
});
