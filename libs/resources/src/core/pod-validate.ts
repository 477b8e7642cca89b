import type { Pod, PodSpec } from '@kubephant/schema';
import { validateOfPod } from '../pod-spec/containers';
import { validatePodSpec } from '../pod-spec/validate';
import { forbidden, none, type Causes } from '../validation/causes';
import { each } from '../validation/checks';
import { at } from '../validation/path';
import { validatePodAnnotations } from './pod-annotations';

const spec = at('spec');

/** Tokens are those of an account. */
const validateTokens = ({ serviceAccountName, volumes }: PodSpec): Causes =>
  serviceAccountName
    ? none
    : each(volumes, spec.child('volumes'), ({ projected }, path) =>
        each(projected?.sources, path.child('projected', 'sources'), ({ serviceAccountToken }, where) =>
          serviceAccountToken
            ? [
                forbidden(
                  where.child('serviceAccountToken'),
                  'must not be specified when serviceAccountName is not set',
                ),
              ]
            : none,
        ),
      );

/** What must hold of a pod at any time. */
export const validatePod = (pod: Pod): Causes => [
  ...validatePodAnnotations(pod),
  ...validatePodSpec(pod.spec, spec, pod.metadata.name),
  ...validateTokens(pod.spec),
  ...each(pod.spec.containers, spec.child('containers'), validateOfPod),
  ...each(pod.spec.initContainers, spec.child('initContainers'), validateOfPod),
];
