import { Quantity } from '@kubephant/api';
import { validateResourceName } from '../pod-spec/resource-names';
import { validateAmount } from '../pod-spec/resources';
import { invalidValue, type Causes } from '../validation/causes';
import { when } from '../validation/checks';
import type { Path } from '../validation/path';

/** What can be counted without a domain before its name. */
const quotaResources = new Set([
  'cpu',
  'memory',
  'ephemeral-storage',
  ...['requests', 'limits'].flatMap((prefix) =>
    ['cpu', 'memory', 'ephemeral-storage'].map((resource) => `${prefix}.${resource}`),
  ),
  'requests.storage',
  'pods',
  'resourcequotas',
  'services',
  'services.nodeports',
  'services.loadbalancers',
  'replicationcontrollers',
  'secrets',
  'configmaps',
  'persistentvolumeclaims',
]);

const isHugePage = (name: string): boolean => name.startsWith('hugepages-') || name.startsWith('requests.hugepages-');

export const isQuotaResource = (name: string): boolean => quotaResources.has(name) || isHugePage(name);

const validateName = (name: string, path: Path): Causes => [
  ...validateResourceName(name, path),
  ...when(!name.includes('/') && !isQuotaResource(name), () =>
    invalidValue(path, name, 'must be a standard resource for quota'),
  ),
];

/** Amounts that a quota limits or counts, by the name of what is counted. */
export const validateQuotaAmounts = (amounts: Readonly<Record<string, string>> | undefined, path: Path): Causes =>
  Object.entries(amounts ?? {}).flatMap(([name, text]) => [
    ...validateName(name, path.key(name)),
    ...validateAmount(name, Quantity.parse(text), path.key(name)),
  ]);
