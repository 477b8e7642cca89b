import { cidr, cidrContains, parseCIDR, type Cidr } from '@kubephant/api';
import type { IPBlock, NetworkPolicy, NetworkPolicyPeer, NetworkPolicyPort } from '@kubephant/schema';
import { defineResource, type ResourceDefinition } from '../definition';
import { ageColumn, formatSelector, nameColumn, text } from '../print/columns';
import { forbidden, invalidValue, none, required, type Causes } from '../validation/causes';
import { each, follows, inRange, oneOf, optional, validatePortOrName, when } from '../validation/checks';
import { validateLabelSelector } from '../validation/labels';
import { networkWarnings } from '../validation/address-warnings';
import { at, type Path } from '../validation/path';

const protocols = ['TCP', 'UDP', 'SCTP'];

type Known = ReadonlySet<string>;

function validateEndPort({ port, endPort }: NetworkPolicyPort, path: Path): Causes {
  if (endPort === undefined) return none;
  if (port === undefined) return [invalidValue(path, endPort, 'may not be specified when `port` is not specified')];
  if (typeof port === 'string') {
    return [invalidValue(path, endPort, 'may not be specified when `port` is non-numeric')];
  }
  return [
    ...when(endPort < port, () => invalidValue(path, port, 'must be greater than or equal to `port`')),
    ...inRange(endPort, path, [1, 65535]),
  ];
}

const validatePort = (port: NetworkPolicyPort, path: Path): Causes => [
  ...optional(port.protocol, path.child('protocol'), (protocol, where) => oneOf(protocol, where, protocols)),
  ...optional(port.port, path.child('port'), validatePortOrName),
  ...validateEndPort(port, path.child('endPort')),
];

const isWithin = (inner: Cidr, outer: Cidr): boolean =>
  inner.prefix > outer.prefix && cidrContains(outer, inner.address);

/** `known` are networks of the stored policy: they stay acceptable, wherever they now stand. */
function validateBlock(block: IPBlock, path: Path, known: Known): Causes {
  if (!block.cidr) return [required(path.child('cidr'))];
  const validate = (network: string, where: Path): Causes =>
    known.has(network) ? none : follows(network, where, cidr);
  const outer = parseCIDR(block.cidr);
  return [
    ...validate(block.cidr, path.child('cidr')),
    ...each(outer && block.except, path.child('except'), (network, where) => {
      const inner = parseCIDR(network);
      return [
        ...validate(network, where),
        ...when(Boolean(inner && outer && !isWithin(inner, outer)), () =>
          invalidValue(where, network, 'must be a strict subset of `cidr`'),
        ),
      ];
    }),
  ];
}

function validatePeer(peer: NetworkPolicyPeer, path: Path, known: Known): Causes {
  const { podSelector, namespaceSelector, ipBlock } = peer;
  const isSelected = podSelector !== undefined || namespaceSelector !== undefined;
  return [
    ...validateLabelSelector(podSelector, path.child('podSelector')),
    ...validateLabelSelector(namespaceSelector, path.child('namespaceSelector')),
    ...optional(ipBlock, path.child('ipBlock'), (block, where) => validateBlock(block, where, known)),
    ...when(!isSelected && !ipBlock, () => required(path, 'must specify a peer')),
    ...when(isSelected && Boolean(ipBlock), () => forbidden(path, 'may not specify both ipBlock and another peer')),
  ];
}

function validateTypes(types: readonly string[], path: Path): Causes {
  if (types.length > 2) return [invalidValue(path, types, 'may not specify more than two policyTypes')];
  return each(types, path, (type, where) => oneOf(type, where, ['Ingress', 'Egress']));
}

interface Rule {
  readonly ports?: readonly NetworkPolicyPort[] | undefined;
  readonly peers?: readonly NetworkPolicyPeer[] | undefined;
  readonly path: Path;
  readonly peersField: 'from' | 'to';
}

const spec = at('spec');

/** What comes in and what goes out, in one form. */
const rulesOf = ({ spec: { ingress = [], egress = [] } }: NetworkPolicy): readonly Rule[] => [
  ...ingress.map(({ ports, from }, index): Rule => {
    return { ports, peers: from, path: spec.child('ingress').index(index), peersField: 'from' };
  }),
  ...egress.map(({ ports, to }, index): Rule => {
    return { ports, peers: to, path: spec.child('egress').index(index), peersField: 'to' };
  }),
];

const networksOf = ({ cidr: network, except = [] }: IPBlock): readonly string[] => [network, ...except];

const knownTo = (policy: NetworkPolicy): Known =>
  new Set(
    rulesOf(policy).flatMap(({ peers = [] }) => peers.flatMap(({ ipBlock }) => (ipBlock ? networksOf(ipBlock) : []))),
  );

const validate = (policy: NetworkPolicy, known: Known): Causes => [
  ...validateLabelSelector(policy.spec.podSelector, spec.child('podSelector')),
  ...rulesOf(policy).flatMap(({ ports, peers, path, peersField }) => [
    ...each(ports, path.child('ports'), validatePort),
    ...each(peers, path.child(peersField), (peer, where) => validatePeer(peer, where, known)),
  ]),
  ...validateTypes(policy.spec.policyTypes ?? [], spec.child('policyTypes')),
];

/** IPv6 networks that are not written as others would write them. */
const warnings = (policy: NetworkPolicy): readonly string[] =>
  rulesOf(policy).flatMap(({ peers = [], path, peersField }) =>
    peers.flatMap(({ ipBlock }, index) => {
      const where = path.child(peersField).index(index).child('ipBlock');
      if (!ipBlock) return [];
      return [
        ...networkWarnings(where.child('cidr'), ipBlock.cidr),
        ...(ipBlock.except ?? []).flatMap((network, position) =>
          networkWarnings(where.child('except').index(position), network),
        ),
      ];
    }),
  );

export const networkPolicies: ResourceDefinition = defineResource<NetworkPolicy>({
  group: 'networking.k8s.io',
  version: 'v1',
  kind: 'NetworkPolicy',
  scope: 'Namespaced',
  names: { plural: 'networkpolicies', singular: 'networkpolicy', short: ['netpol'] },
  schema: 'io.k8s.api.networking.v1.NetworkPolicy',
  generation: true,
  columns: [
    nameColumn,
    text('Pod-Selector', 'Pods it is about.', ({ spec: { podSelector } }) => formatSelector(podSelector)),
    ageColumn,
  ],
  defaults(policy) {
    const { policyTypes = [], egress = [] } = policy.spec;
    if (policyTypes.length === 0) policy.spec.policyTypes = egress.length > 0 ? ['Ingress', 'Egress'] : ['Ingress'];
    for (const { ports = [] } of rulesOf(policy)) for (const port of ports) port.protocol ??= 'TCP';
  },
  strategy: {
    validate: (policy) => validate(policy, new Set()),
    validateUpdate: (policy, old) => validate(policy, knownTo(old)),
    warnings,
  },
});
