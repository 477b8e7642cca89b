/** io.k8s.api.authorization.v1. Notation: see ../notation.ts. */
export const authorizationV1 = `
FieldSelectorAttributes
  rawSelector  string                          1
  requirements []meta.FieldSelectorRequirement 2 list=atomic

LabelSelectorAttributes
  rawSelector  string                          1
  requirements []meta.LabelSelectorRequirement 2 list=atomic

LocalSubjectAccessReview kind
  metadata meta.ObjectMeta           1
  spec     SubjectAccessReviewSpec   2 required
  status   SubjectAccessReviewStatus 3

NonResourceAttributes
  path string 1
  verb string 2

NonResourceRule
  verbs           []string 1 required list=atomic
  nonResourceURLs []string 2 list=atomic

ResourceAttributes
  namespace     string                   1
  verb          string                   2
  group         string                   3
  version       string                   4
  resource      string                   5
  subresource   string                   6
  name          string                   7
  fieldSelector *FieldSelectorAttributes 8
  labelSelector *LabelSelectorAttributes 9

ResourceRule
  verbs         []string 1 required list=atomic
  apiGroups     []string 2 list=atomic
  resources     []string 3 list=atomic
  resourceNames []string 4 list=atomic

SelfSubjectAccessReview kind
  metadata meta.ObjectMeta             1
  spec     SelfSubjectAccessReviewSpec 2 required
  status   SubjectAccessReviewStatus   3

SelfSubjectAccessReviewSpec
  resourceAttributes    *ResourceAttributes    1
  nonResourceAttributes *NonResourceAttributes 2

SelfSubjectRulesReview kind
  metadata meta.ObjectMeta            1
  spec     SelfSubjectRulesReviewSpec 2 required
  status   SubjectRulesReviewStatus   3

SelfSubjectRulesReviewSpec
  namespace string 1

SubjectAccessReview kind
  metadata meta.ObjectMeta           1
  spec     SubjectAccessReviewSpec   2 required
  status   SubjectAccessReviewStatus 3

SubjectAccessReviewSpec
  resourceAttributes    *ResourceAttributes    1
  nonResourceAttributes *NonResourceAttributes 2
  user                  string                 3
  groups                []string               4 list=atomic
  extra                 map:[]string           5 go=map[string]v1.ExtraValue
  uid                   string                 6

SubjectAccessReviewStatus
  allowed         bool   1 required
  denied          bool   4
  reason          string 2
  evaluationError string 3

SubjectRulesReviewStatus
  resourceRules    []ResourceRule    1 required list=atomic
  nonResourceRules []NonResourceRule 2 required list=atomic
  incomplete       bool              3 required
  evaluationError  string            4
`;
