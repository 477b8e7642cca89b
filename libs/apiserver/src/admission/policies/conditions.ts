import type { MatchCondition } from '@kubephant/schema';
import type { Form, WriteAttributes } from '../attributes';

/** Whether all conditions hold; `error`: that cannot be told. */
export interface Matched {
  readonly matches: boolean;
  readonly error?: string;
}

/** Who has conditions, in CEL, on the requests that concern it. */
export interface Conditional {
  readonly matchConditions?: readonly MatchCondition[];
}

/** Evaluates match conditions. The first that does not hold decides, before any error. */
export interface MatchConditions {
  match(owner: Conditional, attributes: WriteAttributes, form: Form): Promise<Matched>;
}
