import type { KubeObject } from '@kubephant/api';
import type { Pod } from '@kubephant/schema';
import type { Attributes } from '@kubephant/serving';
import type { Objects } from '../objects';
import type { PodSecurityConfiguration } from './configuration';
import { podWarnings } from './existing-pods';
import { ignoredText, isPrivileged, samePolicy, type NamespacePolicy, type Policy } from './policy';
import { isStricter, sameStandard, type Standard } from './standard';

export interface NamespaceCheck {
  readonly objects: Objects;
  readonly configuration: PodSecurityConfiguration;
  readonly defaults: Policy;
  policyOf(namespace: KubeObject): NamespacePolicy;
}

/** Says what becomes of the labels of a namespace. Those that cannot be read were refused with what else is invalid. */
export function checkNamespace(attributes: Attributes, check: NamespaceCheck): void {
  const { object, old, warn } = attributes;
  if (!object) return;
  const [policy, before] = [check.policyOf(object), old && check.policyOf(old)];
  if (before && !isStricterNow(policy.enforce, before.enforce)) return;
  const { name } = object.metadata;
  const { namespaces, runtimeClasses } = check.configuration.exemptions;
  if (namespaces.includes(name)) {
    for (const text of exemptWarnings(object, policy, check.defaults)) warn(text);
  } else if (before) {
    // What was let in before a namespace became stricter stays; whoever makes it stricter hears of it.
    const pods = check.objects.all<Pod>('pods', name);
    for (const text of podWarnings(name, pods, policy.enforce, runtimeClasses)) warn(text);
  }
}

function isStricterNow(now: Standard, before: Standard): boolean {
  if (now.level === 'privileged' || sameStandard(now, before)) return false;
  return now.minor !== before.minor || isStricter(now.level, before.level);
}

function exemptWarnings({ metadata }: KubeObject, policy: NamespacePolicy, defaults: Policy): readonly string[] {
  if (isPrivileged(policy) || samePolicy(policy, defaults)) return [];
  const ignored = ignoredText(metadata.labels ?? {}, policy);
  const name = JSON.stringify(metadata.name);
  return [`namespace ${name} is exempt from Pod Security, and the policy (${ignored}) will be ignored`];
}
