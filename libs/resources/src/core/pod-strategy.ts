import { dns1123Label, timestamp } from '@kubephant/api';
import type { Pod, PodStatus } from '@kubephant/schema';
import type { Strategy, StrategyContext } from '../definition';
import { dropGatedFields } from '../pod-spec/gated';
import { podWarnings } from '../pod-spec/warnings';
import { forbidden, type Causes } from '../validation/causes';
import { when } from '../validation/checks';
import { at, Path } from '../validation/path';
import { validateAnnotationChange } from './pod-annotations';
import { unprobed } from './pod-conditions';
import { applyLabelKeys } from './pod-label-keys';
import { takeOverAppArmor, validateProfiles } from './pod-profiles';
import { qosClass } from './pod-qos';
import { validatePodChange } from './pod-update';
import { validatePod } from './pod-validate';

const spec = at('spec');

function firstStatus({ spec: { schedulingGates } }: Pod, { now }: StrategyContext): PodStatus {
  if (!schedulingGates?.length) return { phase: 'Pending' };
  return {
    phase: 'Pending',
    conditions: [
      {
        ...unprobed,
        type: 'PodScheduled',
        status: 'False',
        lastTransitionTime: timestamp(now),
        reason: 'SchedulingGated',
        message: 'Scheduling is blocked due to non-empty scheduling gates',
      },
    ],
  };
}

function validateNew(pod: Pod): Causes {
  const { ephemeralContainers, nodeName, schedulingGates } = pod.spec;
  return [
    ...validatePod(pod),
    ...when((ephemeralContainers ?? []).length > 0, () =>
      forbidden(spec.child('ephemeralContainers'), 'cannot be set on create'),
    ),
    ...when(Boolean(nodeName) && Boolean(schedulingGates?.length), () =>
      forbidden(spec.child('nodeName'), 'cannot be set until all schedulingGates have been cleared'),
    ),
    ...validateProfiles(pod),
  ];
}

const hostnameWarning =
  "metadata.name: this is used in the Pod's hostname, which can result in surprising behavior; a DNS label is recommended: ";

/** Nothing is said of changes: mostly programs make them. */
function warnings(pod: Pod, old?: Pod): readonly string[] {
  if (old) return [];
  const name = dns1123Label(pod.metadata.name);
  return [...(name.length > 0 ? [`${hostnameWarning}[${name.join(' ')}]`] : []), ...podWarnings(pod, Path.root)];
}

const isOver = ({ status }: Pod): boolean => status?.phase === 'Succeeded' || status?.phase === 'Failed';

/** How long a pod may take to end: not at all when it never started, or is over. */
function gracePeriod(pod: Pod, asked?: number): number {
  if (!pod.spec.nodeName || isOver(pod)) return 0;
  const seconds = asked ?? pod.spec.terminationGracePeriodSeconds ?? 0;
  return seconds < 0 ? 1 : seconds;
}

export const podStrategy: Strategy<Pod> = {
  prepareForCreate(pod, context) {
    pod.metadata.generation = 1;
    pod.status = { ...firstStatus(pod, context), qosClass: qosClass(pod.spec) };
    dropGatedFields(pod.spec);
    applyLabelKeys(pod);
    takeOverAppArmor(pod, context);
  },
  prepareForUpdate(pod) {
    dropGatedFields(pod.spec);
  },
  validate: validateNew,
  validateUpdate: (pod, old) => [
    ...validatePod(pod),
    ...validateAnnotationChange(pod, old),
    ...validatePodChange(pod, old),
  ],
  warnings,
  gracePeriod,
};
