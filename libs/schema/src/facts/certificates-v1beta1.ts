/** io.k8s.api.certificates.v1beta1. Notation: see ../notation.ts. */
export const certificatesV1beta1 = `
ClusterTrustBundle kind
  metadata meta.ObjectMeta        1
  spec     ClusterTrustBundleSpec 2 required

ClusterTrustBundleList kind
  metadata meta.ListMeta        1
  items    []ClusterTrustBundle 2 required

ClusterTrustBundleSpec
  signerName  string 1
  trustBundle string 2 required

PodCertificateRequest kind
  metadata meta.ObjectMeta             1
  spec     PodCertificateRequestSpec   2 required
  status   PodCertificateRequestStatus 3

PodCertificateRequestList kind
  metadata meta.ListMeta           1
  items    []PodCertificateRequest 2 required

PodCertificateRequestSpec
  signerName                string      1 required
  podName                   string      2 required
  podUID                    string      3 required go=types.UID
  serviceAccountName        string      4 required
  serviceAccountUID         string      5 required go=types.UID
  nodeName                  string      6 required go=types.NodeName
  nodeUID                   string      7 required go=types.UID
  maxExpirationSeconds      *int32      8 default=86400
  pkixPublicKey             bytes       9 always
  proofOfPossession         bytes      10 always
  stubPKCS10Request         bytes      12 required
  unverifiedUserAnnotations map:string 11

PodCertificateRequestStatus
  conditions       []meta.Condition 1 list=map(type) patch=merge(type)
  certificateChain string           2
  notBefore        *time            4
  beginRefreshAt   *time            5
  notAfter         *time            6
`;
