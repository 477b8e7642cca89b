import { goForm } from './go-form';

describe('goForm', () => {
  it.each<[string, string, object, unknown]>([
    [
      'writes every field, in the order of the definition',
      'io.k8s.api.storage.v1.CSINodeDriver',
      { nodeID: 'n', name: 'd' },
      { Name: 'd', NodeID: 'n', TopologyKeys: null, Allocatable: null },
    ],
    [
      'goes into structs, even absent ones, unless they are pointers',
      'io.k8s.api.flowcontrol.v1.FlowSchemaSpec',
      { matchingPrecedence: 9 },
      {
        PriorityLevelConfiguration: { Name: '' },
        MatchingPrecedence: 9,
        DistinguisherMethod: null,
        Rules: null,
      },
    ],
    [
      'knows words in capitals',
      'io.k8s.api.flowcontrol.v1.ResourcePolicyRule',
      { apiGroups: ['apps'], verbs: ['*'], resources: ['*'], clusterScope: true },
      { Verbs: ['*'], APIGroups: ['apps'], Resources: ['*'], ClusterScope: true, Namespaces: null },
    ],
    [
      'leaves types of meta/v1 as they are',
      'io.k8s.api.networking.v1.NetworkPolicyPeer',
      { podSelector: { matchLabels: { a: 'b' } } },
      { PodSelector: { matchLabels: { a: 'b' } }, NamespaceSelector: null, IPBlock: null },
    ],
    [
      'takes the fields of metadata for its own',
      'io.k8s.api.resource.v1.ResourceClaimTemplateSpec',
      { metadata: { labels: { a: 'b' } }, spec: {} },
      { labels: { a: 'b' }, Spec: { Devices: { Requests: null, Constraints: null, Config: null } } },
    ],
  ])('%s', (_, definition, value, form) => {
    expect(JSON.stringify(goForm(definition, value))).toBe(JSON.stringify(form));
  });
});
