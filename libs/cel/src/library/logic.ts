import { fixed } from '../cost/rules';
import { noSuchOverload, type Value } from '../values/value';
import { type Library, overload } from './declare';

/** What does not evaluate all of its operands is the evaluator's; here it is only declared. */
const undecided = (): Value => noSuchOverload;
const free = fixed(0);

export const logic: Library = {
  '_&&_': [overload('(bool, bool) -> bool', undecided, free)],
  '_||_': [overload('(bool, bool) -> bool', undecided, free)],
  '_?_:_': [overload('(bool, A, A) -> A', undecided, free)],
  '!_': [overload('(bool) -> bool', (value: boolean) => !value)],
};
