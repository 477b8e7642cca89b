import { cidrContains, formatCIDR, parseCIDR, type Cidr } from '@kubephant/api';

/** A range from which every node gets its share. */
export interface Pool {
  readonly range: Cidr;
  /** Prefix length of a node's share. */
  readonly sharePrefix: number;
}

const width = { 4: 32, 6: 128 } as const;
const defaultPrefix = { 4: 24, 6: 64 } as const;
/** No more shares than this are looked through: an IPv6 range has more than anyone counts. */
const maxShares = 65_536;

/** Reads `--cluster-cidr`: one range, or one of each family. Throws an Error that says what is wrong. */
export function parsePools(
  text: string,
  maskSizes: { readonly ipv4?: number; readonly ipv6?: number } = {},
): readonly Pool[] {
  const pools = text.split(',').map((part): Pool => {
    const range = parseCIDR(part.trim());
    if (!range) throw new Error(`--cluster-cidr: ${JSON.stringify(part)} is not a CIDR`);
    const { family } = range.address;
    const sharePrefix = (family === 4 ? maskSizes.ipv4 : maskSizes.ipv6) ?? defaultPrefix[family];
    if (sharePrefix < range.prefix || sharePrefix > width[family]) {
      throw new Error(`--node-cidr-mask-size: /${sharePrefix} does not divide ${part}`);
    }
    return { range, sharePrefix };
  });
  const families = new Set(pools.map(({ range }) => range.address.family));
  if (families.size !== pools.length) throw new Error('--cluster-cidr: at most one range of each family');
  return pools;
}

/** The first share of the pool that overlaps none of `used`; undefined when there is none left. */
export function nextShare({ range, sharePrefix }: Pool, used: readonly string[]): string | undefined {
  const { family } = range.address;
  const size = 1n << BigInt(width[family] - sharePrefix);
  const base = (range.address.value >> BigInt(width[family] - range.prefix)) << BigInt(width[family] - range.prefix);
  const taken = used.map(parseCIDR).filter((cidr) => cidr?.address.family === family) as Cidr[];
  const exact = new Set(taken.map(formatCIDR));
  const odd = taken.filter(({ prefix }) => prefix !== sharePrefix);
  const count = Math.min(maxShares, 2 ** (sharePrefix - range.prefix));
  for (let i = 0; i < count; i++) {
    const share: Cidr = {
      address: { ...range.address, value: base + BigInt(i) * size },
      prefix: sharePrefix,
      leadingZeros: false,
    };
    if (!exact.has(formatCIDR(share)) && !odd.some((other) => overlaps(share, other))) return formatCIDR(share);
  }
  return undefined;
}

const overlaps = (a: Cidr, b: Cidr): boolean => cidrContains(a, b.address) || cidrContains(b, a.address);
