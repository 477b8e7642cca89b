import { newSelector, selectorOperators, type KubeObject } from '@kubephant/api';
import type {
  PersistentVolumeClaim,
  Pod,
  PodAffinityTerm,
  ResourceQuota,
  ScopedResourceSelectorRequirement,
} from '@kubephant/schema';

type Scope = ScopedResourceSelectorRequirement;

/** What a quota is about, all of which must hold. */
export const scopesOf = ({ spec }: ResourceQuota): readonly Scope[] => [
  ...(spec.scopes ?? []).map((scopeName): Scope => ({ scopeName, operator: 'Exists' })),
  ...(spec.scopeSelector?.matchExpressions ?? []),
];

/** Whether one of the names satisfies the scope; without a name only what forbids one does. */
function selects({ scopeName, operator, values = [] }: Scope, names: readonly string[]): boolean {
  const known = selectorOperators[operator];
  if (!known) return false;
  const selector = newSelector([{ key: scopeName, operator: known, values }]);
  const sets = names.length > 0 ? names.map((name) => ({ [scopeName]: name })) : [{}];
  return sets.some((set) => selector.matches(set));
}

type InScope<T> = (obj: T, scope: Scope) => boolean;

/** Quality of service by what containers ask for: nothing at all is best effort. */
const isBestEffort = ({ spec, status }: Pod): boolean => {
  if (status?.qosClass) return status.qosClass === 'BestEffort';
  const all = spec.resources
    ? [spec.resources]
    : [...spec.containers, ...(spec.initContainers ?? [])].map((c) => c.resources);
  return all.every((resources) =>
    [resources?.requests, resources?.limits].every((list) => isNothing(list?.['cpu']) && isNothing(list?.['memory'])),
  );
};

const isNothing = (amount: string | undefined): boolean => amount === undefined || Number.parseFloat(amount) === 0;

const isTerminating = ({ spec }: Pod): boolean => (spec.activeDeadlineSeconds ?? -1) >= 0;

function crossesNamespaces({ spec }: Pod): boolean {
  const { podAffinity, podAntiAffinity } = spec.affinity ?? {};
  const terms = [podAffinity, podAntiAffinity].flatMap((affinity) => [
    ...(affinity?.requiredDuringSchedulingIgnoredDuringExecution ?? []),
    ...(affinity?.preferredDuringSchedulingIgnoredDuringExecution ?? []).map(({ podAffinityTerm }) => podAffinityTerm),
  ]);
  return terms.some(
    ({ namespaces, namespaceSelector }: PodAffinityTerm) => !!namespaces?.length || !!namespaceSelector,
  );
}

const podScopes: Readonly<Record<string, InScope<Pod>>> = {
  Terminating: isTerminating,
  NotTerminating: (pod) => !isTerminating(pod),
  BestEffort: isBestEffort,
  NotBestEffort: (pod) => !isBestEffort(pod),
  CrossNamespacePodAffinity: crossesNamespaces,
  PriorityClass: ({ spec }, scope) => selects(scope, spec.priorityClassName ? [spec.priorityClassName] : []),
};

export const isPodIn = (scope: Scope, obj: KubeObject): boolean =>
  podScopes[scope.scopeName]?.(obj as unknown as Pod, scope) ?? false;

/** The attribute classes that a claim has, had, or is to have. */
export function attributeClasses({ spec, status }: PersistentVolumeClaim): readonly string[] {
  const names = [
    spec.volumeAttributesClassName,
    status?.currentVolumeAttributesClassName,
    status?.modifyVolumeStatus?.targetVolumeAttributesClassName,
  ];
  return [...new Set(names.filter((name) => name !== undefined && name !== ''))] as readonly string[];
}

export const isClaimIn = (scope: Scope, obj: KubeObject): boolean =>
  scope.scopeName === 'VolumeAttributesClass' &&
  selects(scope, attributeClasses(obj as unknown as PersistentVolumeClaim));
