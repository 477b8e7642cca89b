import type { Variable } from '@kubephant/schema';
import type { Cause } from '@kubephant/api';
import { forbidden, invalidValue, none, type Causes } from '../validation/causes';
import type { Path } from '../validation/path';

/** What an expression is for, which says what it must evaluate to and what it may refer to. */
export type ExpressionUse =
  | 'matchCondition'
  | 'variable'
  | 'validation'
  | 'messageExpression'
  | 'auditAnnotation'
  | 'applyConfiguration'
  | 'jsonPatch'
  | 'deviceSelector';

export interface ExpressionScope {
  /** Whether `params` can be referred to. */
  readonly params?: boolean;
  /** What `variables.…` can be referred to: those declared before, right or wrong. */
  readonly variables?: readonly Variable[];
  /** Accepted once: stored objects stay valid when rules become stricter. */
  readonly stored?: boolean;
}

export interface ExpressionProblem {
  readonly reason: Extract<Cause['reason'], 'FieldValueInvalid' | 'FieldValueForbidden'>;
  /** As upstream words it: `must evaluate to bool but got int`, `compilation failed: ERROR: <input>:1:1: …`. */
  readonly detail: string;
}

/** Compiles an expression of CEL. Without anything that can, expressions are taken as they are. */
export type CheckExpression = (
  expression: string,
  use: ExpressionUse,
  scope: ExpressionScope,
) => ExpressionProblem | undefined;

/** What a check knows of the object besides one expression. */
export interface Checking extends ExpressionScope {
  readonly checkExpression?: CheckExpression | undefined;
}

export function validateExpression(expression: string, path: Path, use: ExpressionUse, checking: Checking): Causes {
  const { checkExpression, ...scope } = checking;
  // The blanks around what an annotation says are quoted, but not compiled; other expressions are taken as they are.
  const problem = checkExpression?.(use === 'auditAnnotation' ? expression.trim() : expression, use, scope);
  if (!problem) return none;
  const { reason, detail } = problem;
  return [reason === 'FieldValueForbidden' ? forbidden(path, detail) : invalidValue(path, expression, detail)];
}
