/** io.k8s.api.admissionregistration.v1. Notation: see ../notation.ts. */
export const admissionregistrationV1 = `
ApplyConfiguration
  expression string 1

AuditAnnotation
  key             string 1 required
  valueExpression string 2 required

ExpressionWarning
  fieldRef string 2 required
  warning  string 3 required

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
  matchPolicy          *string                   7 go=v1.MatchPolicyType

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
  failurePolicy      *string          5 go=v1.FailurePolicyType
  matchConditions    []MatchCondition 6 list=map(name) patch=merge(name)
  reinvocationPolicy string           7 go=v1.ReinvocationPolicyType

MutatingWebhook
  name                    string                1 required
  clientConfig            WebhookClientConfig   2 required
  rules                   []RuleWithOperations  3 list=atomic
  failurePolicy           *string               4 go=v1.FailurePolicyType
  matchPolicy             *string               9 go=v1.MatchPolicyType
  namespaceSelector       *meta.LabelSelector   5
  objectSelector          *meta.LabelSelector  11
  sideEffects             *string               6 required go=v1.SideEffectClass
  timeoutSeconds          *int32                7
  admissionReviewVersions []string              8 required list=atomic
  reinvocationPolicy      *string              10 go=v1.ReinvocationPolicyType
  matchConditions         []MatchCondition     12 list=map(name) patch=merge(name)

MutatingWebhookConfiguration kind
  metadata meta.ObjectMeta   1
  webhooks []MutatingWebhook 2 list=map(name) patch=merge(name)

MutatingWebhookConfigurationList kind
  metadata meta.ListMeta                  1
  items    []MutatingWebhookConfiguration 2 required

Mutation
  patchType          string              2 required go=v1.PatchType
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
  parameterNotFoundAction *string             4 go=v1.ParameterNotFoundActionType

RuleWithOperations embeds=2:Rule
  operations  []string   1 go=[]v1.OperationType list=atomic
  apiGroups   []string 2.1 list=atomic
  apiVersions []string 2.2 list=atomic
  resources   []string 2.3 list=atomic
  scope       *string  2.4 go=v1.ScopeType

ServiceReference
  namespace string  1 required
  name      string  2 required
  path      *string 3
  port      *int32  4

TypeChecking
  expressionWarnings []ExpressionWarning 1 list=atomic

ValidatingAdmissionPolicy kind
  metadata meta.ObjectMeta                 1
  spec     ValidatingAdmissionPolicySpec   2
  status   ValidatingAdmissionPolicyStatus 3

ValidatingAdmissionPolicyBinding kind
  metadata meta.ObjectMeta                      1
  spec     ValidatingAdmissionPolicyBindingSpec 2 required

ValidatingAdmissionPolicyBindingList kind
  metadata meta.ListMeta                      1
  items    []ValidatingAdmissionPolicyBinding 2 required

ValidatingAdmissionPolicyBindingSpec
  policyName        string          1 required omitempty
  paramRef          *ParamRef       2
  matchResources    *MatchResources 3
  validationActions []string        4 required omitempty go=[]v1.ValidationAction list=set

ValidatingAdmissionPolicyList kind
  metadata meta.ListMeta               1
  items    []ValidatingAdmissionPolicy 2 required

ValidatingAdmissionPolicySpec
  paramKind        *ParamKind        1
  matchConstraints *MatchResources   2
  validations      []Validation      3 list=atomic
  failurePolicy    *string           4 go=v1.FailurePolicyType
  auditAnnotations []AuditAnnotation 5 list=atomic
  matchConditions  []MatchCondition  6 list=map(name) patch=merge(name)
  variables        []Variable        7 list=map(name) patch=merge(name)

ValidatingAdmissionPolicyStatus
  observedGeneration int64            1
  typeChecking       *TypeChecking    2
  conditions         []meta.Condition 3 list=map(type)

ValidatingWebhook
  name                    string                1 required
  clientConfig            WebhookClientConfig   2 required
  rules                   []RuleWithOperations  3 list=atomic
  failurePolicy           *string               4 go=v1.FailurePolicyType
  matchPolicy             *string               9 go=v1.MatchPolicyType
  namespaceSelector       *meta.LabelSelector   5
  objectSelector          *meta.LabelSelector  10
  sideEffects             *string               6 required go=v1.SideEffectClass
  timeoutSeconds          *int32                7
  admissionReviewVersions []string              8 required list=atomic
  matchConditions         []MatchCondition     11 list=map(name) patch=merge(name)

ValidatingWebhookConfiguration kind
  metadata meta.ObjectMeta     1
  webhooks []ValidatingWebhook 2 list=map(name) patch=merge(name)

ValidatingWebhookConfigurationList kind
  metadata meta.ListMeta                    1
  items    []ValidatingWebhookConfiguration 2 required

Validation
  expression        string  1 required
  message           string  2
  reason            *string 3 go=v1.StatusReason
  messageExpression string  4

Variable atomic
  name       string 1 required
  expression string 2 required

WebhookClientConfig
  url      *string           3
  service  *ServiceReference 1
  caBundle bytes             2
`;
