/** io.k8s.api.discovery.v1. Notation: see ../notation.ts. */
export const discoveryV1 = `
Endpoint
  addresses          []string              1 required list=set
  conditions         EndpointConditions    2
  hostname           *string               3
  targetRef          *core.ObjectReference 4
  deprecatedTopology map:string            5
  nodeName           *string               6
  zone               *string               7
  hints              *EndpointHints        8

EndpointConditions
  ready       *bool 1
  serving     *bool 2
  terminating *bool 3

EndpointHints
  forZones []ForZone 1 list=atomic
  forNodes []ForNode 2 list=atomic

EndpointPort atomic
  name        *string 1
  protocol    *string 2 go=v1.Protocol
  port        *int32  3
  appProtocol *string 4

EndpointSlice kind
  metadata    meta.ObjectMeta 1
  addressType string          4 required go=v1.AddressType
  endpoints   []Endpoint      2 always list=atomic
  ports       []EndpointPort  3 always list=atomic

EndpointSliceList kind
  metadata meta.ListMeta   1
  items    []EndpointSlice 2 required

ForNode
  name string 1 required

ForZone
  name string 1 required
`;
