import type { KubeObject, ObjectKey } from '@kubephant/api';
import type { PersistentVolume, Pod } from '@kubephant/schema';

export const claimFinalizer = 'kubernetes.io/pvc-protection';
export const volumeFinalizer = 'kubernetes.io/pv-protection';

/** The claims that a pod holds: only a pod with a node does, since nobody mounts anything for another. */
export function claimsOf({ metadata: { name, namespace = '' }, spec }: Pod): readonly ObjectKey[] {
  if (!spec.nodeName) return [];
  return (spec.volumes ?? []).flatMap((volume) => {
    if (volume.persistentVolumeClaim) return [{ namespace, name: volume.persistentVolumeClaim.claimName }];
    // KEP-1698: the claim of an ephemeral volume has the pod's name and the volume's.
    return volume.ephemeral ? [{ namespace, name: `${name}-${volume.name}` }] : [];
  });
}

/** The finalizers the object should have, or undefined when they are right as they are. */
export function protect(
  { metadata: { deletionTimestamp, finalizers = [] } }: KubeObject,
  finalizer: string,
  inUse: boolean,
): readonly string[] | undefined {
  const held = finalizers.includes(finalizer);
  if (deletionTimestamp === undefined) return held ? undefined : [...finalizers, finalizer];
  return held && !inUse ? finalizers.filter((name) => name !== finalizer) : undefined;
}

/** A volume is in use while a claim is bound to it. */
export const isBound = ({ status }: PersistentVolume): boolean => status?.phase === 'Bound';
