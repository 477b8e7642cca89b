import { controllerOf, keyOf, keyString, parseApiVersion, type ObjectKey } from '@kubephant/api';
import type { Source } from '@kubephant/controller';
import type { Pod } from '@kubephant/schema';
import type { Shared } from './controller';
import type { ReplicaOwner } from './kinds';

/** Turns what happens to pods into keys of their owners, and into expectations fulfilled. */
export function podSource({ kind, owners, pods, expectations }: Shared): Source {
  const ownerOf = (pod: Pod): ReplicaOwner | undefined => {
    const ref = controllerOf(pod);
    if (!ref || ref.kind !== kind.ref.kind || parseApiVersion(ref.apiVersion).group !== kind.ref.group)
      return undefined;
    const owner = owners.lister.get({ namespace: pod.metadata.namespace, name: ref.name });
    return owner?.metadata.uid === ref.uid ? owner : undefined;
  };
  /** Owners that might adopt a pod that has none. */
  const suitorsOf = (pod: Pod): readonly ReplicaOwner[] =>
    controllerOf(pod)
      ? []
      : owners.lister.list(pod.metadata.namespace).filter((owner) => kind.selector(owner).matches(pod.metadata.labels));
  const concerned = (pod: Pod): readonly ObjectKey[] => {
    const owner = ownerOf(pod);
    return (owner ? [owner] : suitorsOf(pod)).map(keyOf);
  };
  const observeDeletion = (pod: Pod): void => {
    const owner = ownerOf(pod);
    if (owner) expectations.deletionObserved(keyString(keyOf(owner)), pod.metadata.uid);
  };

  return {
    start(enqueue) {
      pods.addEventHandler({
        onAdd(pod) {
          const owner = ownerOf(pod);
          if (pod.metadata.deletionTimestamp) observeDeletion(pod);
          else if (owner) expectations.creationObserved(keyString(keyOf(owner)));
          concerned(pod).forEach(enqueue);
        },
        onUpdate(old, pod) {
          // A pod on its way out no longer counts: waiting for its end would hold up its replacement.
          if (pod.metadata.deletionTimestamp && !old.metadata.deletionTimestamp) observeDeletion(pod);
          const before = controllerOf(old)?.uid === controllerOf(pod)?.uid ? [] : concerned(old);
          [...before, ...concerned(pod)].forEach(enqueue);
        },
        onDelete(pod) {
          observeDeletion(pod);
          concerned(pod).forEach(enqueue);
        },
      });
    },
    synced: (signal) => pods.synced(signal),
  };
}
