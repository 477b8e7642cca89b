/** io.k8s.api.certificates.v1. Notation: see ../notation.ts. */
export const certificatesV1 = `
CertificateSigningRequest kind
  metadata meta.ObjectMeta                 1
  spec     CertificateSigningRequestSpec   2 required
  status   CertificateSigningRequestStatus 3

CertificateSigningRequestCondition
  type               string 1 required go=v1.RequestConditionType
  status             string 6 required go=v1.ConditionStatus
  reason             string 2
  message            string 3
  lastUpdateTime     time   4
  lastTransitionTime time   5

CertificateSigningRequestList kind
  metadata meta.ListMeta               1
  items    []CertificateSigningRequest 2 required

CertificateSigningRequestSpec
  request           bytes        1 required
  signerName        string       7 required
  expirationSeconds *int32       8
  usages            []string     5 go=[]v1.KeyUsage list=atomic
  username          string       2
  uid               string       3
  groups            []string     4 list=atomic
  extra             map:[]string 6 go=map[string]v1.ExtraValue

CertificateSigningRequestStatus
  conditions  []CertificateSigningRequestCondition 1 list=map(type)
  certificate bytes                                2
`;
