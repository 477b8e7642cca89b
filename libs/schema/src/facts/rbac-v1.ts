/** io.k8s.api.rbac.v1. Notation: see ../notation.ts. */
export const rbacV1 = `
AggregationRule
  clusterRoleSelectors []meta.LabelSelector 1 list=atomic

ClusterRole kind
  metadata        meta.ObjectMeta  1
  rules           []PolicyRule     2 always list=atomic
  aggregationRule *AggregationRule 3

ClusterRoleBinding kind
  metadata meta.ObjectMeta 1
  subjects []Subject       2 list=atomic
  roleRef  RoleRef         3 required

ClusterRoleBindingList kind
  metadata meta.ListMeta        1
  items    []ClusterRoleBinding 2 required

ClusterRoleList kind
  metadata meta.ListMeta 1
  items    []ClusterRole 2 required

PolicyRule
  verbs           []string 1 required list=atomic
  apiGroups       []string 2 list=atomic
  resources       []string 3 list=atomic
  resourceNames   []string 4 list=atomic
  nonResourceURLs []string 5 list=atomic

Role kind
  metadata meta.ObjectMeta 1
  rules    []PolicyRule    2 always list=atomic

RoleBinding kind
  metadata meta.ObjectMeta 1
  subjects []Subject       2 list=atomic
  roleRef  RoleRef         3 required

RoleBindingList kind
  metadata meta.ListMeta 1
  items    []RoleBinding 2 required

RoleList kind
  metadata meta.ListMeta 1
  items    []Role        2 required

RoleRef atomic
  apiGroup string 1 always
  kind     string 2 required
  name     string 3 required

Subject atomic
  kind      string 1 required
  apiGroup  string 2
  name      string 3 required
  namespace string 4
`;
