import type { Pod } from '@kubephant/schema';
import { validatePodSpec } from '../pod-spec/validate';
import type { Causes } from '../validation/causes';
import { at } from '../validation/path';
import { validatePodAnnotations } from './pod-annotations';

/** What must hold of a pod at any time. */
export const validatePod = (pod: Pod): Causes => [
  ...validatePodAnnotations(pod),
  ...validatePodSpec(pod.spec, at('spec'), pod.metadata.name),
];
