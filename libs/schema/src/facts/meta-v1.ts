/** io.k8s.apimachinery.pkg.apis.meta.v1. Notation: see ../notation.ts. */
export const metaV1 = `
APIGroup kind
  name                       string                      1 required
  versions                   []GroupVersionForDiscovery  2 required list=atomic
  preferredVersion           GroupVersionForDiscovery    3
  serverAddressByClientCIDRs []ServerAddressByClientCIDR 4 list=atomic

APIGroupList kind
  groups []APIGroup 1 required list=atomic

APIResource
  name               string    1 required
  singularName       string    6 required
  namespaced         bool      2 required
  group              string    8
  version            string    9
  kind               string    3 required
  verbs              []string  4 required go=v1.Verbs wrapped
  shortNames         []string  5 list=atomic
  categories         []string  7 list=atomic
  storageVersionHash string   10

APIResourceList kind
  groupVersion string        1 required
  resources    []APIResource 2 required list=atomic

APIVersions kind
  versions                   []string                    1 required list=atomic
  serverAddressByClientCIDRs []ServerAddressByClientCIDR 2 required list=atomic

Condition
  type               string 1 required
  status             string 2 required go=v1.ConditionStatus
  observedGeneration int64  3
  lastTransitionTime time   4 required
  reason             string 5 required
  message            string 6 required

CreateOptions kind
  dryRun          []string 1
  fieldManager    string   3
  fieldValidation string   4

DeleteOptions kind
  gracePeriodSeconds                               *int64         1
  preconditions                                    *Preconditions 2
  orphanDependents                                 *bool          3
  propagationPolicy                                *string        4 go=v1.DeletionPropagation
  dryRun                                           []string       5 list=atomic
  ignoreStoreReadErrorWithClusterBreakingPotential *bool          6

FieldSelectorRequirement
  key      string   1 required
  operator string   2 required go=v1.FieldSelectorOperator
  values   []string 3 list=atomic

GetOptions kind
  resourceVersion string 1

GroupResource
  group    string 1 required
  resource string 2 required

GroupVersionForDiscovery
  groupVersion string 1 required
  version      string 2 required

LabelSelector atomic
  matchLabels      map:string                 1
  matchExpressions []LabelSelectorRequirement 2 list=atomic

LabelSelectorRequirement
  key      string   1 required
  operator string   2 required go=v1.LabelSelectorOperator
  values   []string 3 list=atomic

ListMeta
  selfLink           string     1
  resourceVersion    string     2
  continue           string     3
  remainingItemCount *int64     4
  shardInfo          *ShardInfo 5

ListOptions kind
  labelSelector        string  1
  fieldSelector        string  2
  watch                bool    3
  allowWatchBookmarks  bool    9
  resourceVersion      string  4
  resourceVersionMatch string 10 go=v1.ResourceVersionMatch
  timeoutSeconds       *int64  5
  limit                int64   7
  continue             string  8
  sendInitialEvents    *bool  11
  shardSelector        string 15

ManagedFieldsEntry
  manager     string    1
  operation   string    2 go=v1.ManagedFieldsOperationType
  apiVersion  string    3
  time        *time     4
  fieldsType  string    6
  fieldsV1    *fieldsV1 7
  subresource string    8

ObjectMeta
  name                       string                1
  generateName               string                2
  namespace                  string                3
  selfLink                   string                4
  uid                        string                5 go=types.UID
  resourceVersion            string                6
  generation                 int64                 7
  creationTimestamp          time                  8 omitzero
  deletionTimestamp          *time                 9
  deletionGracePeriodSeconds *int64               10
  labels                     map:string           11
  annotations                map:string           12
  ownerReferences            []OwnerReference     13 list=map(uid) patch=merge(uid)
  finalizers                 []string             14 list=set patch=merge
  managedFields              []ManagedFieldsEntry 17 list=atomic

OwnerReference atomic
  apiVersion         string 5 required
  kind               string 1 required
  name               string 3 required
  uid                string 4 required go=types.UID
  controller         *bool  6
  blockOwnerDeletion *bool  7

PartialObjectMetadata kind
  metadata meta.ObjectMeta 1

PartialObjectMetadataList kind
  metadata meta.ListMeta           1
  items    []PartialObjectMetadata 2 always

Patch

PatchOptions kind
  dryRun          []string 1
  force           *bool    2
  fieldManager    string   3
  fieldValidation string   4

Preconditions
  uid             *string 1 go=types.UID
  resourceVersion *string 2

ServerAddressByClientCIDR
  clientCIDR    string 1 required
  serverAddress string 2 required

ShardInfo
  selector string 1 required

Status kind
  metadata ListMeta       1
  status   string         2
  message  string         3
  reason   string         4 go=v1.StatusReason
  details  *StatusDetails 5
  code     int32          6

StatusCause
  reason  string 1 go=v1.CauseType
  message string 2
  field   string 3

StatusDetails
  name              string        1
  group             string        2
  kind              string        3
  uid               string        6 go=types.UID
  causes            []StatusCause 4 list=atomic
  retryAfterSeconds int32         5

UpdateOptions kind
  dryRun          []string 1
  fieldManager    string   2
  fieldValidation string   3

WatchEvent
  type   string       1 required
  object rawExtension 2 required
`;
