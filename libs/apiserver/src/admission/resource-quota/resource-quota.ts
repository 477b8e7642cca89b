import { groupResourceString } from '@kubephant/api';
import type { Clock } from '@kubephant/base';
import type { ResourceQuota } from '@kubephant/schema';
import type { AdmissionPlugin } from '@kubephant/serving';
import type { Store } from '@kubephant/storage';
import type { WriteAttributes } from '../attributes';
import type { Objects } from '../objects';
import { charged, chargesOf, released, type Charge } from './check';
import { newChargings } from './charging';
import { QuotaLedger } from './ledger';

/** What comes and goes without anybody's doing, or is no object. */
const ignored: ReadonlySet<string> = new Set(['events', 'events.events.k8s.io', 'bindings', 'namespaces']);

export interface ResourceQuotaDependencies {
  readonly store: Store;
  readonly objects: Objects;
  readonly clock: Clock;
}

/**
 * Lets nobody use more than the quotas of a namespace allow. The use is written down before the object is; it is taken
 * back when that fails. What becomes of it later is the controller's to count.
 */
export function resourceQuota({ store, objects, clock }: ResourceQuotaDependencies): AdmissionPlugin {
  const ledger = new QuotaLedger(store);
  const chargingOf = newChargings(objects, clock);
  return {
    name: 'ResourceQuota',
    handles: (info, operation) =>
      (operation === 'CREATE' || operation === 'UPDATE') && !!info.namespace && !ignored.has(groupResourceString(info)),
    async validate(attributes: WriteAttributes) {
      const { info, dryRun } = attributes;
      const { namespace = '' } = info;
      const resource = groupResourceString(info);
      const quotas = objects.all<ResourceQuota>('resourcequotas', namespace);
      if (quotas.length === 0) return;
      const charging = await chargingOf(resource, namespace);
      if (!charging.handles(attributes)) return;
      const charges = chargesOf(quotas, charging, attributes);
      if (dryRun) checkOnly(quotas, charges, attributes);
      for (const charge of dryRun ? [] : charges) {
        await ledger.enter(namespace, charge.quota, (quota) => charged(quota, charge, attributes));
        attributes.onFailure(() => ledger.enter(namespace, charge.quota, (quota) => released(quota, charge)));
      }
    },
  };
}

function checkOnly(quotas: readonly ResourceQuota[], charges: readonly Charge[], attributes: WriteAttributes): void {
  for (const charge of charges) {
    const quota = quotas.find(({ metadata }) => metadata.name === charge.quota);
    if (quota) charged(quota, charge, attributes);
  }
}
