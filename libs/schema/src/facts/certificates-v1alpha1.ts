/** io.k8s.api.certificates.v1alpha1. Notation: see ../notation.ts. */
export const certificatesV1alpha1 = `
ClusterTrustBundle kind
  metadata meta.ObjectMeta        1
  spec     ClusterTrustBundleSpec 2 required

ClusterTrustBundleList kind
  metadata meta.ListMeta        1
  items    []ClusterTrustBundle 2 required

ClusterTrustBundleSpec
  signerName  string 1
  trustBundle string 2 required
`;
