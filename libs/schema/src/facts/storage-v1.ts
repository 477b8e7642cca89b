/** io.k8s.api.storage.v1. Notation: see ../notation.ts. */
export const storageV1 = `
CSIDriver kind
  metadata meta.ObjectMeta 1
  spec     CSIDriverSpec   2 required

CSIDriverList kind
  metadata meta.ListMeta 1
  items    []CSIDriver   2 required

CSIDriverSpec
  attachRequired                     *bool           1
  podInfoOnMount                     *bool           2
  volumeLifecycleModes               []string        3 go=[]v1.VolumeLifecycleMode list=set
  storageCapacity                    *bool           4
  fsGroupPolicy                      *string         5 go=v1.FSGroupPolicy
  tokenRequests                      []TokenRequest  6 list=atomic
  requiresRepublish                  *bool           7
  seLinuxMount                       *bool           8
  nodeAllocatableUpdatePeriodSeconds *int64          9
  serviceAccountTokenInSecrets       *bool          10
  preventPodSchedulingIfMissing      *bool          11

CSINode kind
  metadata meta.ObjectMeta 1
  spec     CSINodeSpec     2 required

CSINodeDriver
  name         string               1 required
  nodeID       string               2 required
  topologyKeys []string             3 always list=atomic
  allocatable  *VolumeNodeResources 4

CSINodeList kind
  metadata meta.ListMeta 1
  items    []CSINode     2 required

CSINodeSpec
  drivers []CSINodeDriver 1 required list=map(name) patch=merge(name)

CSIStorageCapacity kind
  metadata          meta.ObjectMeta     1
  nodeTopology      *meta.LabelSelector 2
  storageClassName  string              3 required
  capacity          *quantity           4
  maximumVolumeSize *quantity           5

CSIStorageCapacityList kind
  metadata meta.ListMeta        1
  items    []CSIStorageCapacity 2 required

StorageClass kind
  metadata             meta.ObjectMeta             1
  provisioner          string                      2 required
  parameters           map:string                  3
  reclaimPolicy        *string                     4 go=v1.PersistentVolumeReclaimPolicy
  mountOptions         []string                    5 list=atomic
  allowVolumeExpansion *bool                       6
  volumeBindingMode    *string                     7 go=v1.VolumeBindingMode
  allowedTopologies    []core.TopologySelectorTerm 8 list=atomic

StorageClassList kind
  metadata meta.ListMeta  1
  items    []StorageClass 2 required

TokenRequest
  audience          string 1 required
  expirationSeconds *int64 2

VolumeAttachment kind
  metadata meta.ObjectMeta        1
  spec     VolumeAttachmentSpec   2 required
  status   VolumeAttachmentStatus 3

VolumeAttachmentList kind
  metadata meta.ListMeta      1
  items    []VolumeAttachment 2 required

VolumeAttachmentSource
  persistentVolumeName *string                    1
  inlineVolumeSpec     *core.PersistentVolumeSpec 2

VolumeAttachmentSpec
  attacher string                 1 required
  source   VolumeAttachmentSource 2 required
  nodeName string                 3 required

VolumeAttachmentStatus
  attached           bool         1 required
  attachmentMetadata map:string   2
  attachError        *VolumeError 3
  detachError        *VolumeError 4

VolumeAttributesClass kind
  metadata   meta.ObjectMeta 1
  driverName string          2 required
  parameters map:string      3

VolumeAttributesClassList kind
  metadata meta.ListMeta           1
  items    []VolumeAttributesClass 2 required

VolumeError
  time      time   1
  message   string 2
  errorCode *int32 3

VolumeNodeResources
  count *int32 1
`;
