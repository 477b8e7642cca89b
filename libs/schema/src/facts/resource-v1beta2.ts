/** io.k8s.api.resource.v1beta2. Notation: see ../notation.ts. */
export const resourceV1beta2 = `
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
  requests map:quantity 1 go=map[v1beta2.QualifiedName]resource.Quantity

Counter
  value quantity 1 required

CounterSet
  name     string      1 required
  counters map:Counter 2 required omitempty

Device
  name                            string                              1 required
  attributes                      map:DeviceAttribute                 2 go=map[v1beta2.QualifiedName]v1beta2.DeviceAttribute
  capacity                        map:DeviceCapacity                  3 go=map[v1beta2.QualifiedName]v1beta2.DeviceCapacity
  consumesCounters                []DeviceCounterConsumption          4 list=atomic
  nodeName                        *string                             5
  nodeSelector                    *core.NodeSelector                  6
  allNodes                        *bool                               7
  taints                          []DeviceTaint                       8 list=atomic
  bindsToNode                     *bool                               9
  bindingConditions               []string                           10 list=atomic
  bindingFailureConditions        []string                           11 list=atomic
  allowMultipleAllocations        *bool                              12
  nodeAllocatableResourceMappings map:NodeAllocatableResourceMapping 13 go=map[v1.ResourceName]v1beta2.NodeAllocatableResourceMapping

DeviceAllocationConfiguration embeds=3:DeviceConfiguration
  source   string                       1 required go=v1beta2.AllocationConfigSource
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
  matchAttribute    *string  2 go=v1beta2.FullyQualifiedName
  distinctAttribute *string  3 go=v1beta2.FullyQualifiedName

DeviceCounterConsumption
  counterSet string      1 required
  counters   map:Counter 2 required omitempty

DeviceRequest
  name           string              1 required
  exactly        *ExactDeviceRequest 2
  firstAvailable []DeviceSubRequest  3 list=atomic

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
  consumedCapacity         map:quantity       10 go=map[v1beta2.QualifiedName]resource.Quantity

DeviceSelector
  cel *CELDeviceSelector 1

DeviceSubRequest
  name            string                1 required
  deviceClassName string                2 required
  selectors       []DeviceSelector      3 list=atomic
  allocationMode  string                4 go=v1beta2.DeviceAllocationMode
  count           int64                 5
  tolerations     []DeviceToleration    6 list=atomic
  capacity        *CapacityRequirements 7

DeviceTaint
  key       string 1 required
  value     string 2
  effect    string 3 required go=v1beta2.DeviceTaintEffect
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

DeviceToleration
  key               string 1
  operator          string 2 go=v1beta2.DeviceTolerationOperator default="Equal"
  value             string 3
  effect            string 4 go=v1beta2.DeviceTaintEffect
  tolerationSeconds *int64 5

ExactDeviceRequest
  deviceClassName string                1 required
  selectors       []DeviceSelector      2 list=atomic
  allocationMode  string                3 go=v1beta2.DeviceAllocationMode
  count           int64                 4
  adminAccess     *bool                 5
  tolerations     []DeviceToleration    6 list=atomic
  capacity        *CapacityRequirements 7

NetworkDeviceData
  interfaceName   string   1
  ips             []string 2 list=atomic
  hardwareAddress string   3

NodeAllocatableResourceMapping
  capacityKey          *string   1 go=v1beta2.QualifiedName
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
  nodeName               *string            3
  nodeSelector           *core.NodeSelector 4
  allNodes               *bool              5
  devices                []Device           6 list=atomic
  perDeviceNodeSelection *bool              7
  sharedCounters         []CounterSet       8 list=atomic
`;
