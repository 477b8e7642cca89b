/** io.k8s.api.storage.v1beta1. Notation: see ../notation.ts. */
export const storageV1beta1 = `
VolumeAttributesClass kind
  metadata   meta.ObjectMeta 1
  driverName string          2 required
  parameters map:string      3

VolumeAttributesClassList kind
  metadata meta.ListMeta           1
  items    []VolumeAttributesClass 2 required
`;
