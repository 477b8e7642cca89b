import { answerName } from './case';
import type { CaseClass } from './classes';
import { levels, type Level } from './compare';

/** Levels by name of answer, for those that differ. */
export type Differing = ReadonlyMap<string, ReadonlySet<Level>>;

/** The levels that a class looks at: all up to the last one it has a floor for. */
export function levelsOf({ floor }: CaseClass): readonly Level[] {
  return levels.slice(0, 1 + levels.findLastIndex((level) => floor[level] !== undefined));
}

/** What the class lists as differing. */
export function listedIn({ differences }: CaseClass): Differing {
  const listed = new Map<string, Set<Level>>();
  for (const { answers, differs } of differences)
    for (const name of answers) listed.set(name, new Set([...(listed.get(name) ?? []), ...differs]));
  return listed;
}

/** `answer: level` for each that `some` has and `others` have not. */
export function without(some: Differing, others: Differing): readonly string[] {
  return [...some].flatMap(([name, differs]) =>
    [...differs].filter((level) => !others.get(name)?.has(level)).map((level) => `${name}: ${level}`),
  );
}

export const answersIn = ({ cases }: CaseClass): readonly string[] =>
  cases.flatMap((one) => one.steps.map((_, step) => answerName(one, step)));

/** The share of answers, in percent, that are equal in this level and all before it. */
export function equalUpTo(level: Level, one: CaseClass, differing: Differing): number {
  const looked = levels.slice(0, 1 + levels.indexOf(level));
  const answers = answersIn(one);
  const equal = answers.filter((name) => !looked.some((each) => differing.get(name)?.has(each)));
  return (100 * equal.length) / answers.length;
}
