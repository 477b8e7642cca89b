import { emptyAsGiven, type ResourceQuota } from '@kubephant/schema';
import { defineResource, type Column, type ResourceDefinition } from '../definition';
import { ageColumn, nameColumn, text } from '../print/columns';
import { invalidValue, type Causes } from '../validation/causes';
import { when } from '../validation/checks';
import { at } from '../validation/path';
import { validateQuotaAmounts } from './quota-resources';
import { sameScopes, validateScopes, validateScopeSelector } from './quota-scopes';

const path = at('spec');

const validate = ({ spec }: ResourceQuota): Causes => [
  ...validateQuotaAmounts(spec.hard, path.child('hard')),
  ...validateScopes(spec),
  ...validateScopeSelector(spec),
];

const validateUpdate = (quota: ResourceQuota, old: ResourceQuota): Causes => [
  ...validate(quota),
  ...when(!sameScopes(quota.spec, old.spec), () =>
    invalidValue(path.child('scopes'), quota.spec.scopes ?? emptyAsGiven(quota.spec, 'scopes'), 'field is immutable'),
  ),
];

const validateStatus = ({ status }: ResourceQuota): Causes => [
  ...validateQuotaAmounts(status?.hard, at('status', 'hard')),
  ...validateQuotaAmounts(status?.used, at('status', 'used')),
];

/** `cpu: 1/4` of every resource that is, or is not, a limit. */
const usage =
  (ofLimits: boolean) =>
  ({ status }: ResourceQuota): string =>
    Object.keys(status?.hard ?? {})
      .sort()
      .filter((name) => name.startsWith('limits') === ofLimits)
      .map((name) => `${name}: ${status?.used?.[name] ?? '0'}/${status?.hard?.[name] ?? '0'}`)
      .join(', ');

const columns: readonly Column<ResourceQuota>[] = [
  nameColumn,
  text('Request', 'Requests and counts, of all allowed.', usage(false)),
  text('Limit', 'Limits, of all allowed.', usage(true)),
  ageColumn,
];

export const resourceQuotas: ResourceDefinition = defineResource<ResourceQuota>({
  group: '',
  version: 'v1',
  kind: 'ResourceQuota',
  scope: 'Namespaced',
  names: { plural: 'resourcequotas', singular: 'resourcequota', short: ['quota'] },
  schema: 'io.k8s.api.core.v1.ResourceQuota',
  deleteReturnsObject: true,
  columns,
  strategy: { validate, validateUpdate },
  subresources: { status: { kind: 'status', strategy: { validateUpdate: validateStatus } } },
});
