/** io.k8s.api.apps.v1. Notation: see ../notation.ts. */
export const appsV1 = `
ControllerRevision kind
  metadata meta.ObjectMeta 1
  data     rawExtension    2
  revision int64           3 required

ControllerRevisionList kind
  metadata meta.ListMeta        1
  items    []ControllerRevision 2 required

DaemonSet kind
  metadata meta.ObjectMeta 1
  spec     DaemonSetSpec   2
  status   DaemonSetStatus 3

DaemonSetCondition
  type               string 1 required go=v1.DaemonSetConditionType
  status             string 2 required go=v1.ConditionStatus
  lastTransitionTime time   3
  reason             string 4
  message            string 5

DaemonSetList kind
  metadata meta.ListMeta 1
  items    []DaemonSet   2 required

DaemonSetSpec
  selector             *meta.LabelSelector     1 required
  template             core.PodTemplateSpec    2 required
  updateStrategy       DaemonSetUpdateStrategy 3
  minReadySeconds      int32                   4
  revisionHistoryLimit *int32                  6

DaemonSetStatus
  currentNumberScheduled int32                 1 required
  numberMisscheduled     int32                 2 required
  desiredNumberScheduled int32                 3 required
  numberReady            int32                 4 required
  observedGeneration     int64                 5
  updatedNumberScheduled int32                 6
  numberAvailable        int32                 7
  numberUnavailable      int32                 8
  collisionCount         *int32                9
  conditions             []DaemonSetCondition 10 list=map(type) patch=merge(type)

DaemonSetUpdateStrategy
  type          string                  1 go=v1.DaemonSetUpdateStrategyType
  rollingUpdate *RollingUpdateDaemonSet 2

Deployment kind
  metadata meta.ObjectMeta  1
  spec     DeploymentSpec   2
  status   DeploymentStatus 3

DeploymentCondition
  type               string 1 required go=v1.DeploymentConditionType
  status             string 2 required go=v1.ConditionStatus
  lastUpdateTime     time   6
  lastTransitionTime time   7
  reason             string 4
  message            string 5

DeploymentList kind
  metadata meta.ListMeta 1
  items    []Deployment  2 required

DeploymentSpec
  replicas                *int32               1
  selector                *meta.LabelSelector  2 required
  template                core.PodTemplateSpec 3 required
  strategy                DeploymentStrategy   4 patch=retainKeys
  minReadySeconds         int32                5
  revisionHistoryLimit    *int32               6
  paused                  bool                 7
  progressDeadlineSeconds *int32               9

DeploymentStatus
  observedGeneration  int64                 1
  replicas            int32                 2
  updatedReplicas     int32                 3
  readyReplicas       int32                 7
  availableReplicas   int32                 4
  unavailableReplicas int32                 5
  terminatingReplicas *int32                9
  conditions          []DeploymentCondition 6 list=map(type) patch=merge(type)
  collisionCount      *int32                8

DeploymentStrategy
  type          string                   1 go=v1.DeploymentStrategyType
  rollingUpdate *RollingUpdateDeployment 2

ReplicaSet kind
  metadata meta.ObjectMeta  1
  spec     ReplicaSetSpec   2
  status   ReplicaSetStatus 3

ReplicaSetCondition
  type               string 1 required go=v1.ReplicaSetConditionType
  status             string 2 required go=v1.ConditionStatus
  lastTransitionTime time   3
  reason             string 4
  message            string 5

ReplicaSetList kind
  metadata meta.ListMeta 1
  items    []ReplicaSet  2 required

ReplicaSetSpec
  replicas        *int32               1
  minReadySeconds int32                4
  selector        *meta.LabelSelector  2 required
  template        core.PodTemplateSpec 3

ReplicaSetStatus
  replicas             int32                 1 required
  fullyLabeledReplicas int32                 2
  readyReplicas        int32                 4
  availableReplicas    int32                 5
  terminatingReplicas  *int32                7
  observedGeneration   int64                 3
  conditions           []ReplicaSetCondition 6 list=map(type) patch=merge(type)

RollingUpdateDaemonSet
  maxUnavailable *intOrString 1
  maxSurge       *intOrString 2

RollingUpdateDeployment
  maxUnavailable *intOrString 1
  maxSurge       *intOrString 2

RollingUpdateStatefulSetStrategy
  partition      *int32       1
  maxUnavailable *intOrString 2

StatefulSet kind
  metadata meta.ObjectMeta   1
  spec     StatefulSetSpec   2
  status   StatefulSetStatus 3

StatefulSetCondition
  type               string 1 required go=v1.StatefulSetConditionType
  status             string 2 required go=v1.ConditionStatus
  lastTransitionTime time   3
  reason             string 4
  message            string 5

StatefulSetList kind
  metadata meta.ListMeta 1
  items    []StatefulSet 2 required

StatefulSetOrdinals
  start int32 1 always

StatefulSetPersistentVolumeClaimRetentionPolicy
  whenDeleted string 1 go=v1.PersistentVolumeClaimRetentionPolicyType
  whenScaled  string 2 go=v1.PersistentVolumeClaimRetentionPolicyType

StatefulSetSpec
  replicas                             *int32                                            1
  selector                             *meta.LabelSelector                               2 required
  template                             core.PodTemplateSpec                              3 required
  volumeClaimTemplates                 []core.PersistentVolumeClaim                      4 list=atomic
  serviceName                          string                                            5 always
  podManagementPolicy                  string                                            6 go=v1.PodManagementPolicyType
  updateStrategy                       StatefulSetUpdateStrategy                         7
  revisionHistoryLimit                 *int32                                            8
  minReadySeconds                      int32                                             9
  persistentVolumeClaimRetentionPolicy *StatefulSetPersistentVolumeClaimRetentionPolicy 10
  ordinals                             *StatefulSetOrdinals                             11

StatefulSetStatus
  observedGeneration int64                   1
  replicas           int32                   2 required
  readyReplicas      int32                   3
  currentReplicas    int32                   4
  updatedReplicas    int32                   5
  currentRevision    string                  6
  updateRevision     string                  7
  collisionCount     *int32                  9
  conditions         []StatefulSetCondition 10 list=map(type) patch=merge(type)
  availableReplicas  int32                  11 always

StatefulSetUpdateStrategy
  type          string                            1 go=v1.StatefulSetUpdateStrategyType
  rollingUpdate *RollingUpdateStatefulSetStrategy 2
`;
