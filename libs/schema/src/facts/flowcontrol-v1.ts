/** io.k8s.api.flowcontrol.v1. Notation: see ../notation.ts. */
export const flowcontrolV1 = `
ExemptPriorityLevelConfiguration
  nominalConcurrencyShares *int32 1
  lendablePercent          *int32 2

FlowDistinguisherMethod
  type string 1 required go=v1.FlowDistinguisherMethodType

FlowSchema kind
  metadata meta.ObjectMeta  1
  spec     FlowSchemaSpec   2
  status   FlowSchemaStatus 3

FlowSchemaCondition
  type               string 1 go=v1.FlowSchemaConditionType
  status             string 2 go=v1.ConditionStatus
  lastTransitionTime time   3
  reason             string 4
  message            string 5

FlowSchemaList kind
  metadata meta.ListMeta 1
  items    []FlowSchema  2 required

FlowSchemaSpec
  priorityLevelConfiguration PriorityLevelConfigurationReference 1 required
  matchingPrecedence         int32                               2 always
  distinguisherMethod        *FlowDistinguisherMethod            3
  rules                      []PolicyRulesWithSubjects           4 list=atomic

FlowSchemaStatus
  conditions []FlowSchemaCondition 1 list=map(type) patch=merge(type)

GroupSubject
  name string 1 required

LimitResponse union=type(queuing)
  type    string                1 required go=v1.LimitResponseType
  queuing *QueuingConfiguration 2

LimitedPriorityLevelConfiguration
  nominalConcurrencyShares *int32        1 always
  limitResponse            LimitResponse 2
  lendablePercent          *int32        3
  borrowingLimitPercent    *int32        4

NonResourcePolicyRule
  verbs           []string 1 required list=set
  nonResourceURLs []string 6 required list=set

PolicyRulesWithSubjects
  subjects         []Subject               1 required list=atomic
  resourceRules    []ResourcePolicyRule    2 list=atomic
  nonResourceRules []NonResourcePolicyRule 3 list=atomic

PriorityLevelConfiguration kind
  metadata meta.ObjectMeta                  1
  spec     PriorityLevelConfigurationSpec   2
  status   PriorityLevelConfigurationStatus 3

PriorityLevelConfigurationCondition
  type               string 1 go=v1.PriorityLevelConfigurationConditionType
  status             string 2 go=v1.ConditionStatus
  lastTransitionTime time   3
  reason             string 4
  message            string 5

PriorityLevelConfigurationList kind
  metadata meta.ListMeta                1
  items    []PriorityLevelConfiguration 2 required

PriorityLevelConfigurationReference
  name string 1 required

PriorityLevelConfigurationSpec union=type(exempt,limited)
  type    string                             1 required go=v1.PriorityLevelEnablement
  limited *LimitedPriorityLevelConfiguration 2
  exempt  *ExemptPriorityLevelConfiguration  3

PriorityLevelConfigurationStatus
  conditions []PriorityLevelConfigurationCondition 1 list=map(type) patch=merge(type)

QueuingConfiguration
  queues           int32 1 always
  handSize         int32 2 always
  queueLengthLimit int32 3 always

ResourcePolicyRule
  verbs        []string 1 required list=set
  apiGroups    []string 2 required list=set
  resources    []string 3 required list=set
  clusterScope bool     4
  namespaces   []string 5 always list=set

ServiceAccountSubject
  namespace string 1 required
  name      string 2 required

Subject union=kind(group,serviceAccount,user)
  kind           string                 1 required go=v1.SubjectKind
  user           *UserSubject           2
  group          *GroupSubject          3
  serviceAccount *ServiceAccountSubject 4

UserSubject
  name string 1 required
`;
