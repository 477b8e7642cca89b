/** io.k8s.api.policy.v1. Notation: see ../notation.ts. */
export const policyV1 = `
Eviction kind
  metadata      meta.ObjectMeta     1
  deleteOptions *meta.DeleteOptions 2

PodDisruptionBudget kind
  metadata meta.ObjectMeta           1
  spec     PodDisruptionBudgetSpec   2
  status   PodDisruptionBudgetStatus 3

PodDisruptionBudgetList kind
  metadata meta.ListMeta         1
  items    []PodDisruptionBudget 2 required

PodDisruptionBudgetSpec
  minAvailable               *intOrString        1
  selector                   *meta.LabelSelector 2 patch=replace
  maxUnavailable             *intOrString        3
  unhealthyPodEvictionPolicy *string             4 go=v1.UnhealthyPodEvictionPolicyType

PodDisruptionBudgetStatus
  observedGeneration int64            1
  disruptedPods      map:time         2
  disruptionsAllowed int32            3 always
  currentHealthy     int32            4 always
  desiredHealthy     int32            5 always
  expectedPods       int32            6 always
  conditions         []meta.Condition 7 list=map(type) patch=merge(type)
`;
