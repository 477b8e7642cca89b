/** io.k8s.api.coordination.v1beta1. Notation: see ../notation.ts. */
export const coordinationV1beta1 = `
LeaseCandidate kind
  metadata meta.ObjectMeta    1
  spec     LeaseCandidateSpec 2 required

LeaseCandidateList kind
  metadata meta.ListMeta    1
  items    []LeaseCandidate 2 required

LeaseCandidateSpec
  leaseName        string     1 required
  pingTime         *microTime 2
  renewTime        *microTime 3
  binaryVersion    string     4 required
  emulationVersion string     5
  strategy         string     6 required omitempty go=v1.CoordinatedLeaseStrategy
`;
