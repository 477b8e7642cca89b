import { parseIP } from '@kubephant/api';

/** The servers that a resolv.conf names, with port 53, without `self`: a server that asks itself never answers. */
export function nameservers(resolvConf: string, self: string): readonly string[] {
  const found = [...resolvConf.matchAll(/^\s*nameserver\s+(\S+)/gm)].map(([, address = '']) => address);
  return found
    .filter((address) => address !== self && parseIP(address.split('%')[0] ?? ''))
    .map((address) => (address.includes(':') ? `[${address}]:53` : `${address}:53`));
}
