import { dns1123Subdomain, ipAddress } from '@kubephant/api';
import type { HostAlias, PodDNSConfig, PodSpec } from '@kubephant/schema';
import { invalidValue, none, required, type Causes } from '../validation/causes';
import { each, follows, oneOf, present, when } from '../validation/checks';
import type { Path } from '../validation/path';
import { dnsPolicies } from './allowed';

const maxServers = 3;
const maxSearches = 32;
const maxSearchChars = 2048;

function validateSearches(searches: readonly string[], path: Path): Causes {
  return [
    ...when(searches.length > maxSearches, () =>
      invalidValue(path, searches, `must not have more than ${maxSearches} search paths`),
    ),
    ...when(searches.join(' ').length > maxSearchChars, () =>
      invalidValue(
        path,
        searches,
        `must not have more than ${maxSearchChars} characters (including spaces) in the search list`,
      ),
    ),
    ...each(searches, path, validateSearch),
  ];
}

const part = '_?[a-z0-9]([-_a-z0-9]*[a-z0-9])?';
const underscored = `${part}(\\.${part})*`;
const isUnderscored = new RegExp(`^${underscored}$`);
const maxDomain = 253;
const mismatch =
  "a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '_', '-' or '.', and must start " +
  `and end with an alphanumeric character (e.g. 'example.com', regex used for validation is '${underscored}')`;

/** A domain, in which underscores may stand; the root as `.`; a trailing dot changes nothing. */
function validateSearch(search: string, path: Path): Causes {
  if (search === '.') return none;
  const domain = search.replace(/\.$/, '');
  return [
    ...when(domain.length > maxDomain, () =>
      invalidValue(path, domain, `must be no more than ${maxDomain} characters`),
    ),
    ...when(domain.length <= maxSearchChars && !isUnderscored.test(domain), () => invalidValue(path, domain, mismatch)),
  ];
}

function validateConfig({ nameservers = [], searches = [], options }: PodDNSConfig, path: Path): Causes {
  const servers = path.child('nameservers');
  return [
    ...when(nameservers.length > maxServers, () =>
      invalidValue(servers, nameservers, `must not have more than ${maxServers} nameservers`),
    ),
    ...each(nameservers, servers, (ip, where) => follows(ip, where, ipAddress)),
    ...validateSearches(searches, path.child('searches')),
    ...each(options, path.child('options'), ({ name }, where) => present(name, where, 'must not be empty')),
  ];
}

export const validateDNSPolicy = (policy: string | undefined, path: Path): Causes =>
  policy ? oneOf(policy, path, dnsPolicies) : [required(path)];

/** The pod's own resolver configuration, which it must have where the policy gives it none. */
export function validateDNSConfig({ dnsPolicy, dnsConfig }: PodSpec, path: Path): Causes {
  if (dnsPolicy === 'None') {
    if (!dnsConfig) return [required(path, 'must provide `dnsConfig` when `dnsPolicy` is None')];
    if (!dnsConfig.nameservers?.length) {
      const why = 'must provide at least one DNS nameserver when `dnsPolicy` is None';
      return [required(path.child('nameservers'), why)];
    }
  }
  return dnsConfig ? validateConfig(dnsConfig, path) : none;
}

export const validateHostAliases = (aliases: readonly HostAlias[] | undefined, path: Path): Causes =>
  each(aliases, path, ({ ip, hostnames }, where) => [
    ...follows(ip, where.child('ip'), ipAddress),
    ...each(hostnames, where.child('hostnames'), (name, at) => follows(name, at, (text) => dns1123Subdomain(text))),
  ]);
