import type { KubeObject } from '@kubephant/api';
import {
  amountsOf,
  excess,
  isInScopes,
  noAmounts,
  only,
  sum,
  toResourceList,
  withoutZeros,
  type Amounts,
  type Evaluator,
} from '@kubephant/quota';
import type { ResourceQuota } from '@kubephant/schema';
import type { Attributes } from '@kubephant/serving';
import { refuse } from '../refuse';
import type { Charging } from './charging';

/** What one write adds to what one quota counts. */
export interface Charge {
  readonly quota: string;
  readonly delta: Amounts;
}

const hardNames = ({ status }: ResourceQuota): readonly string[] => Object.keys(status?.hard ?? {});

function isAbout(quota: ResourceQuota, evaluator: Evaluator, obj: KubeObject): boolean {
  return hardNames(quota).some((name) => evaluator.counts(name)) && isInScopes(quota, evaluator, obj);
}

/**
 * What the write adds to each quota it concerns. Throws Forbidden where the object does not say what a quota needs to
 * know, or the quota does not say yet what is used.
 */
export function chargesOf(
  quotas: readonly ResourceQuota[],
  charging: Charging,
  attributes: Attributes,
): readonly Charge[] {
  const { evaluator } = charging;
  const { object, old } = attributes;
  if (!object) return [];
  const concerned = quotas.filter((quota) => isAbout(quota, evaluator, object));
  for (const quota of concerned) demandCountable(quota, charging, attributes);
  if (concerned.length === 0) return [];
  const usage = evaluator.usage(object);
  const before = old ? evaluator.usage(old) : noAmounts;
  return concerned.flatMap((quota) => {
    const wasCounted = old !== undefined && isAbout(quota, evaluator, old);
    const delta = withoutZeros(wasCounted ? excess(usage, before) : usage);
    return delta.size > 0 ? [{ quota: quota.metadata.name, delta }] : [];
  });
}

function demandCountable(quota: ResourceQuota, { evaluator, missing }: Charging, attributes: Attributes): void {
  const limited = hardNames(quota).filter((name) => evaluator.counts(name));
  const silence = missing?.(limited, attributes.object as KubeObject);
  if (silence) throw refuse(attributes, `failed quota: ${quota.metadata.name}: ${silence}`);
  if (limited.every((name) => quota.status?.used?.[name] !== undefined)) return;
  const names = [...limited].sort().join(',');
  throw refuse(attributes, `status unknown for quota: ${quota.metadata.name}, resources: ${names}`);
}

/** The quota with the charge on it. Throws Forbidden when that is more than it allows. */
export function charged(quota: ResourceQuota, { delta }: Charge, attributes: Attributes): ResourceQuota {
  const [hard, used] = [amountsOf(quota.status?.hard), amountsOf(quota.status?.used)];
  const requested = only(delta, new Set(hard.keys()));
  const total = sum(used, requested);
  const exceeded = new Set(
    [...requested.keys()].filter((name) => {
      const [most, now] = [hard.get(name), total.get(name)];
      return most !== undefined && now !== undefined && now.compare(most) > 0;
    }),
  );
  // What a status reports has happened: it is counted, however much it is.
  if (exceeded.size > 0 && attributes.info.subresource !== 'status') {
    const [asked, had, limit] = [requested, used, hard].map((amounts) => text(only(amounts, exceeded)));
    const name = quota.metadata.name;
    throw refuse(attributes, `exceeded quota: ${name}, requested: ${asked}, used: ${had}, limited: ${limit}`);
  }
  return withUsed(quota, total);
}

/** The quota without the charge: nothing was written. */
export function released(quota: ResourceQuota, { delta }: Charge): ResourceQuota {
  const used = amountsOf(quota.status?.used);
  return withUsed(quota, excess(used, only(delta, new Set(used.keys()))));
}

const withUsed = (quota: ResourceQuota, used: Amounts): ResourceQuota => ({
  ...quota,
  status: { ...quota.status, used: toResourceList(used) },
});

const text = (amounts: Amounts): string =>
  [...amounts]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([name, amount]) => `${name}=${amount.toString()}`)
    .join(',');
