import { badRequest, conflict, pathSegment, StatusError, type KubeObject } from '@kubephant/api';
import type { Binding, Pod } from '@kubephant/schema';
import type { Subresource, Target } from '../definition';
import { notSupported, required, type Causes } from '../validation/causes';
import { when } from '../validation/checks';
import { at } from '../validation/path';
import { setCondition } from './pod-conditions';
import { success } from './success';

const about = { group: '', resource: 'pods/binding' };

const validateTarget = ({ target: { kind = '', name = '' } }: Binding): Causes => [
  ...when(kind !== '' && kind !== 'Node', () => notSupported(at('target', 'kind'), kind, ['Node', '<empty>'])),
  ...when(name === '', () => required(at('target', 'name'))),
];

/** Upstream answers a bad target with a bare 500. */
function demandTarget(binding: Binding): void {
  const lines = validateTarget(binding).map(({ field, message }) => `${field}: ${message}`);
  if (lines.length > 0) throw new StatusError('', lines.length === 1 ? lines.join('') : `[${lines.join(', ')}]`);
}

/** Why a pod cannot be bound (any more), if so. */
function obstacle({ metadata: { name, deletionTimestamp }, spec }: Pod): string | undefined {
  if (deletionTimestamp) return `pod ${name} is being deleted, cannot be assigned to a host`;
  if (spec.nodeName) return `pod ${name} is already assigned to node ${JSON.stringify(spec.nodeName)}`;
  return spec.schedulingGates?.length ? `pod ${name} has non-empty .spec.schedulingGates` : undefined;
}

/** What upstream's store says of preconditions. */
function failed({ metadata: { namespace = '', name } }: Pod, why: string): StatusError {
  const key = `/registry/pods/${namespace}/${name}`;
  const text = `StorageError: invalid object, Code: 4, Key: ${key}, ResourceVersion: 0, AdditionalErrorMsg: Precondition failed: ${why}`;
  return conflict({ group: '', resource: 'pods' }, name, text);
}

function demandIdentity({ metadata }: Binding, pod: Pod): void {
  const { uid, resourceVersion } = pod.metadata;
  if (metadata.uid && metadata.uid !== uid) {
    throw failed(pod, `UID in precondition: ${metadata.uid}, UID in object meta: ${uid}`);
  }
  if (metadata.resourceVersion && metadata.resourceVersion !== resourceVersion) {
    const versions = `${metadata.resourceVersion}, ResourceVersion in object meta: ${resourceVersion}`;
    throw failed(pod, `ResourceVersion in precondition: ${versions}`);
  }
}

function assign(pod: Pod, wanted: Binding, now: Date): Pod {
  const { metadata, target } = wanted;
  demandIdentity(wanted, pod);
  const why = obstacle(pod);
  if (why !== undefined) throw conflict(about, pod.metadata.name, why);
  pod.spec.nodeName = target.name ?? '';
  if (metadata.annotations) pod.metadata.annotations = { ...pod.metadata.annotations, ...metadata.annotations };
  if (metadata.labels) pod.metadata.labels = { ...pod.metadata.labels, ...metadata.labels };
  setCondition(pod, { type: 'PodScheduled', status: 'True' }, now);
  return pod;
}

/** The name comes from the body where pods are bound without a path to them. */
function demandName({ metadata: { name } }: Binding): void {
  if (!name) throw badRequest('Name parameter required.');
  const wrong = pathSegment(name);
  if (wrong.length > 0) throw badRequest(`Name parameter invalid: ${JSON.stringify(name)}: ${wrong.join(';')}`);
}

async function bind(target: Target<Pod>, input: KubeObject): Promise<KubeObject> {
  const binding = input as Binding;
  demandName(binding);
  if (binding.metadata.name !== target.key.name) throw badRequest('name in URL does not match name in Binding object');
  demandTarget(binding);
  await target.guaranteedUpdate((pod) => assign(pod, binding, target.now ?? new Date()));
  return success();
}

/** POST of a Binding gives a pod its node, once and for all. */
export const binding: Subresource<Pod> = {
  kind: 'create',
  input: { group: '', version: 'v1', kind: 'Binding' },
  create: bind,
};
