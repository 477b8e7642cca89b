import { Quantity, qualifiedName } from '@kubephant/api';
import type { ObjectFieldSelector, ResourceFieldSelector } from '@kubephant/schema';
import { invalidValue, none, notSupported, required, type Causes } from '../validation/causes';
import { present, when } from '../validation/checks';
import type { Path } from '../validation/path';

/** Every field of a pod that a selector may name at all; which are allowed depends on where. */
const known = new Set([
  'metadata.annotations',
  'metadata.labels',
  'metadata.name',
  'metadata.namespace',
  'metadata.uid',
  'spec.nodeName',
  'spec.restartPolicy',
  'spec.schedulerName',
  'spec.serviceAccountName',
  'status.hostIP',
  'status.hostIPs',
  'status.phase',
  'status.podIP',
  'status.podIPs',
]);

/** Fields an environment variable may take. */
export const envFields: readonly string[] = [
  'metadata.name',
  'metadata.namespace',
  'metadata.uid',
  'spec.nodeName',
  'spec.serviceAccountName',
  'status.hostIP',
  'status.hostIPs',
  'status.podIP',
  'status.podIPs',
];

/** Fields a downward API volume may show. */
export const volumeFields: readonly string[] = [
  'metadata.annotations',
  'metadata.labels',
  'metadata.name',
  'metadata.namespace',
  'metadata.uid',
];

const subscripted = /^(.*)\['(.*)'\]$/s;

function validateSubscript(base: string, key: string, path: Path): Causes {
  if (base !== 'metadata.annotations' && base !== 'metadata.labels') {
    return [invalidValue(path, base, 'does not support subscript')];
  }
  const name = base === 'metadata.annotations' ? key.toLowerCase() : key;
  return qualifiedName(name).map((detail) => invalidValue(path, key, detail));
}

export function validateFieldRef(ref: ObjectFieldSelector, allowed: readonly string[], path: Path): Causes {
  const where = path.child('fieldPath');
  if (!ref.apiVersion) return [required(path.child('apiVersion'))];
  if (!ref.fieldPath) return [required(where)];
  const [, base = ref.fieldPath, key] = subscripted.exec(ref.fieldPath) ?? [];
  const cannot = (why: string): Causes => [invalidValue(where, ref.fieldPath, `error converting fieldPath: ${why}`)];
  if (ref.apiVersion !== 'v1') return cannot(`unsupported pod version: ${ref.apiVersion}`);
  if (!known.has(base)) return cannot(`field label not supported: ${base}`);
  if (key !== undefined) return validateSubscript(base, key, path);
  return when(!allowed.includes(base), () => notSupported(where, ref.fieldPath, allowed));
}

const hugePages = /^(limits|requests)\.hugepages-/;
const resources = [
  'limits.cpu',
  'limits.ephemeral-storage',
  'limits.memory',
  'requests.cpu',
  'requests.ephemeral-storage',
  'requests.memory',
];
const byteDivisors = ['1', '1k', '1M', '1G', '1T', '1P', '1E', '1Ki', '1Mi', '1Gi', '1Ti', '1Pi', '1Ei'];
const cpuDivisors = ['1m', '1'];

function validateDivisor(divisor: string, resource: string, path: Path): Causes {
  if (Quantity.parse(divisor).sign === 0) return none;
  const kind = hugePages.test(resource) ? 'hugepages' : resource.slice(resource.indexOf('.') + 1);
  const allowed = kind === 'cpu' ? cpuDivisors : byteDivisors;
  const list = kind === 'cpu' ? '1m and 1' : byteDivisors.join(', ');
  const isLocal = kind === 'ephemeral-storage' ? 'local ephemeral storage' : kind;
  return when(!allowed.includes(divisor), () =>
    invalidValue(path, resource, `only divisor's values ${list} are supported with the ${isLocal} resource`),
  );
}

/** A limit or request of a container: of the one it is in, or in a volume of the one it names. */
export function validateResourceRef(ref: ResourceFieldSelector, path: Path, isLocal: boolean): Causes {
  const { resource, containerName, divisor = '0' } = ref;
  const where = path.child('resource');
  if (!isLocal && !containerName) return present(containerName, path.child('containerName'));
  if (!resource) return [required(where)];
  if (!resources.includes(resource) && !hugePages.test(resource)) return [notSupported(where, resource, resources)];
  return validateDivisor(divisor, resource, path.child('divisor'));
}
