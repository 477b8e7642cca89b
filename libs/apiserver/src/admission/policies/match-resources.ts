import type { MatchResources, NamedRuleWithOperations } from '@kubephant/schema';
import type { Form, WriteAttributes } from '../attributes';
import { matchesRule } from '../matching/rules';
import { matchesNamespace, matchesObject } from '../matching/selectors';
import type { Objects } from '../objects';

/** The form in which a policy or binding is about the request; undefined: it is not. Without rules it is about all. */
export async function matchingForm(
  criteria: MatchResources = {},
  attributes: WriteAttributes,
  objects: Objects,
): Promise<Form | undefined> {
  const { resourceRules = [], excludeResourceRules = [], matchPolicy } = criteria;
  if (!matchesObject(criteria.objectSelector, attributes)) return undefined;
  if (formFor(excludeResourceRules, matchPolicy, attributes)) return undefined;
  const form = resourceRules.length === 0 ? attributes.form : formFor(resourceRules, matchPolicy, attributes);
  return form && (await matchesNamespace(criteria.namespaceSelector, attributes, objects)) ? form : undefined;
}

function formFor(
  rules: readonly NamedRuleWithOperations[],
  matchPolicy: string | undefined,
  attributes: WriteAttributes,
): Form | undefined {
  if (rules.length === 0) return undefined;
  const forms = matchPolicy === 'Exact' ? [attributes.form] : [attributes.form, ...attributes.otherForms];
  return forms.find((form) => rules.some((rule) => matches(rule, attributes, form)));
}

function matches(rule: NamedRuleWithOperations, { info, object, operation }: WriteAttributes, form: Form): boolean {
  if (!matchesRule(rule, info, operation, form.place)) return false;
  const name = info.name ?? (object?.metadata as { name?: string } | undefined)?.name ?? '';
  return !rule.resourceNames?.length || rule.resourceNames.includes(name);
}
