import { badRequest, Quantity } from '@kubephant/api';
import type { Pod, ResourceFieldSelector } from '@kubephant/schema';
import { findContainer } from './containers';

/** What a pod learns about itself beside its own object. */
export interface PodFacts {
  readonly podIPs: readonly string[];
  readonly hostIPs: readonly string[];
  /** The node's, where a container has no limit of its own. */
  readonly allocatable: Readonly<Record<string, string>>;
}

type Reader = (pod: Pod, facts: PodFacts) => string;

const fields: Readonly<Record<string, Reader>> = {
  'metadata.name': ({ metadata }) => metadata.name,
  'metadata.namespace': ({ metadata }) => metadata.namespace ?? '',
  'metadata.uid': ({ metadata }) => metadata.uid,
  'metadata.labels': ({ metadata }) => formatMap(metadata.labels),
  'metadata.annotations': ({ metadata }) => formatMap(metadata.annotations),
  'spec.nodeName': ({ spec }) => spec.nodeName ?? '',
  'spec.serviceAccountName': ({ spec }) => spec.serviceAccountName ?? '',
  'status.hostIP': (_, { hostIPs }) => hostIPs[0] ?? '',
  'status.hostIPs': (_, { hostIPs }) => hostIPs.join(','),
  'status.podIP': (_, { podIPs }) => podIPs[0] ?? '',
  'status.podIPs': (_, { podIPs }) => podIPs.join(','),
};

/** The value of a fieldRef. Throws BadRequest for a path that means nothing. */
export function fieldValue(path: string, pod: Pod, facts: PodFacts): string {
  const [, map, key = ''] = /^metadata\.(labels|annotations)\['([^']*)'\]$/.exec(path) ?? [];
  if (map !== undefined) {
    const values = pod.metadata[map as 'labels' | 'annotations'];
    return values && Object.hasOwn(values, key) ? (values[key] ?? '') : '';
  }
  const reader = Object.hasOwn(fields, path) ? fields[path] : undefined;
  if (!reader) throw badRequest(`unsupported fieldPath: ${path}`);
  return reader(pod, facts);
}

function formatMap(map: Readonly<Record<string, string>> = {}): string {
  return Object.keys(map)
    .sort()
    .map((key) => `${key}=${JSON.stringify(map[key])}`)
    .join('\n');
}

/** The value of a resourceFieldRef in units of its divisor, rounded up. */
export function resourceValue(ref: ResourceFieldSelector, containerName: string, pod: Pod, facts: PodFacts): string {
  const [kind = '', ...rest] = ref.resource.split('.');
  const name = rest.join('.');
  const named = ref.containerName ?? containerName;
  const found = findContainer(pod, named);
  if (!found) throw badRequest(`container ${JSON.stringify(named)} not found in pod`);
  const { limits = {}, requests = {} } = found.spec.resources ?? {};
  const texts: Readonly<Record<string, string | undefined>> = {
    limits: limits[name] ?? facts.allocatable[name],
    requests: requests[name] ?? limits[name],
  };
  if (!Object.hasOwn(texts, kind)) throw badRequest(`unsupported container resource: ${ref.resource}`);
  return inUnitsOf(Quantity.parse(texts[kind] ?? '0'), ref.divisor, name).toString();
}

function inUnitsOf(value: Quantity, divisor: string | undefined, resource: string): bigint {
  const unit = divisor === undefined || divisor === '0' ? '1' : divisor;
  const scaled = (quantity: Quantity): bigint => (resource === 'cpu' ? quantity.milliValue() : quantity.scaledValue(0));
  const [amount, step] = [scaled(value), scaled(Quantity.parse(unit))];
  return step === 0n ? 0n : (amount + step - 1n) / step;
}
