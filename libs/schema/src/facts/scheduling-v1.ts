/** io.k8s.api.scheduling.v1. Notation: see ../notation.ts. */
export const schedulingV1 = `
PriorityClass kind
  metadata         meta.ObjectMeta 1
  value            int32           2 always
  globalDefault    bool            3
  description      string          4
  preemptionPolicy *string         5 go=v1.PreemptionPolicy

PriorityClassList kind
  metadata meta.ListMeta   1
  items    []PriorityClass 2 required
`;
