/**
 * IP addresses and CIDRs as the API accepts them. `legacy` fields still take leading zeros and IPv4-mapped IPv6
 * (KEP-4858: what is stored stays valid); everything else is strict, and new fields are canonical besides.
 */
export interface IpAddress {
  readonly family: 4 | 6;
  readonly value: bigint;
  /** Written with leading zeros in an IPv4 part: different programs read such text differently. */
  readonly leadingZeros: boolean;
  readonly ipv4Mapped: boolean;
}

export interface Cidr {
  readonly address: IpAddress;
  readonly prefix: number;
  readonly leadingZeros: boolean;
}

const width = { 4: 32, 6: 128 } as const;

function parseIPv4(text: string): { readonly value: bigint; readonly leadingZeros: boolean } | undefined {
  if (!/^\d{1,9}(\.\d{1,9}){3}$/.test(text)) return undefined;
  const parts = text.split('.');
  if (parts.some((part) => Number(part) > 255)) return undefined;
  return {
    value: parts.reduce((sum, part) => sum * 256n + BigInt(part), 0n),
    leadingZeros: parts.some((part) => part.length > 1 && part.startsWith('0')),
  };
}

/** The sixteen-bit groups of one side of `::`; undefined when one is not hexadecimal. */
function groups(text: string): bigint[] | undefined {
  if (text === '') return [];
  const parts = text.split(':');
  return parts.every((part) => /^[0-9a-fA-F]{1,4}$/.test(part)) ? parts.map((part) => BigInt(`0x${part}`)) : undefined;
}

const hexOf = (v4: bigint): string => `${(v4 >> 16n).toString(16)}:${(v4 & 0xffffn).toString(16)}`;

/** The value of hexadecimal groups with at most one `::`. */
function valueOfGroups(text: string): bigint | undefined {
  const [left = '', right, ...more] = text.split('::');
  const head = groups(left);
  const end = groups(right ?? '');
  if (!head || !end || more.length > 0) return undefined;
  const missing = 8 - head.length - end.length;
  if (right === undefined ? missing !== 0 : missing < 1) return undefined;
  return [...head, ...new Array<bigint>(missing).fill(0n), ...end].reduce((sum, group) => (sum << 16n) | group, 0n);
}

function parseIPv6(text: string): IpAddress | undefined {
  const [, before = '', dotted] = /^(.*:)([\d.]+)$/.exec(text) ?? [];
  const v4 = dotted?.includes('.') === true ? parseIPv4(dotted) : undefined;
  const value = valueOfGroups(v4 ? `${before}${hexOf(v4.value)}` : text);
  if (value === undefined) return undefined;
  return { family: 6, value, leadingZeros: v4?.leadingZeros ?? false, ipv4Mapped: value >> 32n === 0xffffn };
}

/** Reads an address with every form upstream ever accepted; undefined when it is none. Zones are none. */
export function parseIP(text: string): IpAddress | undefined {
  if (text.length > 60) return undefined;
  if (text.includes(':')) return parseIPv6(text);
  const v4 = parseIPv4(text);
  return v4 && { family: 4, ...v4, ipv4Mapped: false };
}

function formatIPv6(value: bigint): string {
  if (value >> 32n === 0xffffn) return `::ffff:${formatIPv4(value & 0xffffffffn)}`;
  const parts = Array.from({ length: 8 }, (_, index) => ((value >> BigInt(112 - 16 * index)) & 0xffffn).toString(16));
  const runs = [...parts.join(':').matchAll(/(?<![0-9a-f])0(?::0)+(?![0-9a-f])/g)];
  const longest = runs.reduce((best, run) => (run[0].length > best.length ? run[0] : best), '');
  if (longest === '') return parts.join(':');
  const at = runs.find((run) => run[0] === longest)?.index ?? 0;
  const joined = parts.join(':');
  const before = joined.slice(0, at).replace(/:$/, '');
  const after = joined.slice(at + longest.length).replace(/^:/, '');
  return `${before}::${after}`;
}

const formatIPv4 = (value: bigint): string =>
  [24n, 16n, 8n, 0n].map((shift) => ((value >> shift) & 255n).toString()).join('.');

/** The canonical text of an address (RFC 5952). */
export function formatIP({ family, value }: Pick<IpAddress, 'family' | 'value'>): string {
  return family === 4 ? formatIPv4(value) : formatIPv6(value);
}

/** Reads `address/prefix`; undefined when it is none. */
export function parseCIDR(text: string): Cidr | undefined {
  const [ip = '', bits, ...more] = text.split('/', 3);
  const address = parseIP(ip);
  if (!address || bits === undefined || more.length > 0 || !/^\d{1,3}$/.test(bits)) return undefined;
  const prefix = Number(bits);
  if (prefix > width[address.family]) return undefined;
  return { address, prefix, leadingZeros: address.leadingZeros || (bits.length > 1 && bits.startsWith('0')) };
}

const hostBits = ({ address, prefix }: Cidr): bigint =>
  address.value & ((1n << BigInt(width[address.family] - prefix)) - 1n);

/** Whether the address lies in the network: families never mix. */
export function cidrContains(cidr: Cidr, address: IpAddress): boolean {
  const shift = BigInt(width[cidr.address.family] - cidr.prefix);
  return cidr.address.family === address.family && cidr.address.value >> shift === address.value >> shift;
}

export function formatCIDR({ address, prefix }: Cidr): string {
  return `${formatIP(address)}/${prefix}`;
}

const notAnIP = 'must be a valid IP address, (e.g. 10.9.8.7 or 2001:db8::ffff)';
const notACIDR = 'must be a valid CIDR value, (e.g. 10.9.8.0/24 or 2001:db8::/64)';
const mapped = 'must not be an IPv4-mapped IPv6 address';

/** Fields older than strict parsing: valid, no leading zeros, not IPv4-mapped. */
export function ipAddress(text: string): readonly string[] {
  const address = parseIP(text);
  if (!address) return [notAnIP];
  return [...(address.leadingZeros ? ['must not have leading 0s'] : []), ...(address.ipv4Mapped ? [mapped] : [])];
}

/** Newer fields: strict, and written in canonical form. */
export function canonicalIP(text: string): readonly string[] {
  const wrong = ipAddress(text);
  const address = parseIP(text);
  if (wrong.length > 0 || !address) return wrong;
  const form = formatIP(address);
  return form === text ? [] : [`must be in canonical form (${JSON.stringify(form)})`];
}

/** Fields older than strict parsing: valid, no leading zeros, not IPv4-mapped, no host bits. */
export function cidr(text: string): readonly string[] {
  const net = parseCIDR(text);
  if (!net) return [notACIDR];
  return [
    ...(net.leadingZeros ? ['must not have leading 0s in IP or prefix length'] : []),
    ...(net.address.ipv4Mapped ? ['must not have an IPv4-mapped IPv6 address'] : []),
    ...(hostBits(net) === 0n ? [] : ['must not have bits set beyond the prefix length']),
  ];
}

/** Newer fields: strict, and written in canonical form. */
export function canonicalCIDR(text: string): readonly string[] {
  const wrong = cidr(text);
  const net = parseCIDR(text);
  if (wrong.length > 0 || !net) return wrong;
  const form = formatCIDR(net);
  return form === text ? [] : [`must be in canonical form (${JSON.stringify(form)})`];
}
