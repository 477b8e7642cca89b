/** io.k8s.api.scheduling.v1alpha2. Notation: see ../notation.ts. */
export const schedulingV1alpha2 = `
BasicSchedulingPolicy

GangSchedulingPolicy
  minCount int32 1 required

PodGroup kind
  metadata meta.ObjectMeta 1
  spec     PodGroupSpec    2 required
  status   PodGroupStatus  3

PodGroupList kind
  metadata meta.ListMeta 1
  items    []PodGroup    2 required

PodGroupResourceClaim
  name                      string  1 required
  resourceClaimName         *string 2
  resourceClaimTemplateName *string 3

PodGroupResourceClaimStatus
  name              string  1 required
  resourceClaimName *string 2

PodGroupSchedulingConstraints
  topology []TopologyConstraint 1 list=atomic

PodGroupSchedulingPolicy union=(basic,gang)
  basic *BasicSchedulingPolicy 1
  gang  *GangSchedulingPolicy  2

PodGroupSpec
  podGroupTemplateRef   *PodGroupTemplateReference     1 always
  schedulingPolicy      PodGroupSchedulingPolicy       2 required
  schedulingConstraints *PodGroupSchedulingConstraints 3
  resourceClaims        []PodGroupResourceClaim        4 list=map(name) patch=merge,retainKeys(name)
  disruptionMode        *string                        5 go=v1alpha2.DisruptionMode default="Pod"
  priorityClassName     string                         6
  priority              *int32                         7

PodGroupStatus
  conditions            []meta.Condition              1 list=map(type) patch=merge(type)
  resourceClaimStatuses []PodGroupResourceClaimStatus 2 list=map(name) patch=merge,retainKeys(name)

PodGroupTemplate
  name                  string                         1 required
  schedulingPolicy      PodGroupSchedulingPolicy       2 required
  schedulingConstraints *PodGroupSchedulingConstraints 3 always
  resourceClaims        []PodGroupResourceClaim        4 list=map(name) patch=merge,retainKeys(name)
  disruptionMode        *string                        5 go=v1alpha2.DisruptionMode
  priorityClassName     string                         6
  priority              *int32                         7

PodGroupTemplateReference union=(workload)
  workload *WorkloadPodGroupTemplateReference 1 always

TopologyConstraint
  key string 1 required

TypedLocalObjectReference
  apiGroup string 1
  kind     string 2 required
  name     string 3 required

Workload kind
  metadata meta.ObjectMeta 1
  spec     WorkloadSpec    2 required

WorkloadList kind
  metadata meta.ListMeta 1
  items    []Workload    2 required

WorkloadPodGroupTemplateReference
  workloadName         string 1 required
  podGroupTemplateName string 2 required

WorkloadSpec
  controllerRef     *TypedLocalObjectReference 1
  podGroupTemplates []PodGroupTemplate         2 required list=map(name)
`;
