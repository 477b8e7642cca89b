import type { Family } from '../model/service-port';
import { containerNames, type ContainerName, type Ruleset } from './ruleset';

/** The transaction that makes the kernel's table exactly `next`, whatever was there. */
export function fullScript(next: Ruleset, family: Family, table: string): string {
  const lines = [`add table ${family} ${table}`, `delete table ${family} ${table}`, ...frame(family, table)];
  return [...lines, ...additions(emptyRuleset, next, { family, table }), ''].join('\n');
}

/** The transaction that leads from `before`, which the kernel has, to `next`. Empty when nothing changes. */
export function incrementalScript(before: Ruleset, next: Ruleset, family: Family, table: string): string {
  const where = { family, table };
  const lines = [...additions(before, next, where), ...removals(before, next, where)];
  return lines.length === 0 ? '' : [...lines, ''].join('\n');
}

export const emptyRuleset: Ruleset = { chains: new Map(), elements: new Map(), affinities: new Map() };

interface Where {
  readonly family: Family;
  readonly table: string;
}

/** New sets and chains, new rules of changed chains, then the elements that lead to them. */
function* additions(before: Ruleset, next: Ruleset, { family, table }: Where): Generator<string> {
  const at = `${family} ${table}`;
  for (const [name, seconds] of next.affinities) {
    if (before.affinities.has(name)) continue;
    yield `add set ${at} ${name} { type ${family === 'ip' ? 'ipv4_addr' : 'ipv6_addr'}; flags dynamic,timeout; timeout ${seconds}s; }`;
  }
  const changed = [...next.chains].filter(([name, rules]) => !sameRules(before.chains.get(name), rules));
  // All chains first: rules refer to each other's.
  for (const [name] of changed) if (!before.chains.has(name)) yield `add chain ${at} ${name}`;
  for (const [name, rules] of changed) {
    if (before.chains.has(name)) yield `flush chain ${at} ${name}`;
    for (const rule of rules) yield `add rule ${at} ${name} ${rule}`;
  }
  for (const container of containerNames) yield* elementAdditions(before, next, container, at);
}

function* elementAdditions(before: Ruleset, next: Ruleset, container: ContainerName, at: string): Generator<string> {
  const [old, now] = [before.elements.get(container), next.elements.get(container)];
  for (const [key, verdict] of now ?? []) {
    const had = old?.get(key);
    if (had === verdict) continue;
    if (had !== undefined) yield `delete element ${at} ${container} { ${key} }`;
    yield `add element ${at} ${container} { ${verdict === '' ? key : `${key} : ${verdict}`} }`;
  }
}

/** Elements first, then chains emptied of what refers to others, then the chains and sets themselves. */
function* removals(before: Ruleset, next: Ruleset, { family, table }: Where): Generator<string> {
  const at = `${family} ${table}`;
  for (const container of containerNames) {
    const now = next.elements.get(container);
    for (const key of before.elements.get(container)?.keys() ?? [])
      if (!now?.has(key)) yield `delete element ${at} ${container} { ${key} }`;
  }
  const gone = [...before.chains.keys()].filter((name) => !next.chains.has(name));
  for (const name of gone) yield `flush chain ${at} ${name}`;
  for (const name of gone) yield `delete chain ${at} ${name}`;
  for (const name of before.affinities.keys()) if (!next.affinities.has(name)) yield `delete set ${at} ${name}`;
}

function sameRules(a: readonly string[] | undefined, b: readonly string[]): boolean {
  return a !== undefined && a.length === b.length && a.every((rule, i) => rule === b[i]);
}

/**
 * The part of the table that never changes. A packet costs two map look-ups, however many Services there are. Addresses
 * without endpoints are refused where the packet would otherwise be forwarded, delivered or sent.
 */
function frame(family: Family, table: string): readonly string[] {
  const address = family === 'ip' ? 'ipv4_addr' : 'ipv6_addr';
  const at = `${family} ${table}`;
  const chain = (name: string, header: string, ...rules: string[]): string[] => [
    `add chain ${at} ${name}${header === '' ? '' : ` { ${header} }`}`,
    ...rules.map((rule) => `add rule ${at} ${name} ${rule}`),
  ];
  return [
    `add table ${at}`,
    `add map ${at} service-ips { type ${address} . inet_proto . inet_service : verdict; }`,
    `add map ${at} service-nodeports { type inet_proto . inet_service : verdict; }`,
    `add map ${at} no-endpoint-services { type ${address} . inet_proto . inet_service : verdict; }`,
    `add map ${at} no-endpoint-nodeports { type inet_proto . inet_service : verdict; }`,
    `add set ${at} cluster-ips { type ${address}; }`,
    `add set ${at} nodeport-ips { type ${address}; }`,
    ...chain('mark-for-masquerade', '', 'meta mark set meta mark or 0x4000'),
    ...chain('reject-chain', '', 'reject'),
    ...chain(
      'services',
      '',
      `${family} daddr . meta l4proto . th dport vmap @service-ips`,
      `${family} daddr @nodeport-ips meta l4proto . th dport vmap @service-nodeports`,
    ),
    ...chain(
      'refuse',
      '',
      `${family} daddr . meta l4proto . th dport vmap @no-endpoint-services`,
      `${family} daddr @nodeport-ips meta l4proto . th dport vmap @no-endpoint-nodeports`,
      `${family} daddr @cluster-ips reject`,
    ),
    // Priorities as numbers: nft 1.0.6 knows the name dstnat on prerouting only.
    ...chain('nat-prerouting', 'type nat hook prerouting priority -100;', 'jump services'),
    ...chain('nat-output', 'type nat hook output priority -100;', 'jump services'),
    ...chain(
      'nat-postrouting',
      'type nat hook postrouting priority 100;',
      'meta mark and 0x4000 == 0 return',
      'meta mark set meta mark xor 0x4000',
      'masquerade fully-random',
    ),
    // After the address translation of the output hook: what has endpoints no longer has a cluster address here.
    ...['forward', 'input', 'output'].flatMap((hook) =>
      chain(`filter-${hook}`, `type filter hook ${hook} priority 0;`, 'ct state new jump refuse'),
    ),
  ];
}
