import { runtimeCostBudget, type Value } from '@kubephant/cel';
import type { AdmissionMetrics, ConditionLabels, ExpressionErrorType } from '../metrics/metrics';
import { matchAll } from './cel-conditions';
import type { CompiledAnnotation, CompiledPolicy, CompiledValidation } from './compiled-policy';
import { OutOfBudget, Session, type SessionContext } from './expressions';

/** Something that a policy has against a request. */
export interface Objection {
  readonly message: string;
  readonly reason?: string;
  /** Whether this is not what the policy says, but that it could not be asked. */
  readonly isFailure?: true;
  /** Whether it is an annotation that could not be made: that is refused, whatever the binding says. */
  readonly isAnnotation?: true;
  /** What evaluating took. */
  readonly seconds: number;
}

/** How upstream tells errors of expressions apart: by how their messages begin. */
export function errorTypeOf(message: string): ExpressionErrorType {
  if (message.startsWith('compilation')) return 'compile_error';
  return message.startsWith('validation failed due to running out of cost budget') ? 'out_of_budget' : 'invalid_error';
}

/** A message of an expression that is longer is not used. */
const maxMessageBytes = 5 * 1024;

export interface Validating {
  readonly metrics: AdmissionMetrics;
  readonly labels: ConditionLabels;
}

/** What a policy has against a request with these parameters. */
export async function objectionsOf(
  policy: CompiledPolicy,
  context: Omit<SessionContext, 'budget'>,
  { metrics, labels }: Validating,
): Promise<readonly Objection[]> {
  const session = await Session.open({ ...context, budget: runtimeCostBudget });
  const matched = await matchAll(policy.conditions, session, metrics, labels);
  if (matched.error !== undefined) return [{ message: matched.error, isFailure: true, seconds: 0 }];
  if (!matched.matches) return [];
  const found = await objectionsIn(session, policy, policy.validations, objectionTo);
  if (policy.annotations.length === 0) return found;
  const annotating = await Session.open({ ...context, budget: runtimeCostBudget });
  return [...found, ...(await objectionsIn(annotating, policy, policy.annotations, problemWith))];
}

type Examine<T> = (one: T, session: Session, variables: Value) => Promise<Omit<Objection, 'seconds'> | undefined>;

async function objectionsIn<T>(
  session: Session,
  policy: CompiledPolicy,
  all: readonly T[],
  examine: Examine<T>,
): Promise<readonly Objection[]> {
  const objections: Objection[] = [];
  const variables = session.variables(policy.variables);
  let start = performance.now();
  try {
    for (const one of all) {
      start = performance.now();
      const objection = await examine(one, session, variables);
      if (objection) objections.push({ ...objection, seconds: (performance.now() - start) / 1000 });
    }
    return objections;
  } catch (err) {
    if (!(err instanceof OutOfBudget)) throw err;
    return [{ message: err.message, isFailure: true, seconds: (performance.now() - start) / 1000 }];
  }
}

const objectionTo: Examine<CompiledValidation> = async ({ validation, expression, message }, session, variables) => {
  const { value, error } = await session.evaluate(expression, variables);
  if (error !== undefined) return { message: error, isFailure: true };
  if (value === true) return undefined;
  const said = message && messageIn((await session.evaluate(message, variables)).value);
  const fallback = validation.message?.trim() || `failed expression: ${validation.expression.trim()}`;
  return { message: said || fallback, ...(validation.reason && { reason: validation.reason }) };
};

/** There is no audit log that annotations could go into; that they can be made is demanded all the same. */
const problemWith: Examine<CompiledAnnotation> = async ({ expression }, session, variables) => {
  const { error } = await session.evaluate(expression, variables);
  return error === undefined ? undefined : { message: error, isFailure: true, isAnnotation: true };
};

/** One line of text; anything else is no message. */
function messageIn(value: Value | undefined): string | undefined {
  if (typeof value !== 'string') return undefined;
  const text = value.trim();
  return Buffer.byteLength(text) > maxMessageBytes || text.includes('\n') ? undefined : text;
}
