import type { MatchCondition } from '@kubephant/schema';
import type { Form, WriteAttributes } from '../attributes';
import type { WebhookType } from '../metrics/metrics';

/** Whether all conditions hold; `error`: that cannot be told. */
export interface Matched {
  readonly matches: boolean;
  readonly error?: string;
  /** How many could not be evaluated. */
  readonly errors?: number;
}

/** Who has conditions, in CEL, on the requests that concern it. */
export interface Conditional {
  readonly matchConditions?: readonly MatchCondition[];
}

export interface ConditionalWebhook {
  readonly webhook: Conditional & { readonly name: string };
  readonly type: WebhookType;
}

/** Evaluates match conditions of webhooks. The first that does not hold decides, before any error. */
export interface MatchConditions {
  match(owner: ConditionalWebhook, attributes: WriteAttributes, form: Form): Promise<Matched>;
}
