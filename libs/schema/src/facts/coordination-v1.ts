/** io.k8s.api.coordination.v1. Notation: see ../notation.ts. */
export const coordinationV1 = `
Lease kind
  metadata meta.ObjectMeta 1
  spec     LeaseSpec       2

LeaseList kind
  metadata meta.ListMeta 1
  items    []Lease       2 required

LeaseSpec
  holderIdentity       *string    1
  leaseDurationSeconds *int32     2
  acquireTime          *microTime 3
  renewTime            *microTime 4
  leaseTransitions     *int32     5
  strategy             *string    6 go=v1.CoordinatedLeaseStrategy
  preferredHolder      *string    7
`;
