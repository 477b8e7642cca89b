import { is, keyOf, keyString, type KubeObject, type ObjectKey } from '@kubephant/api';
import { persistentVolumeClaims, persistentVolumes, pods, type ResourceRef } from '@kubephant/client';
import { changes, runController, type Source } from '@kubephant/controller';
import type { Pod } from '@kubephant/schema';
import type { ControllerContext } from '../common/context';
import { claimFinalizer, claimsOf, isBound, protect, volumeFinalizer } from './claims';

const byClaim = 'claim';

/** Keeps a claim that pods use, whoever deletes it; lets it go when the last of them is gone. */
export async function runClaimProtection(context: ControllerContext, signal: AbortSignal): Promise<void> {
  const users = context.informers.of(pods);
  users.addIndexers({ [byClaim]: (pod: Pod) => claimsOf(pod).map(keyString) });
  const isInUse = (key: ObjectKey): boolean => users.lister.byIndex(byClaim, keyString(key)).length > 0;
  await runProtection(
    context,
    {
      name: 'pvcprotection',
      ref: persistentVolumeClaims,
      finalizer: claimFinalizer,
      isInUse: (claim) => isInUse(keyOf(claim)),
      sources: [changes(users, claimsOf)],
    },
    signal,
  );
}

/** Keeps a volume that is bound to a claim, whoever deletes it. */
export async function runVolumeProtection(context: ControllerContext, signal: AbortSignal): Promise<void> {
  const rule = {
    name: 'pvprotection',
    ref: persistentVolumes,
    finalizer: volumeFinalizer,
    isInUse: isBound,
    sources: [],
  };
  await runProtection(context, rule, signal);
}

interface Protection<T extends KubeObject> {
  readonly name: string;
  readonly ref: ResourceRef<T>;
  readonly finalizer: string;
  readonly isInUse: (obj: T) => boolean;
  readonly sources: readonly Source[];
}

async function runProtection<T extends KubeObject>(
  { informers, client, workers, log, clock, queueMetrics }: ControllerContext,
  { name, ref, finalizer, isInUse, sources }: Protection<T>,
  signal: AbortSignal,
): Promise<void> {
  const protectedOnes = informers.of(ref);
  const reconcile = async (key: ObjectKey, s: AbortSignal): Promise<void> => {
    const current = protectedOnes.lister.get(key);
    const finalizers = current && protect(current, finalizer, isInUse(current));
    if (!finalizers) return;
    try {
      await client
        .resource(ref)
        .update({ ...current, metadata: { ...current.metadata, finalizers: [...finalizers] } }, s);
    } catch (err) {
      if (!is('NotFound', err)) throw err;
    }
  };
  const all = [changes(protectedOnes, (obj) => [keyOf(obj)]), ...sources];
  await runController(
    { name, sources: all, reconciler: { reconcile }, workers },
    { log, clock, ...(queueMetrics && { metrics: queueMetrics }) },
    signal,
  );
}
