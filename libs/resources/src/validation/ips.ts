import { cidrContains, parseCIDR, parseIP } from '@kubephant/api';
import { invalidValue, type Causes } from './causes';
import type { Path } from './path';

const networks = (...texts: readonly string[]): ReturnType<typeof parseCIDR>[] => texts.map(parseCIDR);

const special = [
  { in: networks('0.0.0.0/32', '::/128'), reproach: (ip: string) => `may not be unspecified (${ip})` },
  {
    in: networks('127.0.0.0/8', '::1/128'),
    reproach: () => 'may not be in the loopback range (127.0.0.0/8, ::1/128)',
  },
  {
    in: networks('169.254.0.0/16', 'fe80::/10'),
    reproach: () => 'may not be in the link-local range (169.254.0.0/16, fe80::/10)',
  },
  {
    in: networks('224.0.0.0/24', 'ff02::/16'),
    reproach: () => 'may not be in the link-local multicast range (224.0.0.0/24, ff02::/10)',
  },
];

/** An address traffic can be sent to from elsewhere: no part of the ranges that mean "here". */
export function validateRoutableIP(text: string, path: Path): Causes {
  const address = parseIP(text);
  if (!address) return [invalidValue(path, text, 'must be a valid IP address')];
  return special
    .filter((range) => range.in.some((network) => network && cidrContains(network, address)))
    .map(({ reproach }) => invalidValue(path, text, reproach(text)));
}
