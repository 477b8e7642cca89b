import type { ResourceQuotaSpec, ScopedResourceSelectorRequirement } from '@kubephant/schema';
import { invalidValue, none, required, type Causes } from '../validation/causes';
import { when } from '../validation/checks';
import { goForm } from '../validation/go-form';
import { at } from '../validation/path';
import { isQuotaResource } from './quota-resources';

const pods = ['pods'];
const compute = ['cpu', 'memory', 'limits.cpu', 'limits.memory', 'requests.cpu', 'requests.memory'];

/** What a scope may narrow. */
const scopes: ReadonlyMap<string, readonly string[]> = new Map([
  ['Terminating', [...pods, ...compute]],
  ['NotTerminating', [...pods, ...compute]],
  ['BestEffort', pods],
  ['NotBestEffort', [...pods, ...compute]],
  ['PriorityClass', [...pods, ...compute]],
  ['CrossNamespacePodAffinity', [...pods, ...compute]],
  ['VolumeAttributesClass', ['persistentvolumeclaims', 'requests.storage']],
]);

/** Scopes that a pod is either in or not, whatever the values. */
const plain = ['Terminating', 'NotTerminating', 'BestEffort', 'NotBestEffort', 'CrossNamespacePodAffinity'];

const opposites = [
  ['BestEffort', 'NotBestEffort'],
  ['Terminating', 'NotTerminating'],
] as const;

/** Resources with a limit that the scope cannot narrow. An unknown scope can narrow any. */
const misfits = (scope: string, { hard }: ResourceQuotaSpec): readonly string[] =>
  Object.keys(hard ?? {}).filter((name) => isQuotaResource(name) && !(scopes.get(scope)?.includes(name) ?? true));

const conflicts = (named: readonly string[]): number =>
  opposites.filter((pair) => pair.every((scope) => named.includes(scope))).length;

const times = (count: number, make: () => Causes[number]): Causes => Array.from({ length: count }, make);

const misfit = 'unsupported scope applied to resource';

export function validateScopes(spec: ResourceQuotaSpec): Causes {
  const path = at('spec', 'scopes');
  const named = spec.scopes ?? [];
  const wrong = (detail: string) => () => invalidValue(path, named, detail);
  return [
    ...named.flatMap((scope) => [
      ...when(!scopes.has(scope), wrong('unsupported scope')),
      ...times(misfits(scope, spec).length, wrong(misfit)),
    ]),
    ...times(conflicts(named), wrong('conflicting scopes')),
  ];
}

const expressions = at('spec', 'scopeSelector', 'matchExpressions');

const mustExist =
  "must be 'Exists' when scope is any of ResourceQuotaScopeTerminating, ResourceQuotaScopeNotTerminating, " +
  'ResourceQuotaScopeBestEffort, ResourceQuotaScopeNotBestEffort or ResourceQuotaScopeCrossNamespacePodAffinity';

function validateOperator({ operator, values = [] }: ScopedResourceSelectorRequirement): Causes {
  const path = expressions.child('values');
  const some = "must be at least one value when `operator` is 'In' or 'NotIn' for scope selector";
  const noValue = "must be no value when `operator` is 'Exist' or 'DoesNotExist' for scope selector";
  switch (operator) {
    case 'In':
    case 'NotIn':
      return when(values.length === 0, () => required(path, some));
    case 'Exists':
    case 'DoesNotExist':
      return when(values.length > 0, () => invalidValue(path, values, noValue));
    default:
      return [invalidValue(expressions.child('operator'), operator, 'not a valid selector operator')];
  }
}

export function validateScopeSelector(spec: ResourceQuotaSpec): Causes {
  const { scopeSelector, scopes: listed } = spec;
  if (!scopeSelector) return none;
  const requirements = scopeSelector.matchExpressions ?? [];
  const shown = (): unknown => goForm('io.k8s.api.core.v1.ScopeSelector', scopeSelector);
  return [
    ...requirements.flatMap((requirement) => {
      const { scopeName: scope, operator } = requirement;
      return [
        ...when(!scopes.has(scope), () => invalidValue(expressions.child('scopeName'), scope, 'unsupported scope')),
        ...times(misfits(scope, spec).length, () => invalidValue(expressions, shown(), misfit)),
        ...when(plain.includes(scope) && operator !== 'Exists', () =>
          invalidValue(expressions.child('operator'), operator, mustExist),
        ),
        ...validateOperator(requirement),
      ];
    }),
    ...times(conflicts(requirements.map(({ scopeName }) => scopeName)), () =>
      invalidValue(expressions, listed, 'conflicting scopes'),
    ),
  ];
}

/** Whether two quotas are about the same pods, as far as the plain list says. */
export const sameScopes = (a: ResourceQuotaSpec, b: ResourceQuotaSpec): boolean =>
  new Set(a.scopes).symmetricDifference(new Set(b.scopes)).size === 0;
