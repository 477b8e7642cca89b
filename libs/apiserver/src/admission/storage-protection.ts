import type { AdmissionPlugin } from '@kubephant/serving';

/** What must not vanish while it is in use: the finalizer that a controller takes away when it no longer is. */
const finalizers: ReadonlyMap<string, string> = new Map([
  ['persistentvolumeclaims', 'kubernetes.io/pvc-protection'],
  ['persistentvolumes', 'kubernetes.io/pv-protection'],
  ['volumeattributesclasses.storage.k8s.io', 'kubernetes.io/vac-protection'],
]);

/** New volumes, claims and attribute classes are protected from the start. */
export const storageObjectInUseProtection: AdmissionPlugin = {
  name: 'StorageObjectInUseProtection',
  handles: (info, operation) =>
    operation === 'CREATE' && info.subresource === undefined && finalizers.has(nameOf(info)),
  async admit({ object, info }) {
    const finalizer = finalizers.get(nameOf(info));
    if (!object || finalizer === undefined) return;
    const { metadata } = object;
    if (!metadata.finalizers?.includes(finalizer)) metadata.finalizers = [...(metadata.finalizers ?? []), finalizer];
  },
};

const nameOf = ({ group, resource }: { readonly group: string; readonly resource: string }): string =>
  group ? `${resource}.${group}` : resource;
