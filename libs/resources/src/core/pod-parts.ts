import type { EphemeralContainer, Pod } from '@kubephant/schema';
import type { Strategy } from '../definition';
import { forbidden, type Causes } from '../validation/causes';
import { equal, when } from '../validation/checks';
import { difference } from '../validation/difference';
import { goForm } from '../validation/go-form';
import { at } from '../validation/path';
import { isStatic, validateAnnotationChange } from './pod-annotations';
import { validatePod } from './pod-validate';

const spec = at('spec');

/** Everything as it was, but for what `keep` takes over from the new object, and the version it was read at. */
function restore(pod: Pod, old: Pod, keep: (restored: Pod) => void): void {
  const restored = structuredClone(old);
  restored.metadata.resourceVersion = pod.metadata.resourceVersion;
  if (pod.metadata.managedFields) restored.metadata.managedFields = pod.metadata.managedFields;
  keep(restored);
  Object.assign(pod, restored);
}

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
    restore(pod, old, (restored) => {
      if (ephemeralContainers) restored.spec.ephemeralContainers = ephemeralContainers;
      else delete restored.spec.ephemeralContainers;
    });
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
