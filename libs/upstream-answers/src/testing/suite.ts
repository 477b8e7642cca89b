import { startTestServer, stillClock } from '@kubephant/apiserver/testing';
import { answerName } from './case';
import type { CaseClass } from './classes';
import type { Level } from './compare';
import { answersIn, equalUpTo, levelsOf, listedIn, without } from './judge';
import { askOf, replay, type StepDifference } from './replay';

/** Thousands of requests of one class. */
const timeoutMs = 600_000;

/** Asks all cases of a class and fails on differences that are not listed, on listed ones that are gone, below the floor. */
export function replaySuite(one: CaseClass): void {
  describe(one.name, () => {
    let found: ReadonlyMap<string, readonly StepDifference[]>;
    let differing: ReadonlyMap<string, ReadonlySet<Level>>;
    const listed = listedIn(one);

    beforeAll(async () => {
      found = await askAll(one);
      differing = new Map([...found].map(([name, all]) => [name, new Set(all.map(({ level }) => level))]));
    }, timeoutMs);

    it('has a name for each answer', () => {
      const names = answersIn(one);
      expect(new Set(names).size).toBe(names.length);
    });

    it('differs from upstream only where a reason is listed', () => {
      const unlisted = new Set(without(differing, listed));
      const told = [...found].flatMap(([name, all]) =>
        all.filter(({ level }) => unlisted.has(`${name}: ${level}`)).map((difference) => ({ name, ...difference })),
      );
      expect(told).toEqual([]);
    });

    it('lists no difference that is gone', () => {
      expect(without(listed, differing)).toEqual([]);
    });

    it.each(Object.entries(one.floor))('is equal up to %s in at least %d %% of the answers', (level, percent) => {
      expect(equalUpTo(level as Level, one, differing)).toBeGreaterThanOrEqual(percent);
    });
  });
}

async function askAll(one: CaseClass): Promise<ReadonlyMap<string, readonly StepDifference[]>> {
  const looked = levelsOf(one);
  const found = new Map<string, readonly StepDifference[]>();
  // Recorded within a second: managers that wrote at the same time are sorted by name, others by time.
  await using server = await startTestServer({ clock: stillClock() });
  for (const each of one.cases) {
    for (const difference of await replay(each, askOf(server))) {
      if (!looked.includes(difference.level)) continue;
      const name = answerName(each, difference.step);
      found.set(name, [...(found.get(name) ?? []), difference]);
    }
  }
  return found;
}
