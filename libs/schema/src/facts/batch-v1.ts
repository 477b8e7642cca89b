/** io.k8s.api.batch.v1. Notation: see ../notation.ts. */
export const batchV1 = `
CronJob kind
  metadata meta.ObjectMeta 1
  spec     CronJobSpec     2 required
  status   CronJobStatus   3

CronJobList kind
  metadata meta.ListMeta 1
  items    []CronJob     2 required

CronJobSpec
  schedule                   string          1 required
  timeZone                   *string         8
  startingDeadlineSeconds    *int64          2
  concurrencyPolicy          string          3 go=v1.ConcurrencyPolicy
  suspend                    *bool           4
  jobTemplate                JobTemplateSpec 5 required
  successfulJobsHistoryLimit *int32          6
  failedJobsHistoryLimit     *int32          7

CronJobStatus
  active             []core.ObjectReference 1 list=atomic
  lastScheduleTime   *time                  4
  lastSuccessfulTime *time                  5

Job kind
  metadata meta.ObjectMeta 1
  spec     JobSpec         2
  status   JobStatus       3

JobCondition
  type               string 1 required go=v1.JobConditionType
  status             string 2 required go=v1.ConditionStatus
  lastProbeTime      time   3
  lastTransitionTime time   4
  reason             string 5
  message            string 6

JobList kind
  metadata meta.ListMeta 1
  items    []Job         2 required

JobSpec
  parallelism             *int32                1
  completions             *int32                2
  activeDeadlineSeconds   *int64                3
  podFailurePolicy        *PodFailurePolicy    11
  successPolicy           *SuccessPolicy       16
  backoffLimit            *int32                7
  backoffLimitPerIndex    *int32               12
  maxFailedIndexes        *int32               13
  selector                *meta.LabelSelector   4
  manualSelector          *bool                 5
  template                core.PodTemplateSpec  6 required
  ttlSecondsAfterFinished *int32                8
  completionMode          *string               9 go=v1.CompletionMode
  suspend                 *bool                10
  podReplacementPolicy    *string              14 go=v1.PodReplacementPolicy
  managedBy               *string              15

JobStatus
  conditions              []JobCondition            1 list=atomic patch=merge(type)
  startTime               *time                     2
  completionTime          *time                     3
  active                  int32                     4
  succeeded               int32                     5
  failed                  int32                     6
  terminating             *int32                   11
  completedIndexes        string                    7
  failedIndexes           *string                  10
  uncountedTerminatedPods *UncountedTerminatedPods  8
  ready                   *int32                    9

JobTemplateSpec
  metadata meta.ObjectMeta 1
  spec     JobSpec         2

PodFailurePolicy
  rules []PodFailurePolicyRule 1 required list=atomic

PodFailurePolicyOnExitCodesRequirement
  containerName *string 1
  operator      string  2 required go=v1.PodFailurePolicyOnExitCodesOperator
  values        []int32 3 required list=set

PodFailurePolicyOnPodConditionsPattern
  type   string 1 required go=v1.PodConditionType
  status string 2 always go=v1.ConditionStatus

PodFailurePolicyRule
  action          string                                   1 required go=v1.PodFailurePolicyAction
  onExitCodes     *PodFailurePolicyOnExitCodesRequirement  2
  onPodConditions []PodFailurePolicyOnPodConditionsPattern 3 list=atomic

SuccessPolicy
  rules []SuccessPolicyRule 1 required list=atomic

SuccessPolicyRule
  succeededIndexes *string 1
  succeededCount   *int32  2

UncountedTerminatedPods
  succeeded []string 1 go=[]types.UID list=set
  failed    []string 2 go=[]types.UID list=set
`;
