import type { LabelSelector } from '@kubephant/api';
import type { Form, WriteAttributes } from '../attributes';
import type { Objects } from '../objects';
import { newRuleMatcher, type Rule, type RuleMatcher } from './rules';
import { matchesNamespace, matchesObject, readSelector } from './selectors';

/** A rule that may be about some objects only. */
export interface NamedRule extends Rule {
  readonly resourceNames?: readonly string[];
}

/** What webhooks, policies and bindings say of the requests that they are about. */
export interface Criteria {
  readonly namespaceSelector?: LabelSelector;
  readonly objectSelector?: LabelSelector;
  /** Absent: every request. */
  readonly rules?: readonly NamedRule[];
  readonly excludeRules?: readonly NamedRule[];
  /** Unless Exact, other versions of what is requested count, too. */
  readonly matchPolicy?: string;
}

/** Criteria, read once to be asked often. */
export interface RequestMatcher {
  /** The form in which the request may be of interest; whether it is, its namespace decides. */
  formFor(attributes: WriteAttributes): Form | undefined;
  /** Throws NotFound where the namespace matters and is not there. */
  inNamespace(attributes: WriteAttributes, objects: Objects): Promise<boolean>;
}

type FormFor = RequestMatcher['formFor'];

export function newRequestMatcher(criteria: Criteria): RequestMatcher {
  const { rules, excludeRules = [], matchPolicy } = criteria;
  const byRules = rules ? newFormFor(rules, matchPolicy) : ({ form }: WriteAttributes): Form => form;
  const excluded = excludeRules.length > 0 ? newFormFor(excludeRules, matchPolicy) : undefined;
  const namespaces = readSelector(criteria.namespaceSelector);
  const labels = readSelector(criteria.objectSelector);
  return {
    formFor(attributes) {
      const form = byRules(attributes);
      return form && !excluded?.(attributes) && matchesObject(labels, attributes) ? form : undefined;
    },
    inNamespace: (attributes, objects) => matchesNamespace(namespaces, attributes, objects),
  };
}

/** The form asked for if a rule names it; else, unless the policy is Exact, the first that a rule does name. */
function newFormFor(rules: readonly NamedRule[], matchPolicy: string | undefined): FormFor {
  const matchers = rules.map(newNamedMatcher);
  return (attributes) => {
    const { form, otherForms } = attributes;
    if (matchers.some((matches) => matches(attributes, form))) return form;
    if (matchPolicy === 'Exact' || otherForms.length === 0) return undefined;
    for (const matches of matchers) {
      const other = otherForms.find((one) => matches(attributes, one));
      if (other) return other;
    }
    return undefined;
  };
}

function newNamedMatcher(rule: NamedRule): (attributes: WriteAttributes, form: Form) => boolean {
  const matches: RuleMatcher = newRuleMatcher(rule);
  const names = rule.resourceNames?.length ? new Set(rule.resourceNames) : undefined;
  return (attributes, form) =>
    matches(attributes.info, attributes.operation, form.place) && (!names || names.has(nameIn(attributes)));
}

const nameIn = ({ info, object }: WriteAttributes): string =>
  info.name ?? (object?.metadata as { name?: string } | undefined)?.name ?? '';
