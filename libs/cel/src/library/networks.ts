import { type Cidr, cidrContains, formatCIDR, formatIP, type IpAddress, parseCIDR, parseIP } from '@kubephant/api';
import { type CostRule, fixed, parsing, perCharacter, sizeOf, traversal } from '../cost/rules';
import { add, exactly, scale, unknownSize } from '../cost/range';
import { Failure, type OpaqueValue, type Value } from '../values/value';
import { type Library, overload } from './declare';

/** An address as upstream's strict parser takes it. */
export class IpValue implements OpaqueValue {
  readonly tag = 'opaque';
  readonly typeName = 'net.IP';
  readonly address: IpAddress;

  constructor(address: IpAddress) {
    this.address = address;
  }

  equals(other: Value): boolean {
    return other instanceof IpValue && formatIP(other.address) === formatIP(this.address);
  }
}

export class CidrValue implements OpaqueValue {
  readonly tag = 'opaque';
  readonly typeName = 'net.CIDR';
  readonly cidr: Cidr;

  constructor(cidr: Cidr) {
    this.cidr = cidr;
  }

  equals(other: Value): boolean {
    return other instanceof CidrValue && formatCIDR(other.cidr) === formatCIDR(this.cidr);
  }
}

const notAnAddress = 'IP Address parse error during conversion from string';
const notANetwork = 'network address parse error during conversion from string';

function readAddress(text: string): IpValue | Failure {
  const address = parseIP(text);
  if (!address || address.leadingZeros) return new Failure(`${notAnAddress}: ParseAddr("${text}"): unable to parse IP`);
  if (address.ipv4Mapped) return new Failure(`${notAnAddress}: IPv4-mapped IPv6 address "${text}" is not allowed`);
  return new IpValue(address);
}

function readNetwork(text: string): CidrValue | Failure {
  const cidr = parseCIDR(text);
  if (!cidr || cidr.leadingZeros) return new Failure(`${notANetwork}: netip.ParsePrefix("${text}"): no network`);
  if (cidr.address.ipv4Mapped) return new Failure(`${notANetwork}: IPv4-mapped IPv6 address "${text}" is not allowed`);
  return new CidrValue(cidr);
}

const bits = ({ family }: Pick<IpAddress, 'family'>): number => (family === 4 ? 32 : 128);

/** The network's own address: the bits after the prefix are zero. */
function masked({ cidr }: CidrValue): CidrValue {
  const shift = BigInt(bits(cidr.address) - cidr.prefix);
  return new CidrValue({ ...cidr, address: { ...cidr.address, value: (cidr.address.value >> shift) << shift } });
}

const containsIP = ({ cidr }: CidrValue, other: IpValue | Failure): Value =>
  other instanceof Failure ? other : cidrContains(cidr, other.address);

const containsCIDR = ({ cidr }: CidrValue, other: CidrValue | Failure): Value =>
  other instanceof Failure ? other : cidrContains(cidr, other.cidr.address) && cidr.prefix <= other.cidr.prefix;

/** Whether the first bits of an address are these. */
const startsWith = ({ address }: IpValue, network: string): boolean => {
  const cidr = parseCIDR(network);
  return cidr !== undefined && cidrContains(cidr, address);
};

const inAny =
  (...networks: readonly string[]) =>
  (ip: IpValue): Value =>
    networks.some((network) => startsWith(ip, network));

const isUnspecified = inAny('0.0.0.0/32', '::/128');
const isLoopback = inAny('127.0.0.0/8', '::1/128');
const isLinkLocalMulticast = inAny('224.0.0.0/24', 'ff02::/16');
const isLinkLocalUnicast = inAny('169.254.0.0/16', 'fe80::/10');
const isMulticast = inAny('224.0.0.0/4', 'ff00::/8');
const isBroadcast = inAny('255.255.255.255/32');
const others = [isUnspecified, isLoopback, isMulticast, isLinkLocalUnicast, isBroadcast];
const isGlobalUnicast = (ip: IpValue): Value => others.every((is) => is(ip) === false);

/** Comparing two addresses of 4 to 16 bytes, and reading the second one where it is a text. */
const comparing = (masks: boolean, text: boolean): CostRule => ({
  runtime: ([network, other]) => {
    const bytes = network instanceof CidrValue ? Math.ceil(network.cidr.prefix / 8) : 0;
    const masking = masks ? Math.ceil(bytes * perCharacter) + 1 : 0;
    return Math.ceil(2 * bytes * perCharacter) + masking + (text ? Math.ceil(sizeOf(other) * perCharacter) : 0);
  },
  estimate: (operands) => ({
    cost: add(
      scale({ min: 8, max: 32 }, perCharacter),
      masks ? add(scale({ min: 4, max: 16 }, perCharacter), exactly(1)) : exactly(0),
      text ? scale(operands[1]?.size ?? unknownSize, perCharacter) : exactly(0),
    ),
  }),
});

function isCanonical(text: string): Value {
  const ip = readAddress(text);
  return ip instanceof Failure ? ip : formatIP(ip.address) === text;
}

export const networks: Library = {
  ip: [
    overload('(string) -> net.IP', readAddress, parsing),
    overload('net.CIDR.() -> net.IP', ({ cidr }: CidrValue) => new IpValue(cidr.address)),
  ],
  'ip.isCanonical': [overload('(string) -> bool', isCanonical, traversal(2))],
  isIP: [overload('(string) -> bool', (text: string) => readAddress(text) instanceof IpValue, parsing)],
  family: [overload('net.IP.() -> int', ({ address }: IpValue) => BigInt(address.family))],
  isUnspecified: [overload('net.IP.() -> bool', isUnspecified)],
  isLoopback: [overload('net.IP.() -> bool', isLoopback)],
  isLinkLocalMulticast: [overload('net.IP.() -> bool', isLinkLocalMulticast)],
  isLinkLocalUnicast: [overload('net.IP.() -> bool', isLinkLocalUnicast)],
  isGlobalUnicast: [overload('net.IP.() -> bool', isGlobalUnicast)],
  cidr: [overload('(string) -> net.CIDR', readNetwork, parsing)],
  isCIDR: [overload('(string) -> bool', (text: string) => readNetwork(text) instanceof CidrValue, parsing)],
  containsIP: [
    overload(
      'net.CIDR.(string) -> bool',
      (cidr: CidrValue, text: string) => containsIP(cidr, readAddress(text)),
      comparing(false, true),
    ),
    overload('net.CIDR.(net.IP) -> bool', containsIP, comparing(false, false)),
  ],
  containsCIDR: [
    overload(
      'net.CIDR.(string) -> bool',
      (cidr: CidrValue, text: string) => containsCIDR(cidr, readNetwork(text)),
      comparing(true, true),
    ),
    overload('net.CIDR.(net.CIDR) -> bool', containsCIDR, comparing(true, false)),
  ],
  masked: [overload('net.CIDR.() -> net.CIDR', masked)],
  prefixLength: [overload('net.CIDR.() -> int', ({ cidr }: CidrValue) => BigInt(cidr.prefix), fixed(1))],
  string: [
    overload('(net.IP) -> string', ({ address }: IpValue) => formatIP(address)),
    overload('(net.CIDR) -> string', ({ cidr }: CidrValue) => formatCIDR(cidr)),
  ],
};
