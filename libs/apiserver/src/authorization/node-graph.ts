import type { Pod, PodSpec, Volume } from '@kubephant/schema';
import type { View } from '../views/view';

/** Kinds of objects a kubelet may read because a pod of its node needs them. */
export type Needed =
  'pods' | 'secrets' | 'configmaps' | 'persistentvolumeclaims' | 'serviceaccounts' | 'resourceclaims';

export interface NodeGraph {
  /** Whether some pod bound to the node is, or refers to, the object. */
  reaches(node: string, resource: Needed, namespace: string, name: string): boolean;
}

type References = ReadonlySet<string>;

/** For every node, how many of its pods need each object. Grows and shrinks with the pods. */
export function newNodeGraph(pods: View<Pod>): NodeGraph {
  const nodes = new Map<string, Map<string, number>>();
  const references = new WeakMap<Pod, References>();

  const count = (pod: Pod, by: 1 | -1): void => {
    const node = pod.spec.nodeName;
    if (!node) return;
    const needs = nodes.get(node) ?? new Map<string, number>();
    nodes.set(node, needs);
    const refs = references.get(pod) ?? referencesOf(pod);
    references.set(pod, refs);
    for (const ref of refs) {
      const left = (needs.get(ref) ?? 0) + by;
      if (left > 0) needs.set(ref, left);
      else needs.delete(ref);
    }
    if (needs.size === 0) nodes.delete(node);
  };
  pods.onChange((before, after) => {
    if (after) count(after, 1);
    if (before) count(before, -1);
  });
  return {
    reaches: (node, resource, namespace, name) => nodes.get(node)?.has(`${resource}/${namespace}/${name}`) ?? false,
  };
}

/** Mirror pods name nothing: a kubelet must not reach objects by pods that it wrote itself. */
function referencesOf(pod: Pod): References {
  const { namespace = '', name, annotations = {} } = pod.metadata;
  const refs = new Set([`pods/${namespace}/${name}`]);
  if (Object.hasOwn(annotations, 'kubernetes.io/config.mirror')) return refs;
  const add: Add = (resource, referred) => {
    if (referred) refs.add(`${resource}/${namespace}/${referred}`);
  };
  add('serviceaccounts', pod.spec.serviceAccountName);
  for (const { name: secret } of pod.spec.imagePullSecrets ?? []) add('secrets', secret);
  addEnvironment(pod.spec, add);
  for (const volume of pod.spec.volumes ?? []) addVolume(volume, name, add);
  for (const { resourceClaimName } of pod.spec.resourceClaims ?? []) add('resourceclaims', resourceClaimName);
  return refs;
}

type Add = (resource: Needed, name: string | undefined) => void;

function addEnvironment({ initContainers, containers, ephemeralContainers }: PodSpec, add: Add): void {
  const all = [initContainers, containers, ephemeralContainers].flatMap((some) => some ?? []);
  for (const { secretRef, configMapRef } of all.flatMap(({ envFrom = [] }) => envFrom)) {
    add('secrets', secretRef?.name);
    add('configmaps', configMapRef?.name);
  }
  for (const { valueFrom } of all.flatMap(({ env = [] }) => env)) {
    add('secrets', valueFrom?.secretKeyRef?.name);
    add('configmaps', valueFrom?.configMapKeyRef?.name);
  }
}

/** Where a volume names a secret of the pod's namespace. */
const secretsOf: readonly ((volume: Volume) => string | undefined)[] = [
  ({ secret }) => secret?.secretName,
  ({ azureFile }) => azureFile?.secretName,
  ({ csi }) => csi?.nodePublishSecretRef?.name,
  ({ cephfs }) => cephfs?.secretRef?.name,
  ({ flexVolume }) => flexVolume?.secretRef?.name,
  ({ iscsi }) => iscsi?.secretRef?.name,
  ({ rbd }) => rbd?.secretRef?.name,
  ({ scaleIO }) => scaleIO?.secretRef.name,
  ({ storageos }) => storageos?.secretRef?.name,
];

function addVolume(volume: Volume, podName: string, add: Add): void {
  for (const secretOf of secretsOf) add('secrets', secretOf(volume));
  add('configmaps', volume.configMap?.name);
  add('persistentvolumeclaims', volume.persistentVolumeClaim?.claimName);
  if (volume.ephemeral) add('persistentvolumeclaims', `${podName}-${volume.name}`);
  for (const source of volume.projected?.sources ?? []) {
    add('secrets', source.secret?.name);
    add('configmaps', source.configMap?.name);
  }
}
