import { randomInt } from 'node:crypto';
import { cidrContains, formatIP, parseCIDR, parseIP } from '@kubephant/api';

/** Numbers that services may have, with those kept for explicit choice at the beginning. */
export interface NumberRange {
  /** Why the number is none of them, in upstream's words; undefined: it is one. */
  refusal(number: string): string | undefined;
  /** All numbers in the order in which they are tried: the common part from a random place on, then the kept one. */
  candidates(): Iterable<string>;
}

/** Every index below `size` once: from a random place of the part after `kept` round to its beginning, then `kept`. */
function* shuffled(size: number, kept: number): Generator<number> {
  const common = size - kept;
  const start = common > 0 ? randomInt(common) : 0;
  for (let i = 0; i < common; i++) yield kept + ((start + i) % common);
  for (let i = 0; i < Math.min(kept, size); i++) yield i;
}

/** How many of `size` are kept for those who name their number (KEP-3070, KEP-3668). */
const keptOf = (size: number, share: number, most: number): number =>
  Math.min(Math.max(16, Math.floor(size / share)), most);

/** More addresses than this are never tried one by one. */
const mostAddresses = 1 << 20;

/** The addresses of an IPv4 network, without its first and last. Throws a TypeError for anything else. */
export function addressRange(text: string): NumberRange {
  const cidr = parseCIDR(text);
  if (cidr?.address.family !== 4) throw new TypeError(`service cluster IP range ${text}: must be an IPv4 network`);
  const size = Math.min(2 ** (32 - cidr.prefix) - 2, mostAddresses);
  if (size < 2) throw new TypeError(`service cluster IP range ${text}: too small`);
  const first = (cidr.address.value >> BigInt(32 - cidr.prefix)) << BigInt(32 - cidr.prefix);
  const last = first + BigInt(2 ** (32 - cidr.prefix) - 1);
  const at = (index: number): string => formatIP({ family: 4, value: first + 1n + BigInt(index) });
  return {
    refusal(number) {
      const ip = parseIP(number);
      if (!ip || !cidrContains(cidr, ip)) return 'the provided network does not match the current range';
      if (ip.value !== first && ip.value !== last) return undefined;
      return `the provided IP (${number}) is not in the valid range. The range of valid IPs is ${text}`;
    },
    *candidates() {
      for (const index of shuffled(size, keptOf(size, 16, 256))) yield at(index);
    },
  };
}

/** The first address of the range, which is the API server's own Service's. */
export const firstAddress = (text: string): string => {
  const cidr = parseCIDR(text);
  return cidr ? formatIP({ family: cidr.address.family, value: cidr.address.value + 1n }) : '';
};

/** Ports `first` to `last`, both included. */
export function portRange(first = 30_000, last = 32_767): NumberRange {
  const size = last - first + 1;
  return {
    refusal(number) {
      if (Number(number) >= first && Number(number) <= last) return undefined;
      return `provided port is not in the valid range. The range of valid ports is ${first}-${last}`;
    },
    *candidates() {
      for (const index of shuffled(size, keptOf(size, 32, 128))) yield String(first + index);
    },
  };
}
