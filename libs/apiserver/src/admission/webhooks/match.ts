import type { KubeObject } from '@kubephant/api';
import type { MutatingWebhook, ValidatingWebhook } from '@kubephant/schema';
import type { Form, WriteAttributes } from '../attributes';
import { newRequestMatcher, type RequestMatcher } from '../matching/criteria';
import type { Objects } from '../objects';
import type { WebhookType } from '../metrics/metrics';
import type { MatchConditions } from '../policies/conditions';
import { refuse } from '../refuse';

export type AnyWebhook = MutatingWebhook | ValidatingWebhook;

/** A configuration of either kind. */
export interface WebhookConfiguration<W extends AnyWebhook> extends KubeObject {
  readonly webhooks?: readonly W[];
}

/** A webhook with its criteria, ready to be asked whether a request is of interest to it. */
export interface ReadyWebhook<W extends AnyWebhook = AnyWebhook> {
  readonly webhook: W;
  /** Tells webhooks of one name apart. */
  readonly id: string;
  readonly matcher: RequestMatcher;
}

/** A webhook that is to be asked, and in which form. */
export interface Invocation<W extends AnyWebhook = AnyWebhook> extends Pick<ReadyWebhook<W>, 'webhook' | 'id'> {
  readonly form: Form;
}

export interface MatchDependencies {
  readonly objects: Objects;
  readonly conditions: MatchConditions;
}

/** All webhooks, by the name of their configuration and in its order; read anew when a configuration changes. */
export const readyWebhooks = <W extends AnyWebhook>(
  objects: Objects,
  plural: string,
): (() => readonly ReadyWebhook<W>[]) => {
  const resource = `${plural}.admissionregistration.k8s.io`;
  return objects.derived([resource], () =>
    objects
      .all<WebhookConfiguration<W>>(resource)
      .flatMap(({ metadata, webhooks = [] }) =>
        webhooks.map((webhook, index) => ready(webhook, `${metadata.name}/${webhook.name}/${index}`)),
      ),
  );
};

function ready<W extends AnyWebhook>(webhook: W, id: string): ReadyWebhook<W> {
  const { rules = [], namespaceSelector, objectSelector, matchPolicy } = webhook;
  const selectors = { ...(namespaceSelector && { namespaceSelector }), ...(objectSelector && { objectSelector }) };
  const matcher = newRequestMatcher({ rules, ...selectors, ...(matchPolicy !== undefined && { matchPolicy }) });
  return { webhook, id, matcher };
}

/**
 * How a webhook is to be asked that may be interested in this form of the request; undefined: it is not after all.
 * Throws Forbidden where that cannot be told.
 */
export async function invocationOf<W extends AnyWebhook>(
  { webhook, id, matcher }: ReadyWebhook<W>,
  form: Form,
  attributes: WriteAttributes,
  { objects, conditions, type }: MatchDependencies & { readonly type: WebhookType },
): Promise<Invocation<W> | undefined> {
  if (!(await matcher.inNamespace(attributes, objects))) return undefined;
  const matched = await conditions.match({ webhook, type }, attributes, form);
  if (matched.error !== undefined && webhook.failurePolicy !== 'Ignore') throw refuse(attributes, matched.error);
  return matched.error === undefined && matched.matches ? { webhook, id, form } : undefined;
}
