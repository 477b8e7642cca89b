/** What the proxy wants in its nftables table beyond the fixed frame: chains, and elements of the frame's maps and sets. */
export interface Ruleset {
  /** Rules by chain, as nft text. */
  readonly chains: ReadonlyMap<string, readonly string[]>;
  /** Elements by map or set: key to verdict; an empty verdict for a set. */
  readonly elements: ReadonlyMap<ContainerName, ReadonlyMap<string, string>>;
  /** Sets of client addresses with a timeout, one per endpoint with session affinity: name to seconds. */
  readonly affinities: ReadonlyMap<string, number>;
}

export const containerNames = [
  'service-ips',
  'service-nodeports',
  'no-endpoint-services',
  'no-endpoint-nodeports',
  'cluster-ips',
  'nodeport-ips',
] as const;
export type ContainerName = (typeof containerNames)[number];

/** The parts of a ruleset that one Service port adds; parts of different ports never touch. */
export interface RulesetPart {
  readonly chains: readonly (readonly [name: string, rules: readonly string[]])[];
  readonly elements: readonly (readonly [container: ContainerName, key: string, verdict: string])[];
  readonly affinities: readonly (readonly [name: string, seconds: number])[];
}

export function combine(parts: Iterable<RulesetPart>): Ruleset {
  const chains = new Map<string, readonly string[]>();
  const elements = new Map<ContainerName, Map<string, string>>(
    containerNames.map((name) => [name, new Map<string, string>()]),
  );
  const affinities = new Map<string, number>();
  for (const part of parts) {
    for (const [name, rules] of part.chains) chains.set(name, rules);
    // The first to claim an address and port keeps it.
    for (const [container, key, verdict] of part.elements)
      if (!elements.get(container)?.has(key)) elements.get(container)?.set(key, verdict);
    for (const [name, seconds] of part.affinities) affinities.set(name, seconds);
  }
  return { chains, elements, affinities };
}
