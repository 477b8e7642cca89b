/* eslint-disable max-lines -- a table of facts */
/** io.k8s.api.core.v1. Notation: see ../notation.ts. */
export const coreV1 = `
AWSElasticBlockStoreVolumeSource
  volumeID  string 1 required
  fsType    string 2
  partition int32  3
  readOnly  bool   4

Affinity
  nodeAffinity    *NodeAffinity    1
  podAffinity     *PodAffinity     2
  podAntiAffinity *PodAntiAffinity 3

AppArmorProfile union=type(localhostProfile)
  type             string  1 required go=v1.AppArmorProfileType
  localhostProfile *string 2

AttachedVolume
  name       string 1 required go=v1.UniqueVolumeName
  devicePath string 2 required

AzureDiskVolumeSource
  diskName    string  1 required
  diskURI     string  2 required
  cachingMode *string 3 go=v1.AzureDataDiskCachingMode default="ReadWrite"
  fsType      *string 4 default="ext4"
  readOnly    *bool   5 default=false
  kind        *string 6 go=v1.AzureDataDiskKind default="Shared"

AzureFilePersistentVolumeSource
  secretName      string  1 required
  shareName       string  2 required
  readOnly        bool    3
  secretNamespace *string 4 always

AzureFileVolumeSource
  secretName string 1 required
  shareName  string 2 required
  readOnly   bool   3

Binding kind
  metadata meta.ObjectMeta 1
  target   ObjectReference 2 required

CSIPersistentVolumeSource
  driver                     string            1 required
  volumeHandle               string            2 required
  readOnly                   bool              3
  fsType                     string            4
  volumeAttributes           map:string        5
  controllerPublishSecretRef *SecretReference  6
  nodeStageSecretRef         *SecretReference  7
  nodePublishSecretRef       *SecretReference  8
  controllerExpandSecretRef  *SecretReference  9
  nodeExpandSecretRef        *SecretReference 10

CSIVolumeSource
  driver               string                1 required
  readOnly             *bool                 2
  fsType               *string               3
  volumeAttributes     map:string            4
  nodePublishSecretRef *LocalObjectReference 5

Capabilities
  add  []string 1 go=[]v1.Capability list=atomic
  drop []string 2 go=[]v1.Capability list=atomic

CephFSPersistentVolumeSource
  monitors   []string         1 required list=atomic
  path       string           2
  user       string           3
  secretFile string           4
  secretRef  *SecretReference 5
  readOnly   bool             6

CephFSVolumeSource
  monitors   []string              1 required list=atomic
  path       string                2
  user       string                3
  secretFile string                4
  secretRef  *LocalObjectReference 5
  readOnly   bool                  6

CinderPersistentVolumeSource
  volumeID  string           1 required
  fsType    string           2
  readOnly  bool             3
  secretRef *SecretReference 4

CinderVolumeSource
  volumeID  string                1 required
  fsType    string                2
  readOnly  bool                  3
  secretRef *LocalObjectReference 4

ClientIPConfig
  timeoutSeconds *int32 1

ClusterTrustBundleProjection
  name          *string             1
  signerName    *string             2
  labelSelector *meta.LabelSelector 3
  optional      *bool               5
  path          string              4 required

ComponentCondition
  type    string 1 required go=v1.ComponentConditionType
  status  string 2 required go=v1.ConditionStatus
  message string 3
  error   string 4

ComponentStatus kind
  metadata   meta.ObjectMeta      1
  conditions []ComponentCondition 2 list=map(type) patch=merge(type)

ComponentStatusList kind
  metadata meta.ListMeta     1
  items    []ComponentStatus 2 required

ConfigMap kind
  metadata   meta.ObjectMeta 1
  immutable  *bool           4
  data       map:string      2
  binaryData map:bytes       3

ConfigMapEnvSource embeds=1:LocalObjectReference
  name     string 1.1 default=""
  optional *bool    2

ConfigMapKeySelector atomic embeds=1:LocalObjectReference
  name     string 1.1 default=""
  key      string   2 required
  optional *bool    3

ConfigMapList kind
  metadata meta.ListMeta 1
  items    []ConfigMap   2 required

ConfigMapNodeConfigSource
  namespace        string 1 required
  name             string 2 required
  uid              string 3 go=types.UID
  resourceVersion  string 4
  kubeletConfigKey string 5 required

ConfigMapProjection embeds=1:LocalObjectReference
  name     string      1.1 default=""
  items    []KeyToPath   2 list=atomic
  optional *bool         4

ConfigMapVolumeSource embeds=1:LocalObjectReference
  name        string      1.1 default=""
  items       []KeyToPath   2 list=atomic
  defaultMode *int32        3
  optional    *bool         4

Container
  name                     string                   1 required
  image                    string                   2
  command                  []string                 3 list=atomic
  args                     []string                 4 list=atomic
  workingDir               string                   5
  ports                    []ContainerPort          6 list=map(containerPort,protocol) patch=merge(containerPort)
  envFrom                  []EnvFromSource         19 list=atomic
  env                      []EnvVar                 7 list=map(name) patch=merge(name)
  resources                ResourceRequirements     8
  resizePolicy             []ContainerResizePolicy 23 list=atomic
  restartPolicy            *string                 24 go=v1.ContainerRestartPolicy
  restartPolicyRules       []ContainerRestartRule  25 list=atomic
  volumeMounts             []VolumeMount            9 list=map(mountPath) patch=merge(mountPath)
  volumeDevices            []VolumeDevice          21 list=map(devicePath) patch=merge(devicePath)
  livenessProbe            *Probe                  10
  readinessProbe           *Probe                  11
  startupProbe             *Probe                  22
  lifecycle                *Lifecycle              12
  terminationMessagePath   string                  13
  terminationMessagePolicy string                  20 go=v1.TerminationMessagePolicy
  imagePullPolicy          string                  14 go=v1.PullPolicy
  securityContext          *SecurityContext        15
  stdin                    bool                    16
  stdinOnce                bool                    17
  tty                      bool                    18

ContainerExtendedResourceRequest
  containerName string 1 required
  resourceName  string 2 required
  requestName   string 3 required

ContainerImage
  names     []string 1 always list=atomic
  sizeBytes int64    2

ContainerPort
  name          string 1
  hostPort      int32  2
  containerPort int32  3 required
  protocol      string 4 go=v1.Protocol default="TCP"
  hostIP        string 5

ContainerResizePolicy
  resourceName  string 1 required go=v1.ResourceName
  restartPolicy string 2 required go=v1.ResourceResizeRestartPolicy

ContainerRestartRule
  action    string                           1 required omitempty go=v1.ContainerRestartRuleAction
  exitCodes *ContainerRestartRuleOnExitCodes 2

ContainerRestartRuleOnExitCodes
  operator string  1 required omitempty go=v1.ContainerRestartRuleOnExitCodesOperator
  values   []int32 2 list=set

ContainerState
  waiting    *ContainerStateWaiting    1
  running    *ContainerStateRunning    2
  terminated *ContainerStateTerminated 3

ContainerStateRunning
  startedAt time 1

ContainerStateTerminated
  exitCode    int32  1 required
  signal      int32  2
  reason      string 3
  message     string 4
  startedAt   time   5
  finishedAt  time   6
  containerID string 7

ContainerStateWaiting
  reason  string 1
  message string 2

ContainerStatus
  name                     string                 1 required
  state                    ContainerState         2
  lastState                ContainerState         3
  ready                    bool                   4 required
  restartCount             int32                  5 required
  image                    string                 6 required
  imageID                  string                 7 required
  containerID              string                 8
  started                  *bool                  9
  allocatedResources       map:quantity          10 go=v1.ResourceList
  resources                *ResourceRequirements 11
  volumeMounts             []VolumeMountStatus   12 list=map(mountPath) patch=merge(mountPath)
  user                     *ContainerUser        13
  allocatedResourcesStatus []ResourceStatus      14 list=map(name) patch=merge(name)
  stopSignal               *string               15 go=v1.Signal

ContainerUser
  linux *LinuxContainerUser 1

DaemonEndpoint
  Port int32 1 required

DownwardAPIProjection
  items []DownwardAPIVolumeFile 1 list=atomic

DownwardAPIVolumeFile
  path             string                 1 required
  fieldRef         *ObjectFieldSelector   2
  resourceFieldRef *ResourceFieldSelector 3
  mode             *int32                 4

DownwardAPIVolumeSource
  items       []DownwardAPIVolumeFile 1 list=atomic
  defaultMode *int32                  2

EmptyDirVolumeSource
  medium    string    1 go=v1.StorageMedium
  sizeLimit *quantity 2

EndpointAddress atomic
  ip        string           1 required
  hostname  string           3
  nodeName  *string          4
  targetRef *ObjectReference 2

EndpointPort atomic
  name        string  1
  port        int32   2 required
  protocol    string  3 go=v1.Protocol
  appProtocol *string 4

EndpointSubset
  addresses         []EndpointAddress 1 list=atomic
  notReadyAddresses []EndpointAddress 2 list=atomic
  ports             []EndpointPort    3 list=atomic

Endpoints kind
  metadata meta.ObjectMeta  1
  subsets  []EndpointSubset 2 list=atomic

EndpointsList kind
  metadata meta.ListMeta 1
  items    []Endpoints   2 required

EnvFromSource
  prefix       string              1
  configMapRef *ConfigMapEnvSource 2
  secretRef    *SecretEnvSource    3

EnvVar
  name      string        1 required
  value     string        2
  valueFrom *EnvVarSource 3

EnvVarSource
  fieldRef         *ObjectFieldSelector   1
  resourceFieldRef *ResourceFieldSelector 2
  configMapKeyRef  *ConfigMapKeySelector  3
  secretKeyRef     *SecretKeySelector     4
  fileKeyRef       *FileKeySelector       5

EphemeralContainer embeds=1:EphemeralContainerCommon
  name                     string                   1.1 required
  image                    string                   1.2
  command                  []string                 1.3 list=atomic
  args                     []string                 1.4 list=atomic
  workingDir               string                   1.5
  ports                    []ContainerPort          1.6 list=map(containerPort,protocol) patch=merge(containerPort)
  envFrom                  []EnvFromSource         1.19 list=atomic
  env                      []EnvVar                 1.7 list=map(name) patch=merge(name)
  resources                ResourceRequirements     1.8
  resizePolicy             []ContainerResizePolicy 1.23 list=atomic
  restartPolicy            *string                 1.24 go=v1.ContainerRestartPolicy
  restartPolicyRules       []ContainerRestartRule  1.25 list=atomic
  volumeMounts             []VolumeMount            1.9 list=map(mountPath) patch=merge(mountPath)
  volumeDevices            []VolumeDevice          1.21 list=map(devicePath) patch=merge(devicePath)
  livenessProbe            *Probe                  1.10
  readinessProbe           *Probe                  1.11
  startupProbe             *Probe                  1.22
  lifecycle                *Lifecycle              1.12
  terminationMessagePath   string                  1.13
  terminationMessagePolicy string                  1.20 go=v1.TerminationMessagePolicy
  imagePullPolicy          string                  1.14 go=v1.PullPolicy
  securityContext          *SecurityContext        1.15
  stdin                    bool                    1.16
  stdinOnce                bool                    1.17
  tty                      bool                    1.18
  targetContainerName      string                     2

EphemeralVolumeSource
  volumeClaimTemplate *PersistentVolumeClaimTemplate 1

Event kind
  metadata           meta.ObjectMeta   1 required
  involvedObject     ObjectReference   2 required
  reason             string            3
  message            string            4
  source             EventSource       5
  firstTimestamp     time              6
  lastTimestamp      time              7
  count              int32             8
  type               string            9
  eventTime          microTime        10
  series             *EventSeries     11
  action             string           12
  related            *ObjectReference 13
  reportingComponent string           14 always
  reportingInstance  string           15 always

EventList kind
  metadata meta.ListMeta 1
  items    []Event       2 required

EventSeries
  count            int32     1
  lastObservedTime microTime 2

EventSource
  component string 1
  host      string 2

ExecAction
  command []string 1 list=atomic

FCVolumeSource
  targetWWNs []string 1 list=atomic
  lun        *int32   2
  fsType     string   3
  readOnly   bool     4
  wwids      []string 5 list=atomic

FileKeySelector atomic
  volumeName string 1 required
  path       string 2 required
  key        string 3 required
  optional   *bool  4 default=false

FlexPersistentVolumeSource
  driver    string           1 required
  fsType    string           2
  secretRef *SecretReference 3
  readOnly  bool             4
  options   map:string       5

FlexVolumeSource
  driver    string                1 required
  fsType    string                2
  secretRef *LocalObjectReference 3
  readOnly  bool                  4
  options   map:string            5

FlockerVolumeSource
  datasetName string 1
  datasetUUID string 2

GCEPersistentDiskVolumeSource
  pdName    string 1 required
  fsType    string 2
  partition int32  3
  readOnly  bool   4

GRPCAction
  port    int32   1 required
  service *string 2 always default=""

GitRepoVolumeSource
  repository string 1 required
  revision   string 2
  directory  string 3

GlusterfsPersistentVolumeSource
  endpoints          string  1 required
  path               string  2 required
  readOnly           bool    3
  endpointsNamespace *string 4

GlusterfsVolumeSource
  endpoints string 1 required
  path      string 2 required
  readOnly  bool   3

HTTPGetAction
  path        string       1
  port        intOrString  2 required
  host        string       3
  scheme      string       4 go=v1.URIScheme
  httpHeaders []HTTPHeader 5 list=atomic

HTTPHeader
  name  string 1 required
  value string 2 required

HostAlias
  ip        string   1 required
  hostnames []string 2 list=atomic

HostIP
  ip string 1 required

HostPathVolumeSource
  path string  1 required
  type *string 2 go=v1.HostPathType

ISCSIPersistentVolumeSource
  targetPortal      string            1 required
  iqn               string            2 required
  lun               int32             3 required
  iscsiInterface    string            4 default="default"
  fsType            string            5
  readOnly          bool              6
  portals           []string          7 list=atomic
  chapAuthDiscovery bool              8
  chapAuthSession   bool             11
  secretRef         *SecretReference 10
  initiatorName     *string          12

ISCSIVolumeSource
  targetPortal      string                 1 required
  iqn               string                 2 required
  lun               int32                  3 required
  iscsiInterface    string                 4 default="default"
  fsType            string                 5
  readOnly          bool                   6
  portals           []string               7 list=atomic
  chapAuthDiscovery bool                   8
  chapAuthSession   bool                  11
  secretRef         *LocalObjectReference 10
  initiatorName     *string               12

ImageVolumeSource
  reference  string 1
  pullPolicy string 2 go=v1.PullPolicy

ImageVolumeStatus
  imageRef string 1 required omitempty

KeyToPath
  key  string 1 required
  path string 2 required
  mode *int32 3

Lifecycle
  postStart  *LifecycleHandler 1
  preStop    *LifecycleHandler 2
  stopSignal *string           3 go=v1.Signal

LifecycleHandler
  exec      *ExecAction      1
  httpGet   *HTTPGetAction   2
  tcpSocket *TCPSocketAction 3
  sleep     *SleepAction     4

LimitRange kind
  metadata meta.ObjectMeta 1
  spec     LimitRangeSpec  2

LimitRangeItem
  type                 string       1 required go=v1.LimitType
  max                  map:quantity 2 go=v1.ResourceList
  min                  map:quantity 3 go=v1.ResourceList
  default              map:quantity 4 go=v1.ResourceList
  defaultRequest       map:quantity 5 go=v1.ResourceList
  maxLimitRequestRatio map:quantity 6 go=v1.ResourceList

LimitRangeList kind
  metadata meta.ListMeta 1
  items    []LimitRange  2 required

LimitRangeSpec
  limits []LimitRangeItem 1 required list=atomic

LinuxContainerUser
  uid                int64   1 required
  gid                int64   2 required
  supplementalGroups []int64 3 list=atomic

LoadBalancerIngress
  ip       string       1
  hostname string       2
  ipMode   *string      3 go=v1.LoadBalancerIPMode
  ports    []PortStatus 4 list=atomic

LoadBalancerStatus
  ingress []LoadBalancerIngress 1 list=atomic

LocalObjectReference atomic
  name string 1 default=""

LocalVolumeSource
  path   string  1 required
  fsType *string 2

ModifyVolumeStatus
  targetVolumeAttributesClassName string 1
  status                          string 2 required go=v1.PersistentVolumeClaimModifyVolumeStatus

NFSVolumeSource
  server   string 1 required
  path     string 2 required
  readOnly bool   3

Namespace kind
  metadata meta.ObjectMeta 1
  spec     NamespaceSpec   2
  status   NamespaceStatus 3

NamespaceCondition
  type               string 1 required go=v1.NamespaceConditionType
  status             string 2 required go=v1.ConditionStatus
  lastTransitionTime time   4
  reason             string 5
  message            string 6

NamespaceList kind
  metadata meta.ListMeta 1
  items    []Namespace   2 required

NamespaceSpec
  finalizers []string 1 go=[]v1.FinalizerName list=atomic

NamespaceStatus
  phase      string               1 go=v1.NamespacePhase
  conditions []NamespaceCondition 2 list=map(type) patch=merge(type)

Node kind
  metadata meta.ObjectMeta 1
  spec     NodeSpec        2
  status   NodeStatus      3

NodeAddress
  type    string 1 required go=v1.NodeAddressType
  address string 2 required

NodeAffinity
  requiredDuringSchedulingIgnoredDuringExecution  *NodeSelector             1
  preferredDuringSchedulingIgnoredDuringExecution []PreferredSchedulingTerm 2 list=atomic

NodeAllocatableResourceClaimStatus
  resourceClaimName string       1 required
  containers        []string     2 list=set
  resources         map:quantity 3 required go=map[v1.ResourceName]resource.Quantity

NodeCondition
  type               string 1 required go=v1.NodeConditionType
  status             string 2 required go=v1.ConditionStatus
  lastHeartbeatTime  time   3
  lastTransitionTime time   4
  reason             string 5
  message            string 6

NodeConfigSource
  configMap *ConfigMapNodeConfigSource 2

NodeConfigStatus
  assigned      *NodeConfigSource 1
  active        *NodeConfigSource 2
  lastKnownGood *NodeConfigSource 3
  error         string            4

NodeDaemonEndpoints
  kubeletEndpoint DaemonEndpoint 1

NodeFeatures
  supplementalGroupsPolicy *bool 1

NodeList kind
  metadata meta.ListMeta 1
  items    []Node        2 required

NodeProxyOptions kind
  path string 1

NodeRuntimeHandler
  name     string                      1 always
  features *NodeRuntimeHandlerFeatures 2

NodeRuntimeHandlerFeatures
  recursiveReadOnlyMounts *bool 1
  userNamespaces          *bool 2

NodeSelector atomic
  nodeSelectorTerms []NodeSelectorTerm 1 required list=atomic

NodeSelectorRequirement
  key      string   1 required
  operator string   2 required go=v1.NodeSelectorOperator
  values   []string 3 list=atomic

NodeSelectorTerm atomic
  matchExpressions []NodeSelectorRequirement 1 list=atomic
  matchFields      []NodeSelectorRequirement 2 list=atomic

NodeSpec
  podCIDR       string            1
  podCIDRs      []string          7 list=set patch=merge
  providerID    string            3
  unschedulable bool              4
  taints        []Taint           5 list=atomic
  configSource  *NodeConfigSource 6
  externalID    string            2

NodeStatus
  capacity         map:quantity          1 go=v1.ResourceList
  allocatable      map:quantity          2 go=v1.ResourceList
  phase            string                3 go=v1.NodePhase
  conditions       []NodeCondition       4 list=map(type) patch=merge(type)
  addresses        []NodeAddress         5 list=map(type) patch=merge(type)
  daemonEndpoints  NodeDaemonEndpoints   6
  nodeInfo         NodeSystemInfo        7
  images           []ContainerImage      8 list=atomic
  volumesInUse     []string              9 go=[]v1.UniqueVolumeName list=atomic
  volumesAttached  []AttachedVolume     10 list=atomic
  config           *NodeConfigStatus    11
  runtimeHandlers  []NodeRuntimeHandler 12 list=atomic
  features         *NodeFeatures        13
  declaredFeatures []string             14 list=atomic

NodeSwapStatus
  capacity *int64 1

NodeSystemInfo
  machineID               string           1 required
  systemUUID              string           2 required
  bootID                  string           3 required
  kernelVersion           string           4 required
  osImage                 string           5 required
  containerRuntimeVersion string           6 required
  kubeletVersion          string           7 required
  kubeProxyVersion        string           8 required
  operatingSystem         string           9 required
  architecture            string          10 required
  swap                    *NodeSwapStatus 11

ObjectFieldSelector atomic
  apiVersion string 1
  fieldPath  string 2 required

ObjectReference atomic
  kind            string 1
  namespace       string 2
  name            string 3
  uid             string 4 go=types.UID
  apiVersion      string 5
  resourceVersion string 6
  fieldPath       string 7

PersistentVolume kind
  metadata meta.ObjectMeta        1
  spec     PersistentVolumeSpec   2
  status   PersistentVolumeStatus 3

PersistentVolumeClaim kind
  metadata meta.ObjectMeta             1
  spec     PersistentVolumeClaimSpec   2
  status   PersistentVolumeClaimStatus 3

PersistentVolumeClaimCondition
  type               string 1 required go=v1.PersistentVolumeClaimConditionType
  status             string 2 required go=v1.ConditionStatus
  lastProbeTime      time   3
  lastTransitionTime time   4
  reason             string 5
  message            string 6

PersistentVolumeClaimList kind
  metadata meta.ListMeta           1
  items    []PersistentVolumeClaim 2 required

PersistentVolumeClaimSpec
  accessModes               []string                   1 go=[]v1.PersistentVolumeAccessMode list=atomic
  selector                  *meta.LabelSelector        4
  resources                 VolumeResourceRequirements 2
  volumeName                string                     3
  storageClassName          *string                    5
  volumeMode                *string                    6 go=v1.PersistentVolumeMode
  dataSource                *TypedLocalObjectReference 7
  dataSourceRef             *TypedObjectReference      8
  volumeAttributesClassName *string                    9

PersistentVolumeClaimStatus
  phase                            string                           1 go=v1.PersistentVolumeClaimPhase
  accessModes                      []string                         2 go=[]v1.PersistentVolumeAccessMode list=atomic
  capacity                         map:quantity                     3 go=v1.ResourceList
  conditions                       []PersistentVolumeClaimCondition 4 list=map(type) patch=merge(type)
  allocatedResources               map:quantity                     5 go=v1.ResourceList
  allocatedResourceStatuses        map:string                       7 go=map[v1.ResourceName]v1.ClaimResourceStatus map=granular
  currentVolumeAttributesClassName *string                          8
  modifyVolumeStatus               *ModifyVolumeStatus              9

PersistentVolumeClaimTemplate
  metadata meta.ObjectMeta           1
  spec     PersistentVolumeClaimSpec 2 required

PersistentVolumeClaimVolumeSource
  claimName string 1 required
  readOnly  bool   2

PersistentVolumeList kind
  metadata meta.ListMeta      1
  items    []PersistentVolume 2 required

PersistentVolumeSpec embeds=2:PersistentVolumeSource
  capacity                      map:quantity                         1 go=v1.ResourceList
  gcePersistentDisk             *GCEPersistentDiskVolumeSource     2.1
  awsElasticBlockStore          *AWSElasticBlockStoreVolumeSource  2.2
  hostPath                      *HostPathVolumeSource              2.3
  glusterfs                     *GlusterfsPersistentVolumeSource   2.4
  nfs                           *NFSVolumeSource                   2.5
  rbd                           *RBDPersistentVolumeSource         2.6
  iscsi                         *ISCSIPersistentVolumeSource       2.7
  cinder                        *CinderPersistentVolumeSource      2.8
  cephfs                        *CephFSPersistentVolumeSource      2.9
  fc                            *FCVolumeSource                   2.10
  flocker                       *FlockerVolumeSource              2.11
  flexVolume                    *FlexPersistentVolumeSource       2.12
  azureFile                     *AzureFilePersistentVolumeSource  2.13
  vsphereVolume                 *VsphereVirtualDiskVolumeSource   2.14
  quobyte                       *QuobyteVolumeSource              2.15
  azureDisk                     *AzureDiskVolumeSource            2.16
  photonPersistentDisk          *PhotonPersistentDiskVolumeSource 2.17
  portworxVolume                *PortworxVolumeSource             2.18
  scaleIO                       *ScaleIOPersistentVolumeSource    2.19
  local                         *LocalVolumeSource                2.20
  storageos                     *StorageOSPersistentVolumeSource  2.21
  csi                           *CSIPersistentVolumeSource        2.22
  accessModes                   []string                             3 go=[]v1.PersistentVolumeAccessMode list=atomic
  claimRef                      *ObjectReference                     4 map=granular
  persistentVolumeReclaimPolicy string                               5 go=v1.PersistentVolumeReclaimPolicy
  storageClassName              string                               6
  mountOptions                  []string                             7 list=atomic
  volumeMode                    *string                              8 go=v1.PersistentVolumeMode
  nodeAffinity                  *VolumeNodeAffinity                  9
  volumeAttributesClassName     *string                             10

PersistentVolumeStatus
  phase                   string 1 go=v1.PersistentVolumePhase
  message                 string 2
  reason                  string 3
  lastPhaseTransitionTime *time  4

PhotonPersistentDiskVolumeSource
  pdID   string 1 required
  fsType string 2

Pod kind
  metadata meta.ObjectMeta 1
  spec     PodSpec         2
  status   PodStatus       3

PodAffinity
  requiredDuringSchedulingIgnoredDuringExecution  []PodAffinityTerm         1 list=atomic
  preferredDuringSchedulingIgnoredDuringExecution []WeightedPodAffinityTerm 2 list=atomic

PodAffinityTerm
  labelSelector     *meta.LabelSelector 1
  namespaces        []string            2 list=atomic
  topologyKey       string              3 required
  namespaceSelector *meta.LabelSelector 4
  matchLabelKeys    []string            5 list=atomic
  mismatchLabelKeys []string            6 list=atomic

PodAntiAffinity
  requiredDuringSchedulingIgnoredDuringExecution  []PodAffinityTerm         1 list=atomic
  preferredDuringSchedulingIgnoredDuringExecution []WeightedPodAffinityTerm 2 list=atomic

PodAttachOptions kind
  stdin     bool   1
  stdout    bool   2
  stderr    bool   3
  tty       bool   4
  container string 5

PodCertificateProjection
  signerName           string     1 required omitempty
  keyType              string     2 required omitempty
  maxExpirationSeconds *int32     3
  credentialBundlePath string     4
  keyPath              string     5
  certificateChainPath string     6
  userAnnotations      map:string 7

PodCondition
  type               string 1 required go=v1.PodConditionType
  observedGeneration int64  7
  status             string 2 required go=v1.ConditionStatus
  lastProbeTime      time   3
  lastTransitionTime time   4
  reason             string 5
  message            string 6

PodDNSConfig
  nameservers []string             1 list=atomic
  searches    []string             2 list=atomic
  options     []PodDNSConfigOption 3 list=atomic

PodDNSConfigOption
  name  string  1
  value *string 2

PodExecOptions kind
  stdin     bool     1
  stdout    bool     2
  stderr    bool     3
  tty       bool     4
  container string   5
  command   []string 6 always

PodExtendedResourceClaimStatus
  requestMappings   []ContainerExtendedResourceRequest 1 required list=atomic
  resourceClaimName string                             2 required

PodIP
  ip string 1 required

PodList kind
  metadata meta.ListMeta 1
  items    []Pod         2 required

PodLogOptions kind
  container                    string   1
  follow                       bool     2
  previous                     bool     3
  sinceSeconds                 *int64   4
  sinceTime                    *time    5
  timestamps                   bool     6
  tailLines                    *int64   7
  limitBytes                   *int64   8
  insecureSkipTLSVerifyBackend bool     9
  stream                       *string 10

PodOS
  name string 1 required go=v1.OSName

PodPortForwardOptions kind
  ports []int32 1

PodProxyOptions kind
  path string 1

PodReadinessGate
  conditionType string 1 required go=v1.PodConditionType

PodResourceClaim
  name                      string  1 required
  resourceClaimName         *string 3
  resourceClaimTemplateName *string 4

PodResourceClaimStatus
  name              string  1 required
  resourceClaimName *string 2

PodSchedulingGate
  name string 1 required

PodSchedulingGroup union=(podGroupName)
  podGroupName *string 1

PodSecurityContext
  seLinuxOptions           *SELinuxOptions                 1
  windowsOptions           *WindowsSecurityContextOptions  8
  runAsUser                *int64                          2
  runAsGroup               *int64                          6
  runAsNonRoot             *bool                           3
  supplementalGroups       []int64                         4 list=atomic
  supplementalGroupsPolicy *string                        12 go=v1.SupplementalGroupsPolicy
  fsGroup                  *int64                          5
  sysctls                  []Sysctl                        7 list=atomic
  fsGroupChangePolicy      *string                         9 go=v1.PodFSGroupChangePolicy
  seccompProfile           *SeccompProfile                10
  appArmorProfile          *AppArmorProfile               11
  seLinuxChangePolicy      *string                        13 go=v1.PodSELinuxChangePolicy

PodSpec
  volumes                       []Volume                    1 list=map(name) patch=merge,retainKeys(name)
  initContainers                []Container                20 list=map(name) patch=merge(name)
  containers                    []Container                 2 required list=map(name) patch=merge(name)
  ephemeralContainers           []EphemeralContainer       34 list=map(name) patch=merge(name)
  restartPolicy                 string                      3 go=v1.RestartPolicy
  terminationGracePeriodSeconds *int64                      4
  activeDeadlineSeconds         *int64                      5
  dnsPolicy                     string                      6 go=v1.DNSPolicy
  nodeSelector                  map:string                  7 map=atomic
  serviceAccountName            string                      8
  serviceAccount                string                      9
  automountServiceAccountToken  *bool                      21
  nodeName                      string                     10
  hostNetwork                   bool                       11
  hostPID                       bool                       12
  hostIPC                       bool                       13
  shareProcessNamespace         *bool                      27
  securityContext               *PodSecurityContext        14
  imagePullSecrets              []LocalObjectReference     15 list=map(name) patch=merge(name)
  hostname                      string                     16
  subdomain                     string                     17
  affinity                      *Affinity                  18
  schedulerName                 string                     19
  tolerations                   []Toleration               22 list=atomic
  hostAliases                   []HostAlias                23 list=map(ip) patch=merge(ip)
  priorityClassName             string                     24
  priority                      *int32                     25
  dnsConfig                     *PodDNSConfig              26
  readinessGates                []PodReadinessGate         28 list=atomic
  runtimeClassName              *string                    29
  enableServiceLinks            *bool                      30
  preemptionPolicy              *string                    31 go=v1.PreemptionPolicy
  overhead                      map:quantity               32 go=v1.ResourceList
  topologySpreadConstraints     []TopologySpreadConstraint 33 list=map(topologyKey,whenUnsatisfiable) patch=merge(topologyKey)
  setHostnameAsFQDN             *bool                      35
  os                            *PodOS                     36
  hostUsers                     *bool                      37
  schedulingGates               []PodSchedulingGate        38 list=map(name) patch=merge(name)
  resourceClaims                []PodResourceClaim         39 list=map(name) patch=merge,retainKeys(name)
  resources                     *ResourceRequirements      40
  hostnameOverride              *string                    41
  schedulingGroup               *PodSchedulingGroup        43

PodStatus
  observedGeneration                   int64                                17
  phase                                string                                1 go=v1.PodPhase
  conditions                           []PodCondition                        2 list=map(type) patch=merge(type)
  message                              string                                3
  reason                               string                                4
  nominatedNodeName                    string                               11
  hostIP                               string                                5
  hostIPs                              []HostIP                             16 list=atomic patch=merge(ip)
  podIP                                string                                6
  podIPs                               []PodIP                              12 list=map(ip) patch=merge(ip)
  startTime                            *time                                 7
  initContainerStatuses                []ContainerStatus                    10 list=atomic
  containerStatuses                    []ContainerStatus                     8 list=atomic
  qosClass                             string                                9 go=v1.PodQOSClass
  ephemeralContainerStatuses           []ContainerStatus                    13 list=atomic
  resize                               string                               14 go=v1.PodResizeStatus
  resourceClaimStatuses                []PodResourceClaimStatus             15 list=map(name) patch=merge,retainKeys(name)
  extendedResourceClaimStatus          *PodExtendedResourceClaimStatus      18
  allocatedResources                   map:quantity                         19 go=v1.ResourceList
  resources                            *ResourceRequirements                20
  nodeAllocatableResourceClaimStatuses []NodeAllocatableResourceClaimStatus 21 list=atomic

PodStatusResult kind
  metadata meta.ObjectMeta 1
  status   PodStatus       2

PodTemplate kind
  metadata meta.ObjectMeta 1
  template PodTemplateSpec 2

PodTemplateList kind
  metadata meta.ListMeta 1
  items    []PodTemplate 2 required

PodTemplateSpec
  metadata meta.ObjectMeta 1
  spec     PodSpec         2

PortStatus
  port     int32   1 required
  protocol string  2 required go=v1.Protocol
  error    *string 3

PortworxVolumeSource
  volumeID string 1 required
  fsType   string 2
  readOnly bool   3

PreferredSchedulingTerm
  weight     int32            1 required
  preference NodeSelectorTerm 2 required

Probe embeds=1:ProbeHandler
  exec                          *ExecAction      1.1
  httpGet                       *HTTPGetAction   1.2
  tcpSocket                     *TCPSocketAction 1.3
  grpc                          *GRPCAction      1.4
  initialDelaySeconds           int32              2
  timeoutSeconds                int32              3
  periodSeconds                 int32              4
  successThreshold              int32              5
  failureThreshold              int32              6
  terminationGracePeriodSeconds *int64             7

ProjectedVolumeSource
  sources     []VolumeProjection 1 always list=atomic
  defaultMode *int32             2

QuobyteVolumeSource
  registry string 1 required
  volume   string 2 required
  readOnly bool   3
  user     string 4
  group    string 5
  tenant   string 6

RBDPersistentVolumeSource
  monitors  []string         1 required list=atomic
  image     string           2 required
  fsType    string           3
  pool      string           4 default="rbd"
  user      string           5 default="admin"
  keyring   string           6 default="/etc/ceph/keyring"
  secretRef *SecretReference 7
  readOnly  bool             8

RBDVolumeSource
  monitors  []string              1 required list=atomic
  image     string                2 required
  fsType    string                3
  pool      string                4 default="rbd"
  user      string                5 default="admin"
  keyring   string                6 default="/etc/ceph/keyring"
  secretRef *LocalObjectReference 7
  readOnly  bool                  8

RangeAllocation kind
  metadata meta.ObjectMeta 1
  range    string          2 always
  data     bytes           3 always

ReplicationController kind
  metadata meta.ObjectMeta             1
  spec     ReplicationControllerSpec   2
  status   ReplicationControllerStatus 3

ReplicationControllerCondition
  type               string 1 required go=v1.ReplicationControllerConditionType
  status             string 2 required go=v1.ConditionStatus
  lastTransitionTime time   3
  reason             string 4
  message            string 5

ReplicationControllerList kind
  metadata meta.ListMeta           1
  items    []ReplicationController 2 required

ReplicationControllerSpec
  replicas        *int32           1 default=1
  minReadySeconds int32            4 default=0
  selector        map:string       2 map=atomic
  template        *PodTemplateSpec 3

ReplicationControllerStatus
  replicas             int32                            1 required
  fullyLabeledReplicas int32                            2
  readyReplicas        int32                            4
  availableReplicas    int32                            5
  observedGeneration   int64                            3
  conditions           []ReplicationControllerCondition 6 list=map(type) patch=merge(type)

ResourceClaim
  name    string 1 required
  request string 2

ResourceFieldSelector atomic
  containerName string   1
  resource      string   2 required
  divisor       quantity 3

ResourceHealth
  resourceID string  1 required go=v1.ResourceID
  health     string  2 go=v1.ResourceHealthStatus
  message    *string 6

ResourceQuota kind
  metadata meta.ObjectMeta     1
  spec     ResourceQuotaSpec   2
  status   ResourceQuotaStatus 3

ResourceQuotaList kind
  metadata meta.ListMeta   1
  items    []ResourceQuota 2 required

ResourceQuotaSpec
  hard          map:quantity   1 go=v1.ResourceList
  scopes        []string       2 go=[]v1.ResourceQuotaScope list=atomic
  scopeSelector *ScopeSelector 3

ResourceQuotaStatus
  hard map:quantity 1 go=v1.ResourceList
  used map:quantity 2 go=v1.ResourceList

ResourceRequirements
  limits   map:quantity    1 go=v1.ResourceList
  requests map:quantity    2 go=v1.ResourceList
  claims   []ResourceClaim 3 list=map(name)

ResourceStatus
  name      string           1 required go=v1.ResourceName
  resources []ResourceHealth 2 list=map(resourceID)

SELinuxOptions
  user  string 1
  role  string 2
  type  string 3
  level string 4

ScaleIOPersistentVolumeSource
  gateway          string            1 required
  system           string            2 required
  secretRef        *SecretReference  3 required
  sslEnabled       bool              4
  protectionDomain string            5
  storagePool      string            6
  storageMode      string            7 default="ThinProvisioned"
  volumeName       string            8
  fsType           string            9 default="xfs"
  readOnly         bool             10

ScaleIOVolumeSource
  gateway          string                 1 required
  system           string                 2 required
  secretRef        *LocalObjectReference  3 required
  sslEnabled       bool                   4
  protectionDomain string                 5
  storagePool      string                 6
  storageMode      string                 7 default="ThinProvisioned"
  volumeName       string                 8
  fsType           string                 9 default="xfs"
  readOnly         bool                  10

ScopeSelector atomic
  matchExpressions []ScopedResourceSelectorRequirement 1 list=atomic

ScopedResourceSelectorRequirement
  scopeName string   1 required go=v1.ResourceQuotaScope
  operator  string   2 required go=v1.ScopeSelectorOperator
  values    []string 3 list=atomic

SeccompProfile union=type(localhostProfile)
  type             string  1 required go=v1.SeccompProfileType
  localhostProfile *string 2

Secret kind
  metadata   meta.ObjectMeta 1
  immutable  *bool           5
  data       map:bytes       2
  stringData map:string      4
  type       string          3 go=v1.SecretType

SecretEnvSource embeds=1:LocalObjectReference
  name     string 1.1 default=""
  optional *bool    2

SecretKeySelector atomic embeds=1:LocalObjectReference
  name     string 1.1 default=""
  key      string   2 required
  optional *bool    3

SecretList kind
  metadata meta.ListMeta 1
  items    []Secret      2 required

SecretProjection embeds=1:LocalObjectReference
  name     string      1.1 default=""
  items    []KeyToPath   2 list=atomic
  optional *bool         4

SecretReference atomic
  name      string 1
  namespace string 2

SecretVolumeSource
  secretName  string      1
  items       []KeyToPath 2 list=atomic
  defaultMode *int32      3
  optional    *bool       4

SecurityContext
  capabilities             *Capabilities                   1
  privileged               *bool                           2
  seLinuxOptions           *SELinuxOptions                 3
  windowsOptions           *WindowsSecurityContextOptions 10
  runAsUser                *int64                          4
  runAsGroup               *int64                          8
  runAsNonRoot             *bool                           5
  readOnlyRootFilesystem   *bool                           6
  allowPrivilegeEscalation *bool                           7
  procMount                *string                         9 go=v1.ProcMountType
  seccompProfile           *SeccompProfile                11
  appArmorProfile          *AppArmorProfile               12

SerializedReference kind
  reference ObjectReference 1

Service kind
  metadata meta.ObjectMeta 1
  spec     ServiceSpec     2
  status   ServiceStatus   3

ServiceAccount kind
  metadata                     meta.ObjectMeta        1
  secrets                      []ObjectReference      2 list=map(name) patch=merge(name)
  imagePullSecrets             []LocalObjectReference 3 list=atomic
  automountServiceAccountToken *bool                  4

ServiceAccountList kind
  metadata meta.ListMeta    1
  items    []ServiceAccount 2 required

ServiceAccountTokenProjection
  audience          string 1
  expirationSeconds *int64 2
  path              string 3 required

ServiceList kind
  metadata meta.ListMeta 1
  items    []Service     2 required

ServicePort
  name        string      1
  protocol    string      2 go=v1.Protocol default="TCP"
  appProtocol *string     6
  port        int32       3 required
  targetPort  intOrString 4
  nodePort    int32       5

ServiceProxyOptions kind
  path string 1

ServiceSpec
  ports                         []ServicePort           1 list=map(port,protocol) patch=merge(port)
  selector                      map:string              2 map=atomic
  clusterIP                     string                  3
  clusterIPs                    []string               18 list=atomic
  type                          string                  4 go=v1.ServiceType
  externalIPs                   []string                5 list=atomic
  sessionAffinity               string                  7 go=v1.ServiceAffinity
  loadBalancerIP                string                  8
  loadBalancerSourceRanges      []string                9 list=atomic
  externalName                  string                 10
  externalTrafficPolicy         string                 11 go=v1.ServiceExternalTrafficPolicy
  healthCheckNodePort           int32                  12
  publishNotReadyAddresses      bool                   13
  sessionAffinityConfig         *SessionAffinityConfig 14
  ipFamilies                    []string               19 go=[]v1.IPFamily list=atomic
  ipFamilyPolicy                *string                17 go=v1.IPFamilyPolicy
  allocateLoadBalancerNodePorts *bool                  20
  loadBalancerClass             *string                21
  internalTrafficPolicy         *string                22 go=v1.ServiceInternalTrafficPolicy
  trafficDistribution           *string                23

ServiceStatus
  loadBalancer LoadBalancerStatus 1
  conditions   []meta.Condition   2 list=map(type) patch=merge(type)

SessionAffinityConfig
  clientIP *ClientIPConfig 1

SleepAction
  seconds int64 1 required

StorageOSPersistentVolumeSource
  volumeName      string           1
  volumeNamespace string           2
  fsType          string           3
  readOnly        bool             4
  secretRef       *ObjectReference 5

StorageOSVolumeSource
  volumeName      string                1
  volumeNamespace string                2
  fsType          string                3
  readOnly        bool                  4
  secretRef       *LocalObjectReference 5

Sysctl
  name  string 1 required
  value string 2 required

TCPSocketAction
  port intOrString 1 required
  host string      2

Taint
  key       string 1 required
  value     string 2
  effect    string 3 required go=v1.TaintEffect
  timeAdded *time  4

Toleration
  key               string 1
  operator          string 2 go=v1.TolerationOperator
  value             string 3
  effect            string 4 go=v1.TaintEffect
  tolerationSeconds *int64 5

TopologySelectorLabelRequirement
  key    string   1 required
  values []string 2 required list=atomic

TopologySelectorTerm atomic
  matchLabelExpressions []TopologySelectorLabelRequirement 1 list=atomic

TopologySpreadConstraint
  maxSkew            int32               1 required
  topologyKey        string              2 required
  whenUnsatisfiable  string              3 required go=v1.UnsatisfiableConstraintAction
  labelSelector      *meta.LabelSelector 4
  minDomains         *int32              5
  nodeAffinityPolicy *string             6 go=v1.NodeInclusionPolicy
  nodeTaintsPolicy   *string             7 go=v1.NodeInclusionPolicy
  matchLabelKeys     []string            8 list=atomic

TypedLocalObjectReference atomic
  apiGroup *string 1 always
  kind     string  2 required
  name     string  3 required

TypedObjectReference
  apiGroup  *string 1 always
  kind      string  2 required
  name      string  3 required
  namespace *string 4

Volume embeds=2:VolumeSource
  name                  string                                1 required
  hostPath              *HostPathVolumeSource               2.1
  emptyDir              *EmptyDirVolumeSource               2.2
  gcePersistentDisk     *GCEPersistentDiskVolumeSource      2.3
  awsElasticBlockStore  *AWSElasticBlockStoreVolumeSource   2.4
  gitRepo               *GitRepoVolumeSource                2.5
  secret                *SecretVolumeSource                 2.6
  nfs                   *NFSVolumeSource                    2.7
  iscsi                 *ISCSIVolumeSource                  2.8
  glusterfs             *GlusterfsVolumeSource              2.9
  persistentVolumeClaim *PersistentVolumeClaimVolumeSource 2.10
  rbd                   *RBDVolumeSource                   2.11
  flexVolume            *FlexVolumeSource                  2.12
  cinder                *CinderVolumeSource                2.13
  cephfs                *CephFSVolumeSource                2.14
  flocker               *FlockerVolumeSource               2.15
  downwardAPI           *DownwardAPIVolumeSource           2.16
  fc                    *FCVolumeSource                    2.17
  azureFile             *AzureFileVolumeSource             2.18
  configMap             *ConfigMapVolumeSource             2.19
  vsphereVolume         *VsphereVirtualDiskVolumeSource    2.20
  quobyte               *QuobyteVolumeSource               2.21
  azureDisk             *AzureDiskVolumeSource             2.22
  photonPersistentDisk  *PhotonPersistentDiskVolumeSource  2.23
  projected             *ProjectedVolumeSource             2.26
  portworxVolume        *PortworxVolumeSource              2.24
  scaleIO               *ScaleIOVolumeSource               2.25
  storageos             *StorageOSVolumeSource             2.27
  csi                   *CSIVolumeSource                   2.28
  ephemeral             *EphemeralVolumeSource             2.29
  image                 *ImageVolumeSource                 2.30

VolumeDevice
  name       string 1 required
  devicePath string 2 required

VolumeMount
  name              string  1 required
  readOnly          bool    2
  recursiveReadOnly *string 7 go=v1.RecursiveReadOnlyMode
  mountPath         string  3 required
  subPath           string  4
  mountPropagation  *string 5 go=v1.MountPropagationMode
  subPathExpr       string  6

VolumeMountStatus
  name              string        1 required
  mountPath         string        2 required
  readOnly          bool          3
  recursiveReadOnly *string       4 go=v1.RecursiveReadOnlyMode
  volumeStatus      *VolumeStatus 5

VolumeNodeAffinity
  required *NodeSelector 1

VolumeProjection
  secret              *SecretProjection              1
  downwardAPI         *DownwardAPIProjection         2
  configMap           *ConfigMapProjection           3
  serviceAccountToken *ServiceAccountTokenProjection 4
  clusterTrustBundle  *ClusterTrustBundleProjection  5
  podCertificate      *PodCertificateProjection      6

VolumeResourceRequirements
  limits   map:quantity 1 go=v1.ResourceList
  requests map:quantity 2 go=v1.ResourceList

VolumeStatus
  image *ImageVolumeStatus 1

VsphereVirtualDiskVolumeSource
  volumePath        string 1 required
  fsType            string 2
  storagePolicyName string 3
  storagePolicyID   string 4

WeightedPodAffinityTerm
  weight          int32           1 required
  podAffinityTerm PodAffinityTerm 2 required

WindowsSecurityContextOptions
  gmsaCredentialSpecName *string 1
  gmsaCredentialSpec     *string 2
  runAsUserName          *string 3
  hostProcess            *bool   4
`;
