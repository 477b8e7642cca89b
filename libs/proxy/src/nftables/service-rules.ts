import { createHash } from 'node:crypto';
import type { Endpoint, Family, ServicePort } from '../model/service-port';
import type { RulesetPart } from './ruleset';

export interface RulesConfig {
  readonly family: Family;
  /** The pods' network: clients outside of it are masqueraded on their way to a cluster address. */
  readonly clusterCidr?: string;
}

/** Everything that one Service port puts into the table. Pure. */
export function serviceRules(service: ServicePort, config: RulesConfig): RulesetPart {
  const internal = route(service, 'service', service.internalPolicyLocal);
  const external = externalRoute(service);
  const parts = [
    internalPart(service, internal, config),
    externalPart(service, external, config),
    endpointPart(service, config, [internal, external]),
  ];
  return {
    chains: parts.flatMap(({ chains = [] }) => chains),
    elements: parts.flatMap(({ elements = [] }) => elements),
    affinities: parts.flatMap(({ affinities = [] }) => affinities),
  };
}

/** Where packets go: a chain that picks an endpoint, or nowhere with a verdict that says so. */
interface Route {
  readonly chain: string;
  readonly endpoints: readonly Endpoint[];
  /** Without any usable endpoint: refused when there is none at all, dropped when there is none here. */
  readonly refusal?: 'goto reject-chain' | 'drop';
}

function route({ name, endpoints }: ServicePort, prefix: string, localOnly: boolean): Route {
  const usable = localOnly ? endpoints.filter(({ isLocal }) => isLocal) : endpoints;
  const chain = chainName(prefix, name);
  if (usable.length > 0) return { chain, endpoints: usable };
  return { chain, endpoints: [], refusal: endpoints.length === 0 ? 'goto reject-chain' : 'drop' };
}

function externalRoute(service: ServicePort): Route | undefined {
  if (service.nodePort === 0 && service.externalIps.length === 0) return undefined;
  return route(service, 'external', service.externalPolicyLocal);
}

type Part = Partial<RulesetPart>;

function internalPart(service: ServicePort, internal: Route, { family, clusterCidr }: RulesConfig): Part {
  const keys = service.clusterIps.map((ip) => addressKey(ip, service));
  const masquerade =
    clusterCidr === undefined
      ? []
      : service.clusterIps.map(
          (ip) => `${family} daddr ${ip} ${family} saddr != ${clusterCidr} jump mark-for-masquerade`,
        );
  const clusterIps = service.clusterIps.map((ip) => ['cluster-ips', ip, ''] as const);
  return {
    chains: internal.refusal ? [] : [[internal.chain, [...masquerade, ...choose(service, internal.endpoints, family)]]],
    elements: [
      ...clusterIps,
      ...keys.map((key) =>
        internal.refusal
          ? (['no-endpoint-services', key, internal.refusal] as const)
          : (['service-ips', key, `goto ${internal.chain}`] as const),
      ),
    ],
  };
}

function externalPart(service: ServicePort, external: Route | undefined, { family }: RulesConfig): Part {
  if (!external) return {};
  const { refusal, chain } = external;
  const addresses = service.externalIps.map((ip) => addressKey(ip, service));
  const ports = service.nodePort === 0 ? [] : [`${service.protocol} . ${service.nodePort}`];
  if (refusal) {
    return {
      elements: [
        ...addresses.map((key) => ['no-endpoint-services', key, refusal] as const),
        ...ports.map((key) => ['no-endpoint-nodeports', key, refusal] as const),
      ],
    };
  }
  // With the policy Local the client's address is kept: the answer leaves from this node anyway.
  const masquerade = service.externalPolicyLocal ? [] : ['jump mark-for-masquerade'];
  return {
    chains: [[chain, [...masquerade, ...choose(service, external.endpoints, family)]]],
    elements: [
      ...addresses.map((key) => ['service-ips', key, `goto ${chain}`] as const),
      ...ports.map((key) => ['service-nodeports', key, `goto ${chain}`] as const),
    ],
  };
}

const addressKey = (ip: string, { protocol, port }: ServicePort): string => `${ip} . ${protocol} . ${port}`;

/** Back to the endpoint a client had, where that is asked for; else to any, all alike. */
function choose(service: ServicePort, endpoints: readonly Endpoint[], family: Family): readonly string[] {
  const targets = endpoints.map((endpoint) => endpointChain(service, endpoint));
  const remembered =
    service.affinitySeconds === 0
      ? []
      : targets.map((target) => `${family} saddr @${affinitySet(target)} goto ${target}`);
  const cases = targets.map((target, i) => `${i} : goto ${target}`);
  return [...remembered, `numgen random mod ${targets.length} vmap { ${cases.join(', ')} }`];
}

function endpointPart(service: ServicePort, { family }: RulesConfig, routes: readonly (Route | undefined)[]): Part {
  const used = new Map(
    routes.flatMap((found) => found?.endpoints ?? []).map((endpoint) => [endpointChain(service, endpoint), endpoint]),
  );
  const { protocol, affinitySeconds } = service;
  const chains = [...used].map(([chain, { address, port }]) => {
    const remember = affinitySeconds === 0 ? [] : [`update @${affinitySet(chain)} { ${family} saddr }`];
    const target = family === 'ip6' ? `[${address}]:${port}` : `${address}:${port}`;
    // A pod that reaches itself through its Service must see an answer that comes back the same way.
    return [
      chain,
      [
        `${family} saddr ${address} jump mark-for-masquerade`,
        ...remember,
        `meta l4proto ${protocol} dnat ${family} to ${target}`,
      ],
    ] as const;
  });
  return {
    chains,
    affinities:
      affinitySeconds === 0 ? [] : [...used.keys()].map((chain) => [affinitySet(chain), affinitySeconds] as const),
  };
}

const endpointChain = ({ name }: ServicePort, { address, port }: Endpoint): string => {
  const readable = `${name}__${address.replaceAll(':', '.')}/${port}`;
  return chainName('endpoint', readable);
};

const affinitySet = (chain: string): string => chain.replace(/^endpoint/, 'affinity');

/** What nft takes; the hash comes early, so that a cut name is still unique. */
const maxNameLength = 127;

function chainName(prefix: string, readable: string): string {
  const hash = createHash('sha256').update(readable).digest('hex').slice(0, 8).toUpperCase();
  return `${prefix}-${hash}-${readable}`.slice(0, maxNameLength);
}
