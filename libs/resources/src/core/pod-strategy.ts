import { dns1123Label, timestamp } from '@kubephant/api';
import type { Pod, PodStatus } from '@kubephant/schema';
import type { Strategy, StrategyContext } from '../definition';
import { dropGatedFields } from '../pod-spec/gated';
import { validatePodSpec } from '../pod-spec/validate';
import { podSpecWarnings } from '../pod-spec/warnings';
import { forbidden, type Causes } from '../validation/causes';
import { when } from '../validation/checks';
import { at } from '../validation/path';
import { annotationWarnings, validatePodAnnotations } from './pod-annotations';
import { unprobed } from './pod-conditions';
import { applyLabelKeys } from './pod-label-keys';
import { qosClass } from './pod-qos';
import { validatePodChange } from './pod-update';

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

/** What must hold of a pod at any time. */
const validatePod = (pod: Pod): Causes => [
  ...validatePodAnnotations(pod),
  ...validatePodSpec(pod.spec, spec, pod.metadata.name),
];

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
  ];
}

const hostnameWarning =
  "metadata.name: this is used in the Pod's hostname, which can result in surprising behavior; a DNS label is recommended: ";

function warnings(pod: Pod, old?: Pod): readonly string[] {
  const name = old ? [] : dns1123Label(pod.metadata.name);
  return [
    ...(name.length > 0 ? [`${hostnameWarning}[${name.join(' ')}]`] : []),
    ...podSpecWarnings(pod.spec, spec),
    ...annotationWarnings(pod),
  ];
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
  },
  prepareForUpdate(pod) {
    dropGatedFields(pod.spec);
  },
  validate: validateNew,
  validateUpdate: (pod, old) => [...validatePod(pod), ...validatePodChange(pod, old)],
  warnings,
  gracePeriod,
};
