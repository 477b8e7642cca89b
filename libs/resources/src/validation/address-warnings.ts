import { formatCIDR, formatIP, parseCIDR, parseIP } from '@kubephant/api';
import type { Path } from './path';

type Warnings = readonly string[];

const quote = (text: string): string => JSON.stringify(text);

/** Upstream unpacks an IPv4 address from IPv6 before it writes it. */
const unpacked = (text: string): string => formatIP(parseIP(text) ?? { family: 4, value: 0n }).replace(/^::ffff:/, '');

/** An address that others would write otherwise, or read as another. */
export function addressWarnings(path: Path, text: string): Warnings {
  const address = parseIP(text);
  if (!address) return [];
  if (address.leadingZeros || address.ipv4Mapped) {
    return [`${path.toString()}: non-standard IP address ${quote(text)} is invalid: use ${quote(unpacked(text))}`];
  }
  const form = formatIP(address);
  if (address.family === 4 || form === text) return [];
  return [`${path.toString()}: IPv6 address ${quote(text)} should be in RFC 5952 canonical format (${quote(form)})`];
}

/** A network that others would write otherwise, or that may be meant as one address. */
export function networkWarnings(path: Path, text: string): Warnings {
  const network = parseCIDR(text);
  if (!network) return [];
  const where = path.toString();
  const bits = network.address.family === 4 ? 32 : 128;
  const rest = BigInt(bits - network.prefix);
  const start = { ...network.address, value: (network.address.value >> rest) << rest };
  const masked = formatCIDR({ ...network, address: start });
  const isOne = start.value !== network.address.value;
  const single = `${formatIP(network.address)}/${bits}`;
  const found = [
    ...(isOne
      ? [
          `${where}: CIDR value ${quote(text)} is ambiguous in this context (should be ${quote(masked)} or ${quote(single)}?)`,
        ]
      : []),
    ...(network.leadingZeros || network.address.ipv4Mapped
      ? [`${where}: non-standard CIDR value ${quote(text)} is invalid: use ${quote(masked)}`]
      : []),
  ];
  if (found.length > 0 || network.address.family === 4 || masked === text) return found;
  return [`${where}: IPv6 CIDR value ${quote(text)} should be in RFC 5952 canonical format (${quote(masked)})`];
}
