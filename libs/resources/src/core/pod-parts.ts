import type { EphemeralContainer, Pod } from '@kubephant/schema';
import type { Strategy } from '../definition';
import { keepMetadata } from '../meta/for-status';
import { forbidden, type Causes } from '../validation/causes';
import { equal, when } from '../validation/checks';
import { difference } from '../validation/difference';
import { goForm } from '../validation/go-form';
import { at } from '../validation/path';
import { isStatic, validateAnnotationChange } from './pod-annotations';
import { validatePod } from './pod-validate';

const spec = at('spec');

const quoted = (container: EphemeralContainer): unknown => goForm('io.k8s.api.core.v1.EphemeralContainer', container);

function validateKept(now: readonly EphemeralContainer[], before: readonly EphemeralContainer[]): Causes {
  const path = spec.child('ephemeralContainers');
  return before.flatMap((old) => {
    const found = now.find(({ name }) => name === old.name);
    const what = `existing ephemeral containers ${JSON.stringify(old.name)}`;
    if (!found) return [forbidden(path, `${what} may not be removed\n`)];
    return when(!equal(found, old), () =>
      forbidden(path, `${what} may not be changed\n${difference(quoted(old), quoted(found))}`),
    );
  });
}

/** Ephemeral containers are added, never changed or taken away (KEP-277). */
export const ephemeralStrategy: Strategy<Pod> = {
  prepareForUpdate(pod, old) {
    const { ephemeralContainers } = pod.spec;
    pod.spec = structuredClone(old.spec);
    if (ephemeralContainers) pod.spec.ephemeralContainers = ephemeralContainers;
    else delete pod.spec.ephemeralContainers;
    if (old.status) pod.status = structuredClone(old.status);
    keepMetadata(pod, old);
  },
  validateUpdate(pod, old) {
    if (isStatic(old)) return [forbidden(at(''), 'static pods do not support ephemeral containers')];
    return [
      ...validatePod(pod),
      ...validateAnnotationChange(pod, old),
      ...validateKept(pod.spec.ephemeralContainers ?? [], old.spec.ephemeralContainers ?? []),
    ];
  },
};
