/** io.k8s.api.storagemigration.v1beta1. Notation: see ../notation.ts. */
export const storagemigrationV1beta1 = `
StorageVersionMigration kind
  metadata meta.ObjectMeta               1
  spec     StorageVersionMigrationSpec   2
  status   StorageVersionMigrationStatus 3

StorageVersionMigrationList kind
  metadata meta.ListMeta             1
  items    []StorageVersionMigration 2 required

StorageVersionMigrationSpec
  resource meta.GroupResource 1 required

StorageVersionMigrationStatus
  conditions      []meta.Condition 1 list=map(type) patch=merge(type)
  resourceVersion string           2
`;
