import type { Environment } from '@kubephant/cel';
import type { Authorizer } from '@kubephant/serving';
import type { AdmissionMetrics, ConditionLabels } from '../metrics/metrics';
import { aggregate } from '../several';
import type { Conditional, Matched, MatchConditions } from './conditions';
import type { Environments } from './environments';
import { compile, OutOfBudget, Session, type Expression } from './expressions';

/** A quarter of what all expressions of a policy may cost. */
export const conditionBudget = 2_500_000;

const always: Matched = { matches: true };

/** Match conditions of webhooks. What is compiled for one is kept for as long as it is as it was. */
export function newMatchConditions(
  authorizer: Authorizer,
  environments: Environments,
  metrics: AdmissionMetrics,
): MatchConditions {
  const compiled = new WeakMap<Conditional, readonly Expression[]>();
  return {
    async match({ webhook, type }, attributes, form) {
      if (!webhook.matchConditions?.length) return always;
      const known = compiled.get(webhook) ?? compileConditions(webhook, environments({ authorizer: true }));
      compiled.set(webhook, known);
      const session = await Session.open({ attributes, form, authorizer, budget: conditionBudget });
      const { name } = webhook;
      return matchAll(known, session, metrics, { name, kind: 'webhook', type, operation: attributes.operation });
    },
  };
}

export const compileConditions = (
  { matchConditions = [] }: Conditional,
  environment: Environment,
): readonly Expression[] => matchConditions.map(({ expression }) => compile(environment, expression));

/** Whether all conditions hold. What that took is told unless they do, as upstream. */
export async function matchAll(
  conditions: readonly Expression[],
  session: Session,
  metrics: AdmissionMetrics,
  labels: ConditionLabels,
): Promise<Matched> {
  if (conditions.length === 0) return always;
  const start = performance.now();
  const matched = await matchEach(conditions, session);
  if (matched.matches) return matched;
  const excluded = labels.kind === 'webhook' && matched.error === undefined;
  const seconds = (performance.now() - start) / 1000;
  metrics.conditions(labels, { seconds, excluded, errors: matched.errors ?? 0 });
  return matched;
}

/** One that does not hold decides, whatever is wrong with the others. */
async function matchEach(conditions: readonly Expression[], session: Session): Promise<Matched> {
  const errors: string[] = [];
  try {
    for (const condition of conditions) {
      const { value, error } = await session.evaluate(condition);
      if (error !== undefined) errors.push(error);
      else if (value !== true) return { matches: false, errors: errors.length };
    }
  } catch (err) {
    if (!(err instanceof OutOfBudget)) throw err;
    return { matches: false, error: err.message };
  }
  return errors.length > 0 ? { matches: false, error: aggregate(errors), errors: errors.length } : always;
}
