import { Quantity } from '@kubephant/api';
import { amountsOf, toResourceList, type Amounts } from '@kubephant/quota';
import type { ResourceQuota, ResourceQuotaStatus } from '@kubephant/schema';

/** What the quota should say where that is `used` and this much may be handed back. What cannot be counted stays. */
export function statusOf({ spec, status }: ResourceQuota, used: Amounts, mayRelease: Amounts): ResourceQuotaStatus {
  const hard = spec.hard ?? {};
  const before = amountsOf(status?.used);
  const next = new Map<string, Quantity>();
  for (const name of Object.keys(hard)) {
    const [was, now] = [before.get(name), used.get(name)];
    const least = was?.subtract(mayRelease.get(name) ?? Quantity.zero);
    const amount = now && least && least.compare(now) > 0 ? least : (now ?? was);
    if (amount) next.set(name, amount);
  }
  return { hard, used: toResourceList(next) };
}

/** Whether both say the same, however they write it. */
export function isSameStatus(a: ResourceQuotaStatus | undefined, b: ResourceQuotaStatus): boolean {
  const isSame = (x: Readonly<Record<string, string>> = {}, y: Readonly<Record<string, string>> = {}): boolean => {
    const [these, those] = [amountsOf(x), amountsOf(y)];
    return these.size === those.size && [...these].every(([name, amount]) => those.get(name)?.equals(amount));
  };
  return a?.hard !== undefined && a.used !== undefined && isSame(a.hard, b.hard) && isSame(a.used, b.used);
}
