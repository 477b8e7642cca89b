import { Quantity } from '@kubephant/api';
import type { PersistentVolumeClaim, StorageClass } from '@kubephant/schema';
import type { AdmissionPlugin } from '@kubephant/serving';
import type { AdmissionDependencies, Objects } from './objects';
import { isCore, refuse } from './refuse';

const betaClass = 'volume.beta.kubernetes.io/storage-class';
const why =
  'only dynamically provisioned pvc can be resized and the storageclass that provisions the pvc must support resize';

/** A claim grows only where its storage class says that volumes can. */
export function persistentVolumeClaimResize({ objects }: AdmissionDependencies): AdmissionPlugin {
  return {
    name: 'PersistentVolumeClaimResize',
    handles: (info, operation) => operation === 'UPDATE' && isCore(info, 'persistentvolumeclaims'),
    async validate(attributes) {
      const claim = attributes.object as unknown as PersistentVolumeClaim;
      const before = attributes.old as unknown as PersistentVolumeClaim;
      if (sizeOf(claim).compare(sizeOf(before)) <= 0) return;
      if (!(await canGrow(before, objects))) throw refuse(attributes, why);
    },
  };
}

const sizeOf = ({ spec }: PersistentVolumeClaim): Quantity =>
  Quantity.parse(spec.resources?.requests?.['storage'] ?? '0');

async function canGrow({ metadata, spec }: PersistentVolumeClaim, objects: Objects): Promise<boolean> {
  const name = metadata.annotations?.[betaClass] ?? spec.storageClassName ?? '';
  if (name === '') return false;
  const found = await objects.find<StorageClass>('storageclasses.storage.k8s.io', '', name);
  return found?.allowVolumeExpansion === true;
}
