export type { Answer, Case, Request, Step } from './testing/case';
export { classesOf, folders, type CaseClass, type Floor, type KnownDifference } from './testing/classes';
export { compare, levels, type Difference, type Level } from './testing/compare';
export { matches, resolve } from './testing/placeholders';
export { askOf, replay, type Ask, type StepDifference } from './testing/replay';
export { replaySuite } from './testing/suite';
