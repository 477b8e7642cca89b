import type { KubeObject } from '@kubephant/api';
import type { Clock } from '@kubephant/base';
import {
  deviceClaims,
  isClaimOf,
  objectCount,
  podNameOf,
  pods,
  services,
  volumeClaims,
  type Amounts,
  type Evaluator,
} from '@kubephant/quota';
import type { DeviceClass, Pod, ResourceClaim } from '@kubephant/schema';
import type { Attributes } from '@kubephant/serving';
import type { Objects } from '../objects';
import { missingOf } from './required';

/** How writes of one resource are charged for. */
export interface Charging {
  readonly evaluator: Evaluator;
  /** Whether the write can change what is used. */
  handles(attributes: Attributes): boolean;
  /** What an object must say but does not, where these are limited; undefined: nothing. */
  readonly missing?: (limited: readonly string[], obj: KubeObject) => string | undefined;
}

const isWhole = ({ info }: Attributes): boolean => info.subresource === undefined;
const isWholeWrite = (attributes: Attributes): boolean => isWhole(attributes) && attributes.operation !== 'DELETE';

/** A pod is in another scope as soon as it has a deadline, or none any more. */
function hasOtherScope({ object, old }: Attributes): boolean {
  const isTerminating = (obj: KubeObject | undefined): boolean =>
    ((obj as unknown as Pod | undefined)?.spec.activeDeadlineSeconds ?? -1) >= 0;
  return isTerminating(object) !== isTerminating(old);
}

function handlesPod(attributes: Attributes): boolean {
  const { operation, info } = attributes;
  if (operation === 'CREATE') return isWhole(attributes);
  return (
    operation === 'UPDATE' && (info.subresource === 'resize' || (isWhole(attributes) && hasOtherScope(attributes)))
  );
}

/** How writes are charged for, by what the store calls their resource. */
export function newChargings(
  objects: Objects,
  clock: Clock,
): (resource: string, namespace: string) => Promise<Charging> {
  const podEvaluator = pods(() => clock.now());
  const known: Readonly<Record<string, Charging>> = {
    pods: { evaluator: podEvaluator, handles: handlesPod, missing: missingOf },
    services: { evaluator: services, handles: isWholeWrite },
    persistentvolumeclaims: {
      evaluator: volumeClaims,
      // A status says what was allocated, and of which class.
      handles: (attributes) => isWholeWrite(attributes) || attributes.info.subresource === 'status',
    },
  };
  return async (resource, namespace) =>
    known[resource] ??
    (resource === 'resourceclaims.resource.k8s.io'
      ? { evaluator: await deviceEvaluator(objects, podEvaluator, namespace), handles: isWholeWrite }
      : {
          evaluator: objectCount(resource),
          handles: (attributes) => attributes.operation === 'CREATE' && isWhole(attributes),
        });
}

/** Device claims count by what classes, pods and claims there are now. */
async function deviceEvaluator(objects: Objects, podEvaluator: Evaluator, namespace: string): Promise<Evaluator> {
  const deviceClasses = objects.all<DeviceClass>('deviceclasses.resource.k8s.io');
  const claims = objects.all<ResourceClaim>('resourceclaims.resource.k8s.io', namespace);
  const live = objects.all<KubeObject>('pods', namespace);
  const podUsage = (claim: ResourceClaim): Amounts | undefined => {
    const name = podNameOf(claim);
    const pod = name === undefined ? undefined : live.find(({ metadata }) => metadata.name === name);
    return pod && isClaimOf(pod as unknown as Pod, claim, claims) ? podEvaluator.usage(pod) : undefined;
  };
  return deviceClaims({ deviceClasses: () => deviceClasses, podUsage });
}
