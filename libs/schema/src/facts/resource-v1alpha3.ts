/** io.k8s.api.resource.v1alpha3. Notation: see ../notation.ts. */
export const resourceV1alpha3 = `
DeviceTaint
  key       string 1 required
  value     string 2
  effect    string 3 required go=v1alpha3.DeviceTaintEffect
  timeAdded *time  4

DeviceTaintRule kind
  metadata meta.ObjectMeta       1
  spec     DeviceTaintRuleSpec   2 required
  status   DeviceTaintRuleStatus 3

DeviceTaintRuleList kind
  metadata meta.ListMeta     1
  items    []DeviceTaintRule 2 required

DeviceTaintRuleSpec
  deviceSelector *DeviceTaintSelector 1
  taint          DeviceTaint          2 required

DeviceTaintRuleStatus
  conditions []meta.Condition 1 list=map(type) patch=merge(type)

DeviceTaintSelector
  driver *string 2
  pool   *string 3
  device *string 4

PoolStatus
  driver             string   1 required omitempty
  poolName           string   2 required omitempty
  generation         int64    9 required
  resourceSliceCount *int32   8
  totalDevices       *int32   4
  allocatedDevices   *int32   5
  availableDevices   *int32   6
  unavailableDevices *int32   7
  nodeName           *string  3
  validationError    *string 10

ResourcePoolStatusRequest kind
  metadata meta.ObjectMeta                  1 required
  spec     ResourcePoolStatusRequestSpec    2 required
  status   *ResourcePoolStatusRequestStatus 3

ResourcePoolStatusRequestList kind
  metadata meta.ListMeta               1
  items    []ResourcePoolStatusRequest 2 required

ResourcePoolStatusRequestSpec
  driver   string  1 required
  poolName *string 2
  limit    *int32  3 default=100

ResourcePoolStatusRequestStatus
  poolCount  *int32           6 required omitempty
  pools      []PoolStatus     2 list=atomic
  conditions []meta.Condition 3 list=map(type) patch=merge(type)
`;
