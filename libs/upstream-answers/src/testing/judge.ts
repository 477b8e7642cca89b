import type { CaseClass } from './classes';
import { levels, type Level } from './compare';

/** Levels by name of case, for cases that differ. */
export type Differing = ReadonlyMap<string, ReadonlySet<Level>>;

/** The levels that a class looks at: all up to the last one it has a floor for. */
export function levelsOf({ floor }: CaseClass): readonly Level[] {
  return levels.slice(0, 1 + levels.findLastIndex((level) => floor[level] !== undefined));
}

/** What the class lists as differing. */
export function listedIn({ differences }: CaseClass): Differing {
  const listed = new Map<string, Set<Level>>();
  for (const { cases, differs } of differences)
    for (const name of cases) listed.set(name, new Set([...(listed.get(name) ?? []), ...differs]));
  return listed;
}

/** `case: level` for each that `some` has and `others` have not. */
export function without(some: Differing, others: Differing): readonly string[] {
  return [...some].flatMap(([name, differs]) =>
    [...differs].filter((level) => !others.get(name)?.has(level)).map((level) => `${name}: ${level}`),
  );
}

/** How many cases are equal in this level and all before it. */
export function equalUpTo(level: Level, { cases }: CaseClass, differing: Differing): number {
  const looked = levels.slice(0, 1 + levels.indexOf(level));
  return cases.filter(({ name }) => !looked.some((one) => differing.get(name)?.has(one))).length;
}
