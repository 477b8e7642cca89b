/** io.k8s.api.admissionregistration.v1beta1. Notation: see ../notation.ts. */
export const admissionregistrationV1beta1 = `
ApplyConfiguration
  expression string 1

JSONPatch
  expression string 1

MatchCondition
  name       string 1 required
  expression string 2 required

MatchResources atomic
  namespaceSelector    *meta.LabelSelector       1
  objectSelector       *meta.LabelSelector       2
  resourceRules        []NamedRuleWithOperations 3 list=atomic
  excludeResourceRules []NamedRuleWithOperations 4 list=atomic
  matchPolicy          *string                   7 go=v1beta1.MatchPolicyType

MutatingAdmissionPolicy kind
  metadata meta.ObjectMeta             1
  spec     MutatingAdmissionPolicySpec 2

MutatingAdmissionPolicyBinding kind
  metadata meta.ObjectMeta                    1
  spec     MutatingAdmissionPolicyBindingSpec 2

MutatingAdmissionPolicyBindingList kind
  metadata meta.ListMeta                    1
  items    []MutatingAdmissionPolicyBinding 2 required

MutatingAdmissionPolicyBindingSpec
  policyName     string          1
  paramRef       *ParamRef       2
  matchResources *MatchResources 3

MutatingAdmissionPolicyList kind
  metadata meta.ListMeta             1
  items    []MutatingAdmissionPolicy 2 required

MutatingAdmissionPolicySpec
  paramKind          *ParamKind       1
  matchConstraints   *MatchResources  2
  variables          []Variable       3 list=atomic
  mutations          []Mutation       4 list=atomic
  failurePolicy      *string          5 go=v1beta1.FailurePolicyType
  matchConditions    []MatchCondition 6 list=map(name) patch=merge(name)
  reinvocationPolicy string           7 go=v1.ReinvocationPolicyType

Mutation
  patchType          string              2 required go=v1beta1.PatchType
  applyConfiguration *ApplyConfiguration 3
  jsonPatch          *JSONPatch          4

NamedRuleWithOperations atomic embeds=2:RuleWithOperations,2.2:Rule
  resourceNames []string     1 list=atomic
  operations    []string   2.1 go=[]v1.OperationType list=atomic
  apiGroups     []string 2.2.1 list=atomic
  apiVersions   []string 2.2.2 list=atomic
  resources     []string 2.2.3 list=atomic
  scope         *string  2.2.4 go=v1.ScopeType

ParamKind atomic
  apiVersion string 1
  kind       string 2

ParamRef atomic
  name                    string              1
  namespace               string              2
  selector                *meta.LabelSelector 3
  parameterNotFoundAction *string             4 go=v1beta1.ParameterNotFoundActionType

Variable atomic
  name       string 1 required
  expression string 2 required
`;
