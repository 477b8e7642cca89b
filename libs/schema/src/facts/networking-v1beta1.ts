/** io.k8s.api.networking.v1beta1. Notation: see ../notation.ts. */
export const networkingV1beta1 = `
IPAddress kind
  metadata meta.ObjectMeta 1
  spec     IPAddressSpec   2 required

IPAddressList kind
  metadata meta.ListMeta 1
  items    []IPAddress   2 required

IPAddressSpec
  parentRef *ParentReference 1 required omitempty

ParentReference
  group     string 1
  resource  string 2 required omitempty
  namespace string 3
  name      string 4 required omitempty

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
