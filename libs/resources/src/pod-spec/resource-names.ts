import { qualifiedName } from '@kubephant/api';
import { invalidValue, type Causes } from '../validation/causes';
import { follows, when } from '../validation/checks';
import type { Path } from '../validation/path';

const nativePrefix = 'kubernetes.io/';
const hugePrefix = 'hugepages-';
const attachPrefix = 'attachable-volumes-';
const quotaPrefix = 'requests.';

const containerResources = new Set(['cpu', 'memory', 'ephemeral-storage']);
/** Names without a domain that mean something to quotas, limits and nodes. */
const standardResources = new Set([
  ...containerResources,
  'requests.cpu',
  'requests.memory',
  'requests.ephemeral-storage',
  'limits.cpu',
  'limits.memory',
  'limits.ephemeral-storage',
  'pods',
  'resourcequotas',
  'services',
  'replicationcontrollers',
  'secrets',
  'configmaps',
  'persistentvolumeclaims',
  'storage',
  'requests.storage',
  'services.nodeports',
  'services.loadbalancers',
]);
const integerResources = new Set([
  'pods',
  'resourcequotas',
  'services',
  'replicationcontrollers',
  'secrets',
  'configmaps',
  'persistentvolumeclaims',
  'services.nodeports',
  'services.loadbalancers',
]);

export const isHugePage = (name: string): boolean => name.startsWith(hugePrefix);

/** Resources a pod as a whole may ask for. */
export const isPodLevel = (name: string): boolean => name === 'cpu' || name === 'memory' || isHugePage(name);

const isNative = (name: string): boolean => !name.includes('/') || name.includes(nativePrefix);

/** A resource of somebody's own (`example.com/gpu`), which quotas can name with `requests.` before it. */
export const isExtended = (name: string): boolean =>
  !isNative(name) && !name.startsWith(quotaPrefix) && qualifiedName(quotaPrefix + name).length === 0;

export const isOvercommitable = (name: string): boolean => isNative(name) && !isHugePage(name);

/** Resources that come in whole units. */
export const isIntegerResource = (name: string): boolean => integerResources.has(name) || isExtended(name);

const isContainerResource = (name: string): boolean =>
  containerResources.has(name) || isHugePage(name) || name.startsWith(attachPrefix);

const isStandard = (name: string): boolean =>
  standardResources.has(name) || isHugePage(name) || name.startsWith(quotaPrefix + hugePrefix);

/** The name of any resource. */
export function validateResourceName(name: string, path: Path): Causes {
  const shape = follows(name, path, qualifiedName);
  if (shape.length > 0) return shape;
  return when(!name.includes('/') && !isStandard(name), () =>
    invalidValue(path, name, 'must be a standard resource type or fully qualified'),
  );
}

/** The name of a resource a container may ask for. */
export function validateContainerResourceName(name: string, path: Path): Causes {
  const isPlain = !name.includes('/');
  return [
    ...validateResourceName(name, path),
    ...when(isPlain && !isContainerResource(name), () =>
      invalidValue(path, name, 'must be a standard resource for containers'),
    ),
    ...when(!isPlain && !isNative(name) && !isExtended(name), () =>
      invalidValue(path, name, "doesn't follow extended resource name standard"),
    ),
  ];
}
