import { badRequest, conflict, type KubeObject } from '@kubephant/api';
import type { Eviction, Pod } from '@kubephant/schema';
import type { Subresource, Target } from '../definition';
import { chargeBudget } from '../policy/charge-budget';
import { setCondition } from './pod-conditions';
import { success } from './success';

function demandUid({ metadata: { name, uid } }: Pod, wanted: string | undefined): void {
  if (!wanted || wanted === uid) return;
  const why = `the UID in the precondition (${wanted}) does not match the UID in record (${uid})`;
  const gone = 'The object might have been deleted and then recreated';
  throw conflict({ group: '', resource: 'Pod' }, name, `${why}. ${gone}`);
}

const isOver = ({ status }: Pod): boolean => status?.phase === 'Succeeded' || status?.phase === 'Failed';

const disruption = {
  type: 'DisruptionTarget',
  status: 'True',
  reason: 'EvictionByEvictionAPI',
  message: 'Eviction API: evicting',
};

async function evict(target: Target<Pod>, input: KubeObject): Promise<KubeObject> {
  const { metadata, deleteOptions } = input as Eviction;
  if (metadata.name !== target.key.name) throw badRequest('name in URL does not match name in Eviction object');
  const pod = await target.get();
  const uid = deleteOptions?.preconditions?.uid;
  demandUid(pod, uid);
  const isTrial = deleteOptions?.dryRun?.includes('All') ?? false;
  await chargeBudget(target, pod, isTrial || target.dryRun);
  if (isTrial) return success();
  if (!isOver(pod)) {
    await target.guaranteedUpdate((current) => {
      demandUid(current, uid);
      setCondition(current, disruption, target.now ?? new Date());
      return current;
    });
  }
  const gracePeriodSeconds = deleteOptions?.gracePeriodSeconds;
  await target.delete({ uid: pod.metadata.uid, ...(gracePeriodSeconds !== undefined && { gracePeriodSeconds }) });
  return success();
}

/** POST of an Eviction deletes a pod, saying why, if the budget that guards it allows that. */
export const eviction: Subresource<Pod> = {
  kind: 'create',
  input: { group: 'policy', version: 'v1', kind: 'Eviction' },
  inputAlso: ['policy/v1beta1'],
  create: evict,
};
