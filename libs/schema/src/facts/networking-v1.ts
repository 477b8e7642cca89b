/** io.k8s.api.networking.v1. Notation: see ../notation.ts. */
export const networkingV1 = `
HTTPIngressPath
  path     string         1
  pathType *string        3 required go=v1.PathType
  backend  IngressBackend 2 required

HTTPIngressRuleValue
  paths []HTTPIngressPath 1 required list=atomic

IPAddress kind
  metadata meta.ObjectMeta 1
  spec     IPAddressSpec   2 required

IPAddressList kind
  metadata meta.ListMeta 1
  items    []IPAddress   2 required

IPAddressSpec
  parentRef *ParentReference 1 required omitempty

IPBlock
  cidr   string   1 required
  except []string 2 list=atomic

Ingress kind
  metadata meta.ObjectMeta 1
  spec     IngressSpec     2
  status   IngressStatus   3

IngressBackend
  service  *IngressServiceBackend          4
  resource *core.TypedLocalObjectReference 3

IngressClass kind
  metadata meta.ObjectMeta  1
  spec     IngressClassSpec 2

IngressClassList kind
  metadata meta.ListMeta  1
  items    []IngressClass 2 required

IngressClassParametersReference
  apiGroup  *string 1
  kind      string  2 required
  name      string  3 required
  scope     *string 4 always
  namespace *string 5

IngressClassSpec
  controller string                           1
  parameters *IngressClassParametersReference 2

IngressList kind
  metadata meta.ListMeta 1
  items    []Ingress     2 required

IngressLoadBalancerIngress
  ip       string              1
  hostname string              2
  ports    []IngressPortStatus 4 list=atomic

IngressLoadBalancerStatus
  ingress []IngressLoadBalancerIngress 1 list=atomic

IngressPortStatus
  port     int32   1 required
  protocol string  2 required go=v1.Protocol
  error    *string 3

IngressRule embeds=2:IngressRuleValue
  host string                  1
  http *HTTPIngressRuleValue 2.1

IngressServiceBackend
  name string             1 required
  port ServiceBackendPort 2

IngressSpec
  ingressClassName *string         4
  defaultBackend   *IngressBackend 1
  tls              []IngressTLS    2 list=atomic
  rules            []IngressRule   3 list=atomic

IngressStatus
  loadBalancer IngressLoadBalancerStatus 1

IngressTLS
  hosts      []string 1 list=atomic
  secretName string   2

NetworkPolicy kind
  metadata meta.ObjectMeta   1
  spec     NetworkPolicySpec 2

NetworkPolicyEgressRule
  ports []NetworkPolicyPort 1 list=atomic
  to    []NetworkPolicyPeer 2 list=atomic

NetworkPolicyIngressRule
  ports []NetworkPolicyPort 1 list=atomic
  from  []NetworkPolicyPeer 2 list=atomic

NetworkPolicyList kind
  metadata meta.ListMeta   1
  items    []NetworkPolicy 2 required

NetworkPolicyPeer
  podSelector       *meta.LabelSelector 1
  namespaceSelector *meta.LabelSelector 2
  ipBlock           *IPBlock            3

NetworkPolicyPort
  protocol *string      1 go=v1.Protocol
  port     *intOrString 2
  endPort  *int32       3

NetworkPolicySpec
  podSelector meta.LabelSelector         1
  ingress     []NetworkPolicyIngressRule 2 list=atomic
  egress      []NetworkPolicyEgressRule  3 list=atomic
  policyTypes []string                   4 go=[]v1.PolicyType list=atomic

ParentReference
  group     string 1
  resource  string 2 required omitempty
  namespace string 3
  name      string 4 required omitempty

ServiceBackendPort atomic
  name   string 1
  number int32  2

ServiceCIDR kind
  metadata meta.ObjectMeta   1
  spec     ServiceCIDRSpec   2
  status   ServiceCIDRStatus 3

ServiceCIDRList kind
  metadata meta.ListMeta 1
  items    []ServiceCIDR 2 required

ServiceCIDRSpec
  cidrs []string 1 list=atomic

ServiceCIDRStatus
  conditions []meta.Condition 1 list=map(type) patch=merge(type)
`;
