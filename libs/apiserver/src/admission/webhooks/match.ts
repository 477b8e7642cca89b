import { groupResourceString, type KubeObject } from '@kubephant/api';
import type { MutatingWebhook, ValidatingWebhook } from '@kubephant/schema';
import type { WriteAttributes, Form } from '../attributes';
import { matchesRule } from '../matching/rules';
import { matchesNamespace, matchesObject } from '../matching/selectors';
import type { Objects } from '../objects';
import type { MatchConditions } from '../policies/conditions';
import { refuse } from '../refuse';

export type AnyWebhook = MutatingWebhook | ValidatingWebhook;

/** A configuration of either kind. */
export interface WebhookConfiguration extends KubeObject {
  readonly webhooks?: readonly AnyWebhook[];
}

/** A webhook that is to be asked, and in which form. */
export interface Invocation<W extends AnyWebhook = AnyWebhook> {
  readonly webhook: W;
  /** Tells webhooks of one name apart. */
  readonly id: string;
  readonly form: Form;
}

export interface MatchDependencies {
  readonly objects: Objects;
  readonly conditions: MatchConditions;
}

/** Whether the webhook wants to know of the request, and the form that it knows the object in. */
export async function invocationOf<W extends AnyWebhook>(
  webhook: W,
  id: string,
  attributes: WriteAttributes,
  { objects, conditions }: MatchDependencies,
): Promise<Invocation<W> | undefined> {
  if (!matchesObject(webhook.objectSelector, attributes)) return undefined;
  const form = formFor(webhook, attributes);
  if (!form || !(await matchesNamespace(webhook.namespaceSelector, attributes, objects))) return undefined;
  const matched = await conditions.match(webhook, attributes, form);
  if (matched.error !== undefined && webhook.failurePolicy !== 'Ignore') {
    throw refuse(attributes, matched.error);
  }
  return matched.error === undefined && matched.matches ? { webhook, id, form } : undefined;
}

/** The form asked for if a rule names it; else, unless the webhook insists, the first that a rule does name. */
function formFor({ rules = [], matchPolicy }: AnyWebhook, { info, operation, form, otherForms }: WriteAttributes) {
  if (rules.some((rule) => matchesRule(rule, info, operation, form.place))) return form;
  if (matchPolicy === 'Exact') return undefined;
  for (const rule of rules) {
    const other = otherForms.find((one) => matchesRule(rule, info, operation, one.place));
    if (other) return other;
  }
  return undefined;
}

/** All webhooks, by the name of their configuration and in its order. */
export async function webhooksOf(
  objects: Objects,
  plural: string,
): Promise<readonly { readonly webhook: AnyWebhook; readonly id: string }[]> {
  const resource = groupResourceString({ group: 'admissionregistration.k8s.io', resource: plural });
  const configurations = await objects.all<WebhookConfiguration>(resource);
  return configurations.flatMap(({ metadata, webhooks = [] }) =>
    webhooks.map((webhook, index) => ({ webhook, id: `${metadata.name}/${webhook.name}/${index}` })),
  );
}
