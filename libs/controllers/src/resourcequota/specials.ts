import type { KubeObject } from '@kubephant/api';
import {
  deviceClasses,
  persistentVolumeClaims,
  pods,
  resourceClaims,
  services,
  type ResourceRef,
} from '@kubephant/client';
import type { SharedInformer } from '@kubephant/informer';
import * as quota from '@kubephant/quota';
import type { Evaluator } from '@kubephant/quota';
import type { ResourceClaim } from '@kubephant/schema';
import type { ControllerContext } from '../common/context';

/** Where objects are seen. */
export interface Sight {
  readonly informer: SharedInformer<KubeObject>;
  /** What else has to be in sight to know what they count for. */
  readonly beside: readonly SharedInformer<KubeObject>[];
}

/** Resources that count for more than one each. */
export interface Special {
  readonly resource: string;
  readonly evaluator: Evaluator;
  /** Whether a limit of this name may be about such objects, now or when other objects are there. */
  readonly mayCount: (name: string) => boolean;
  open(): Sight;
}

/** What counts for more than one each, as the table of quotas has it. */
export function specials({ informers, clock }: ControllerContext): readonly Special[] {
  const open = <T extends KubeObject>(ref: ResourceRef<T>) => informers.of(ref) as object as SharedInformer<KubeObject>;
  const special = <T extends KubeObject>(ref: ResourceRef<T>, evaluator: Evaluator): Special => ({
    resource: ref.plural,
    evaluator,
    mayCount: (name) => evaluator.counts(name),
    open: () => ({ informer: open(ref), beside: [] }),
  });
  const podEvaluator = quota.pods(() => clock.now());
  return [
    special(pods, podEvaluator),
    special(services, quota.services),
    special(persistentVolumeClaims, quota.volumeClaims),
    {
      resource: 'resourceclaims.resource.k8s.io',
      evaluator: deviceEvaluator(informers, podEvaluator),
      mayCount: quota.mayCountDevices,
      open: () => ({ informer: open(resourceClaims), beside: [open(deviceClasses), open(pods)] }),
    },
  ];
}

function deviceEvaluator(informers: ControllerContext['informers'], podEvaluator: Evaluator): Evaluator {
  const podUsage = (claim: ResourceClaim): quota.Amounts | undefined => {
    const { namespace } = claim.metadata;
    const name = quota.podNameOf(claim);
    const pod =
      name === undefined ? undefined : informers.of(pods).lister.get({ ...(namespace && { namespace }), name });
    const claims = informers.of(resourceClaims).lister.list(namespace);
    return pod && quota.isClaimOf(pod, claim, claims) ? podEvaluator.usage(pod) : undefined;
  };
  return quota.deviceClaims({ deviceClasses: () => informers.of(deviceClasses).lister.list(), podUsage });
}
