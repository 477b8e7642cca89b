import type { Environment } from '@kubephant/cel';
import type { Authorizer } from '@kubephant/serving';
import { aggregate } from '../several';
import type { Conditional, Matched, MatchConditions } from './conditions';
import type { Environments } from './environments';
import { compile, OutOfBudget, Session, type Expression } from './expressions';

/** A quarter of what all expressions of a policy may cost. */
export const conditionBudget = 2_500_000;

/** Match conditions of webhooks. What is compiled for one is kept for as long as it is as it was. */
export function newMatchConditions(authorizer: Authorizer, environments: Environments): MatchConditions {
  const compiled = new WeakMap<Conditional, readonly Expression[]>();
  return {
    async match(owner, attributes, form) {
      if (!owner.matchConditions?.length) return { matches: true };
      const known = compiled.get(owner) ?? compileConditions(owner, environments({ authorizer: true }));
      compiled.set(owner, known);
      const session = await Session.open({ attributes, form, authorizer, budget: conditionBudget });
      return matchAll(known, session);
    },
  };
}

export const compileConditions = (
  { matchConditions = [] }: Conditional,
  environment: Environment,
): readonly Expression[] => matchConditions.map(({ expression }) => compile(environment, expression));

/** One that does not hold decides, whatever is wrong with the others. */
export async function matchAll(conditions: readonly Expression[], session: Session): Promise<Matched> {
  const errors: string[] = [];
  try {
    for (const condition of conditions) {
      const { value, error } = await session.evaluate(condition);
      if (error !== undefined) errors.push(error);
      else if (value !== true) return { matches: false };
    }
  } catch (err) {
    if (!(err instanceof OutOfBudget)) throw err;
    return { matches: false, error: err.message };
  }
  return errors.length > 0 ? { matches: false, error: aggregate(errors) } : { matches: true };
}
