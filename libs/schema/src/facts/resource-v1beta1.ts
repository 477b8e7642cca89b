/** io.k8s.api.resource.v1beta1. Notation: see ../notation.ts. */
export const resourceV1beta1 = `
AllocatedDeviceStatus
  driver      string             1 required
  pool        string             2 required
  device      string             3 required
  shareID     *string            7
  conditions  []meta.Condition   4 always list=map(type)
  data        *rawExtension      5
  networkData *NetworkDeviceData 6

AllocationResult
  devices             DeviceAllocationResult 1
  nodeSelector        *core.NodeSelector     3
  allocationTimestamp *time                  5

BasicDevice
  attributes                      map:DeviceAttribute                 1 go=map[v1beta1.QualifiedName]v1beta1.DeviceAttribute
  capacity                        map:DeviceCapacity                  2 go=map[v1beta1.QualifiedName]v1beta1.DeviceCapacity
  consumesCounters                []DeviceCounterConsumption          3 list=atomic
  nodeName                        *string                             4
  nodeSelector                    *core.NodeSelector                  5
  allNodes                        *bool                               6
  taints                          []DeviceTaint                       7 list=atomic
  bindsToNode                     *bool                               8
  bindingConditions               []string                            9 list=atomic
  bindingFailureConditions        []string                           10 list=atomic
  allowMultipleAllocations        *bool                              11
  nodeAllocatableResourceMappings map:NodeAllocatableResourceMapping 12 go=map[v1.ResourceName]v1beta1.NodeAllocatableResourceMapping

CELDeviceSelector
  expression string 1 required

CapacityRequestPolicy
  default     *quantity                   1 always
  validValues []quantity                  3 list=atomic
  validRange  *CapacityRequestPolicyRange 4

CapacityRequestPolicyRange
  min  *quantity 1 required omitempty
  max  *quantity 2
  step *quantity 3

CapacityRequirements
  requests map:quantity 1 go=map[v1beta1.QualifiedName]resource.Quantity

Counter
  value quantity 1 required

CounterSet
  name     string      1 required
  counters map:Counter 2 required omitempty

Device
  name  string       1 required
  basic *BasicDevice 2

DeviceAllocationConfiguration embeds=3:DeviceConfiguration
  source   string                       1 required go=v1beta1.AllocationConfigSource
  requests []string                     2 list=atomic
  opaque   *OpaqueDeviceConfiguration 3.1

DeviceAllocationResult
  results []DeviceRequestAllocationResult 1 list=atomic
  config  []DeviceAllocationConfiguration 2 list=atomic

DeviceAttribute
  int      *int64   2
  bool     *bool    3
  string   *string  4
  version  *string  5
  ints     []int64  6 list=atomic
  bools    []bool   7 list=atomic
  strings  []string 8 list=atomic
  versions []string 9 list=atomic

DeviceCapacity
  value         quantity               1 required
  requestPolicy *CapacityRequestPolicy 2

DeviceClaim
  requests    []DeviceRequest            1 always list=atomic
  constraints []DeviceConstraint         2 list=atomic
  config      []DeviceClaimConfiguration 3 list=atomic

DeviceClaimConfiguration embeds=2:DeviceConfiguration
  requests []string                     1 list=atomic
  opaque   *OpaqueDeviceConfiguration 2.1

DeviceClass kind
  metadata meta.ObjectMeta 1
  spec     DeviceClassSpec 2 required

DeviceClassConfiguration embeds=1:DeviceConfiguration
  opaque *OpaqueDeviceConfiguration 1.1

DeviceClassList kind
  metadata meta.ListMeta 1
  items    []DeviceClass 2 required

DeviceClassSpec
  selectors            []DeviceSelector           1 list=atomic
  config               []DeviceClassConfiguration 2 list=atomic
  extendedResourceName *string                    4

DeviceConstraint
  requests          []string 1 list=atomic
  matchAttribute    *string  2 go=v1beta1.FullyQualifiedName
  distinctAttribute *string  3 go=v1beta1.FullyQualifiedName

DeviceCounterConsumption
  counterSet string      1 required
  counters   map:Counter 2 required omitempty

DeviceRequest
  name            string                1 required
  deviceClassName string                2 always
  selectors       []DeviceSelector      3 list=atomic
  allocationMode  string                4 go=v1beta1.DeviceAllocationMode
  count           int64                 5
  adminAccess     *bool                 6
  firstAvailable  []DeviceSubRequest    7 list=atomic
  tolerations     []DeviceToleration    8 list=atomic
  capacity        *CapacityRequirements 9

DeviceRequestAllocationResult
  request                  string              1 required
  driver                   string              2 required
  pool                     string              3 required
  device                   string              4 required
  adminAccess              *bool               5
  tolerations              []DeviceToleration  6 list=atomic
  bindingConditions        []string            7 list=atomic
  bindingFailureConditions []string            8 list=atomic
  shareID                  *string             9 go=types.UID
  consumedCapacity         map:quantity       10 go=map[v1beta1.QualifiedName]resource.Quantity

DeviceSelector
  cel *CELDeviceSelector 1

DeviceSubRequest
  name            string                1 required
  deviceClassName string                2 required
  selectors       []DeviceSelector      3 list=atomic
  allocationMode  string                4 go=v1beta1.DeviceAllocationMode
  count           int64                 5
  tolerations     []DeviceToleration    7 list=atomic
  capacity        *CapacityRequirements 8

DeviceTaint
  key       string 1 required
  value     string 2
  effect    string 3 required go=v1beta1.DeviceTaintEffect
  timeAdded *time  4

DeviceToleration
  key               string 1
  operator          string 2 go=v1beta1.DeviceTolerationOperator default="Equal"
  value             string 3
  effect            string 4 go=v1beta1.DeviceTaintEffect
  tolerationSeconds *int64 5

NetworkDeviceData
  interfaceName   string   1
  ips             []string 2 list=atomic
  hardwareAddress string   3

NodeAllocatableResourceMapping
  capacityKey          *string   1 go=v1beta1.QualifiedName
  allocationMultiplier *quantity 2

OpaqueDeviceConfiguration
  driver     string       1 required
  parameters rawExtension 2 required

ResourceClaim kind
  metadata meta.ObjectMeta     1
  spec     ResourceClaimSpec   2 required
  status   ResourceClaimStatus 3

ResourceClaimConsumerReference
  apiGroup string 1
  resource string 3 required
  name     string 4 required
  uid      string 5 required go=types.UID

ResourceClaimList kind
  metadata meta.ListMeta   1
  items    []ResourceClaim 2 required

ResourceClaimSpec
  devices DeviceClaim 1

ResourceClaimStatus
  allocation  *AllocationResult                1
  reservedFor []ResourceClaimConsumerReference 2 list=map(uid) patch=merge(uid)
  devices     []AllocatedDeviceStatus          4 list=map(driver,device,pool,shareID)

ResourceClaimTemplate kind
  metadata meta.ObjectMeta           1
  spec     ResourceClaimTemplateSpec 2 required

ResourceClaimTemplateList kind
  metadata meta.ListMeta           1
  items    []ResourceClaimTemplate 2 required

ResourceClaimTemplateSpec
  metadata meta.ObjectMeta   1
  spec     ResourceClaimSpec 2 required

ResourcePool
  name               string 1 required
  generation         int64  2 required
  resourceSliceCount int64  3 required

ResourceSlice kind
  metadata meta.ObjectMeta   1
  spec     ResourceSliceSpec 2 required

ResourceSliceList kind
  metadata meta.ListMeta   1
  items    []ResourceSlice 2 required

ResourceSliceSpec
  driver                 string             1 required
  pool                   ResourcePool       2 required
  nodeName               string             3
  nodeSelector           *core.NodeSelector 4
  allNodes               bool               5
  devices                []Device           6 list=atomic
  perDeviceNodeSelection *bool              7
  sharedCounters         []CounterSet       8 list=atomic
`;
