import { runtimeCostBudget, type Value } from '@kubephant/cel';
import { matchAll } from './cel-conditions';
import type { CompiledPolicy, CompiledValidation } from './compiled-policy';
import { OutOfBudget, Session, type SessionContext } from './expressions';

/** Something that a policy has against a request. */
export interface Objection {
  readonly message: string;
  readonly reason?: string;
  /** Whether this is not what the policy says, but that it could not be asked. */
  readonly isFailure?: true;
}

/** A message of an expression that is longer is not used. */
const maxMessageBytes = 5 * 1024;

/** What a policy has against a request with these parameters. */
export async function objectionsOf(
  policy: CompiledPolicy,
  context: Omit<SessionContext, 'budget'>,
): Promise<readonly Objection[]> {
  const session = await Session.open({ ...context, budget: runtimeCostBudget });
  const matched = await matchAll(policy.conditions, session);
  if (matched.error !== undefined) return [{ message: matched.error, isFailure: true }];
  if (!matched.matches) return [];
  const objections: Objection[] = [];
  const variables = session.variables(policy.variables);
  try {
    for (const one of policy.validations) {
      const objection = await objectionTo(one, session, variables);
      if (objection) objections.push(objection);
    }
    return objections;
  } catch (err) {
    if (!(err instanceof OutOfBudget)) throw err;
    return [{ message: err.message, isFailure: true }];
  }
}

async function objectionTo(
  { validation, expression, message }: CompiledValidation,
  session: Session,
  variables: Value,
): Promise<Objection | undefined> {
  const { value, error } = await session.evaluate(expression, variables);
  if (error !== undefined) return { message: error, isFailure: true };
  if (value === true) return undefined;
  const said = message && messageIn((await session.evaluate(message, variables)).value);
  const fallback = validation.message?.trim() || `failed expression: ${validation.expression.trim()}`;
  return { message: said || fallback, ...(validation.reason && { reason: validation.reason }) };
}

/** One line of text; anything else is no message. */
function messageIn(value: Value | undefined): string | undefined {
  if (typeof value !== 'string') return undefined;
  const text = value.trim();
  return Buffer.byteLength(text) > maxMessageBytes || text.includes('\n') ? undefined : text;
}
