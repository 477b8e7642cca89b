/** io.k8s.api.node.v1. Notation: see ../notation.ts. */
export const nodeV1 = `
Overhead
  podFixed map:quantity 1 go=v1.ResourceList

RuntimeClass kind
  metadata   meta.ObjectMeta 1
  handler    string          2 required
  overhead   *Overhead       3
  scheduling *Scheduling     4

RuntimeClassList kind
  metadata meta.ListMeta  1
  items    []RuntimeClass 2 required

Scheduling
  nodeSelector map:string        1 map=atomic
  tolerations  []core.Toleration 2 list=atomic
`;
