import type { Pod, PodSpec, Volume } from '@kubephant/schema';
import type { Current, Stored } from '@kubephant/storage';

/** Kinds of objects a kubelet may read because a pod of its node needs them. */
export type Needed =
  'pods' | 'secrets' | 'configmaps' | 'persistentvolumeclaims' | 'serviceaccounts' | 'resourceclaims';

export interface NodeGraph {
  /** Whether some pod bound to the node is, or refers to, the object. */
  reaches(node: string, resource: Needed, namespace: string, name: string): boolean;
}

/** Objects of the pod's own namespace. */
type References = ReadonlySet<string>;

/**
 * What the pods of a node need, as the server has them in memory. Pods are looked into when a kubelet asks, and once:
 * most changes of pods no kubelet asks about.
 */
export function newNodeGraph(current: Current): NodeGraph {
  const known = new WeakMap<Stored, References>();
  const referencesIn = (stored: Stored<Pod>): References => {
    const references = known.get(stored) ?? referencesOf(stored.object);
    known.set(stored, references);
    return references;
  };
  return {
    reaches(node, resource, namespace, name) {
      const bound = current.all<Pod>('pods', namespace, [{ path: 'spec.nodeName', operator: '=', value: node }]);
      return bound.some((pod) => referencesIn(pod).has(`${resource}/${name}`));
    },
  };
}

/** Mirror pods name nothing: a kubelet must not reach objects by pods that it wrote itself. */
function referencesOf(pod: Pod): References {
  const { name, annotations = {} } = pod.metadata;
  const refs = new Set([`pods/${name}`]);
  if (Object.hasOwn(annotations, 'kubernetes.io/config.mirror')) return refs;
  const add: Add = (resource, referred) => {
    if (referred) refs.add(`${resource}/${referred}`);
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
