import type { PersistentVolumeClaim, StorageClass } from '@kubephant/schema';
import type { AdmissionPlugin } from '@kubephant/serving';
import { markedDefault } from './marked-default';
import type { AdmissionDependencies } from './objects';
import { isCore } from './refuse';

const marks = ['storageclass.kubernetes.io/is-default-class', 'storageclass.beta.kubernetes.io/is-default-class'];
const betaClass = 'volume.beta.kubernetes.io/storage-class';

/** A claim that names no class, not even the empty one, is of the default class. */
export function defaultStorageClass({ objects }: AdmissionDependencies): AdmissionPlugin {
  return {
    name: 'DefaultStorageClass',
    handles: (info, operation) => operation === 'CREATE' && isCore(info, 'persistentvolumeclaims'),
    async admit({ object }) {
      const claim = object as unknown as PersistentVolumeClaim;
      const named = Object.hasOwn(claim.metadata.annotations ?? {}, betaClass);
      if (named || claim.spec.storageClassName !== undefined) return;
      const found = markedDefault(objects.all<StorageClass>('storageclasses.storage.k8s.io'), marks);
      if (found) claim.spec.storageClassName = found.metadata.name;
    },
  };
}
