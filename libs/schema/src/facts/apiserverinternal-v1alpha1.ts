/** io.k8s.api.apiserverinternal.v1alpha1. Notation: see ../notation.ts. */
export const apiserverinternalV1alpha1 = `
ServerStorageVersion
  apiServerID       string   1 required omitempty
  encodingVersion   string   2 required omitempty
  decodableVersions []string 3 required omitempty list=set
  servedVersions    []string 4 list=set

StorageVersion kind
  metadata meta.ObjectMeta      1 required
  spec     StorageVersionSpec   2
  status   StorageVersionStatus 3

StorageVersionCondition
  type               string 1 required go=v1alpha1.StorageVersionConditionType
  status             string 2 required go=v1alpha1.ConditionStatus
  observedGeneration int64  3
  lastTransitionTime time   4
  reason             string 5 required
  message            string 6 required omitempty

StorageVersionList kind
  metadata meta.ListMeta    1
  items    []StorageVersion 2 required

StorageVersionSpec

StorageVersionStatus
  storageVersions       []ServerStorageVersion    1 list=map(apiServerID)
  commonEncodingVersion *string                   2
  conditions            []StorageVersionCondition 3 list=map(type)
`;
