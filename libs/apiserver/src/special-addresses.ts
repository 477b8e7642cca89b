import { cidrContains, parseCIDR, parseIP, type Cidr, type IpAddress } from '@kubephant/api';

const networks = (...texts: readonly string[]): readonly Cidr[] => texts.flatMap((text) => parseCIDR(text) ?? []);

const loopback = networks('127.0.0.0/8', '::1/128');
/** This host, this link, nobody or everybody (RFC 6890); `::/96` also holds obsolete forms of IPv4 addresses. */
const special = [
  ...loopback,
  ...networks('0.0.0.0/8', '169.254.0.0/16', '224.0.0.0/4', '255.255.255.255/32', '::/96', 'fe80::/10', 'ff00::/8'),
];

/** An address by what it leads to: an IPv4-mapped one leads where its IPv4 address does. */
function targetOf(text: string): IpAddress | undefined {
  const address = parseIP(text);
  if (!address?.ipv4Mapped) return address;
  return { ...address, family: 4, value: address.value & 0xffffffffn, ipv4Mapped: false };
}

const isIn = (ranges: readonly Cidr[], address: IpAddress): boolean =>
  ranges.some((range) => cidrContains(range, address));

/** Whether the text is an address that leads nowhere but to the machine itself. */
export function isLoopback(text: string): boolean {
  const address = targetOf(text);
  return address !== undefined && isIn(loopback, address);
}

/** Whether the text is an address, read alike by everyone, that leads to one machine other than this one and beyond this link. */
export function leadsElsewhere(text: string): boolean {
  const address = targetOf(text);
  return address !== undefined && !address.leadingZeros && !isIn(special, address);
}
