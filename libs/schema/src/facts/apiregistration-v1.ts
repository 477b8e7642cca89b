/** io.k8s.kube-aggregator.pkg.apis.apiregistration.v1. Notation: see ../notation.ts. */
export const apiregistrationV1 = `
APIService kind
  metadata meta.ObjectMeta  1
  spec     APIServiceSpec   2
  status   APIServiceStatus 3

APIServiceCondition
  type               string 1 required go=v1.APIServiceConditionType
  status             string 2 required go=v1.ConditionStatus
  lastTransitionTime time   3
  reason             string 4
  message            string 5

APIServiceList kind
  metadata meta.ListMeta 1
  items    []APIService  2 required

APIServiceSpec
  service               *ServiceReference 1
  group                 string            2
  version               string            3
  insecureSkipTLSVerify bool              4
  caBundle              bytes             5 list=atomic
  groupPriorityMinimum  int32             7 required
  versionPriority       int32             8 required

APIServiceStatus
  conditions []APIServiceCondition 1 list=map(type) patch=merge(type)

ServiceReference
  namespace string 1
  name      string 2
  port      *int32 3
`;
