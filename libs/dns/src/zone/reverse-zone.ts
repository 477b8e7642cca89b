import { formatIP } from '@kubephant/api';
import type { DnsHandler } from '@kubephant/serving';
import { serviceName, type ZoneConfig } from './cluster-zone';
import type { Directory } from './directory';

/** PTR records of cluster addresses and of endpoints of headless Services; other addresses are somebody else's. */
export function reverseZone(directory: Directory, config: ZoneConfig): DnsHandler {
  return async ({ name, type }) => {
    const address = type === 'PTR' ? addressOf(name) : undefined;
    const names = directory.reverse(address ?? '').map(({ service, hostname }) => {
      const target = serviceName(service, config);
      return hostname === undefined ? target : `${hostname}.${target}`;
    });
    if (names.length === 0) return undefined;
    const answers = [...new Set(names)].map((data) => ({ name, ttl: config.ttlSeconds, type: 'PTR' as const, data }));
    return { code: 'NOERROR', authoritative: true, answers };
  };
}

/** The address that a name under in-addr.arpa or ip6.arpa spells backwards (RFC 1035 §3.5, RFC 3596 §2.5). */
export function addressOf(name: string): string | undefined {
  const v4 = /^(\d{1,3})\.(\d{1,3})\.(\d{1,3})\.(\d{1,3})\.in-addr\.arpa$/.exec(name);
  if (v4) return v4.slice(1).reverse().join('.');
  if (!/^([0-9a-f]\.){32}ip6\.arpa$/.test(name)) return undefined;
  const digits = name.slice(0, 63).split('.').reverse().join('');
  return formatIP({ family: 6, value: BigInt(`0x${digits}`) });
}
