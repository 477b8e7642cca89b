import { ipAddress, parseIP } from '@kubephant/api';
import type { Service } from '@kubephant/schema';
import { duplicate, invalidValue, none, notSupported, required, type Causes } from '../validation/causes';
import { each, equal, follows, oneOf, optional, when } from '../validation/checks';
import { at } from '../validation/path';
import { isHeadless, isUnmanaged, type IPFamily } from './service-type';

const ipsPath = at('spec', 'clusterIPs');
const familiesPath = at('spec', 'ipFamilies');
const policyPath = at('spec', 'ipFamilyPolicy');
const families: readonly IPFamily[] = ['IPv4', 'IPv6'];
const policies = ['PreferDualStack', 'RequireDualStack', 'SingleStack'];

const familyOf = (ip: string): IPFamily => (parseIP(ip)?.family === 6 ? 'IPv6' : 'IPv4');

/** `clusterIP` is the first of `clusterIPs`: who knows only the former changes both with it. */
export function alignClusterIPs({ spec }: Service, old?: Service): void {
  const { clusterIP = '', clusterIPs: all = [] } = spec;
  const both = clusterIP ? [clusterIP] : [];
  if (old) alignChanged(spec, old.spec, both);
  else if (clusterIP && all.length === 0) spec.clusterIPs = both;
}

function alignChanged(spec: Service['spec'], old: Service['spec'], both: string[]): void {
  const isSame = (spec.clusterIP ?? '') === (old.clusterIP ?? '');
  if (isSame && !spec.clusterIPs?.length && old.clusterIPs) spec.clusterIPs = [...old.clusterIPs];
  if (!isSame && equal(spec.clusterIPs, old.clusterIPs)) spec.clusterIPs = both;
}

/** Fills policy and families from the addresses, then from what the cluster offers. Bad combinations stay as they are. */
export function setFamilies(service: Service, offered: readonly IPFamily[]): void {
  const { spec } = service;
  const ips = (spec.clusterIPs ?? []).filter((ip) => ip !== 'None');
  const known = (spec.ipFamilies ?? []) as IPFamily[];
  const inferred = ips
    .slice(known.length)
    .filter((ip) => parseIP(ip))
    .map(familyOf);
  const all = [...known, ...inferred];
  const both = all.length > 1 || isUnmanaged(service);
  const available = isUnmanaged(service) ? families : offered;
  spec.ipFamilyPolicy ??= both ? 'RequireDualStack' : 'SingleStack';
  if (all.length === 0) all.push(...offered.slice(0, 1));
  if (spec.ipFamilyPolicy !== 'SingleStack' && all.length === 1) {
    all.push(...available.filter((family) => !all.includes(family)));
  }
  spec.ipFamilies = all;
}

function validateFamilies({ spec }: Service): Causes {
  const all = spec.ipFamilies ?? [];
  return each(all, familiesPath, (family, path, index) => {
    if (!(families as readonly string[]).includes(family)) return [notSupported(path, family, families)];
    return when(all.indexOf(family) < index, () => duplicate(path, family));
  });
}

function validateEachIP(all: readonly string[]): Causes {
  if (all[0] === 'None' && all.length > 1)
    return [invalidValue(ipsPath, all, "'None' must be the first and only value")];
  return each(all, ipsPath, (ip, path, index) => (index === 0 && ip === 'None' ? none : follows(ip, path, ipAddress)));
}

function validateFirst({ spec }: Service, all: readonly string[]): Causes {
  if (!spec.clusterIP) {
    return when(all.length > 0, () => invalidValue(ipsPath, all, 'must be empty when `clusterIP` is not specified'));
  }
  if (all.length === 0) return [required(ipsPath)];
  return when(all[0] !== spec.clusterIP, () => invalidValue(ipsPath, all, 'first value must match `clusterIP`'));
}

const matchesFamilies = (all: readonly string[], wanted: readonly string[]): Causes =>
  all.slice(0, wanted.length).flatMap((ip, index) => {
    const family = wanted[index] ?? '';
    const detail = `expected an ${family} value as indicated by \`ipFamilies[${index}]\``;
    return when(familyOf(ip) !== family, () => invalidValue(ipsPath.index(index), ip, detail));
  });

function validateClusterIPs(service: Service, sofar: Causes): Causes {
  const all = service.spec.clusterIPs ?? [];
  const wrong = validateEachIP(all);
  const before = [
    ...validateFirst(service, all),
    ...wrong,
    ...when(all.length > 2, () => invalidValue(ipsPath, all, 'may only hold up to 2 values')),
  ];
  if (wrong.length > 0) return before;
  const single = all.length > 1 && new Set(all.map(familyOf)).size < 2;
  const causes = [
    ...before,
    ...when(single, () => invalidValue(ipsPath, all, 'may specify no more than one IP for each IP family')),
  ];
  if (causes.length + sofar.length > 0 || isHeadless(service)) return causes;
  return matchesFamilies(all, service.spec.ipFamilies ?? []);
}

/** Policy, families and addresses, each and together. Nothing of it applies to ExternalName. */
export function validateFamilyFields(service: Service): Causes {
  if (service.spec.type === 'ExternalName') return none;
  const sofar = [
    ...optional(service.spec.ipFamilyPolicy, policyPath, (policy, path) => oneOf(policy, path, policies)),
    ...validateFamilies(service),
  ];
  return [...sofar, ...validateClusterIPs(service, sofar)];
}

/** Whether this cluster can give what the families ask for. Looked at before all else, and told alone. */
export function validateOffer(service: Service, offered: readonly IPFamily[]): Causes {
  const { spec } = service;
  if (spec.type === 'ExternalName' || isUnmanaged(service)) return none;
  const policy = spec.ipFamilyPolicy;
  const multiple = "must be 'RequireDualStack' or 'PreferDualStack' when multiple";
  return [
    ...when(policy === 'SingleStack' && (spec.clusterIPs ?? []).length > 1, () =>
      invalidValue(policyPath, policy, `${multiple} cluster IPs are specified`),
    ),
    ...when(policy === 'SingleStack' && (spec.ipFamilies ?? []).length > 1, () =>
      invalidValue(policyPath, policy, `${multiple} IP families are specified`),
    ),
    ...when(policy === 'RequireDualStack' && offered.length < 2, () =>
      invalidValue(policyPath, policy, 'this cluster is not configured for dual-stack services'),
    ),
    ...(policy === 'SingleStack' && (spec.ipFamilies ?? []).length > 1
      ? none
      : each(spec.ipFamilies, familiesPath, (family, path) =>
          when(!(offered as readonly string[]).includes(family), () =>
            invalidValue(path, family, 'not configured on this cluster'),
          ),
        )),
  ];
}
