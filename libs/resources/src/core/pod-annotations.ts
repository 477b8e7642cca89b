import type { Pod } from '@kubephant/schema';
import { appArmorPrefix, seccompPod, seccompPrefix } from '../pod-spec/annotation-warnings';
import { containersOf } from '../pod-spec/defaults';
import { descending } from '../pod-spec/paths';
import { forbidden, invalidValue, none, type Causes } from '../validation/causes';
import { optional, when } from '../validation/checks';
import { at, type Path } from '../validation/path';

const annotations = at('metadata', 'annotations');

const mirror = 'kubernetes.io/config.mirror';
const deletionCost = 'controller.kubernetes.io/pod-deletion-cost';

function validateCost(text: string, path: Path): Causes {
  const cost = Number(text);
  const isValid = /^(0|-?[1-9]\d{0,9})$/.test(text) && cost >= -(2 ** 31) && cost < 2 ** 31;
  return when(!isValid, () => invalidValue(path, text, 'must be a 32bit integer'));
}

function validateSeccomp(profile: string, path: Path): Causes {
  if (profile.startsWith('localhost/')) return descending(profile.slice('localhost/'.length), path);
  return when(!['runtime/default', 'docker/default', 'unconfined'].includes(profile), () =>
    invalidValue(path, profile, 'must be a valid seccomp profile'),
  );
}

function validateAppArmor(key: string, profile: string, pod: Pod): Causes {
  const name = key.slice(appArmorPrefix.length);
  const path = annotations.key(key);
  const isProfile = ['', 'runtime/default', 'unconfined'].includes(profile) || profile.startsWith('localhost/');
  return [
    ...when(!containersOf(pod.spec).some((container) => container.name === name), () =>
      invalidValue(path, name, 'container not found'),
    ),
    ...when(!isProfile, () => invalidValue(path, profile, `invalid AppArmor profile name: ${JSON.stringify(profile)}`)),
  ];
}

/** Annotations that mean something to the kubelet and to controllers, and so must mean something. */
export function validatePodAnnotations(pod: Pod): Causes {
  const all = pod.metadata.annotations ?? {};
  return [
    ...optional(all[mirror], annotations.key(mirror), (value, path) =>
      when(!pod.spec.nodeName, () =>
        invalidValue(path, value, 'must set spec.nodeName if mirror pod annotation is set'),
      ),
    ),
    ...Object.entries(all).flatMap(([key, value]) => {
      if (key === seccompPod || key.startsWith(seccompPrefix)) return validateSeccomp(value, annotations.child(key));
      return key.startsWith(appArmorPrefix) ? validateAppArmor(key, value, pod) : none;
    }),
    ...optional(all[deletionCost], annotations.key(deletionCost), validateCost),
  ];
}

/** Whether the kubelet runs the pod from a file, and what the API has is only its image. */
export const isStatic = ({ metadata }: Pod): boolean => metadata.annotations?.[mirror] !== undefined;

const isFixed = (key: string): boolean => key === mirror || key.startsWith(appArmorPrefix);
const nameOfFixed = (key: string): string => (key === mirror ? 'mirror pod annotation' : 'AppArmor annotations');

/** Annotations that say how a pod was started stay as they are; then all are looked at once more. */
export function validateAnnotationChange(pod: Pod, old: Pod): Causes {
  const [now, before] = [pod.metadata.annotations ?? {}, old.metadata.annotations ?? {}];
  const lost = Object.keys(before).filter((key) => isFixed(key) && now[key] !== before[key]);
  const added = Object.keys(now).filter((key) => isFixed(key) && !(key in before));
  return [
    ...lost.map((key) => forbidden(annotations.key(key), `may not remove or update ${nameOfFixed(key)}`)),
    ...added.map((key) => forbidden(annotations.key(key), `may not add ${nameOfFixed(key)}`)),
    ...validatePodAnnotations(pod),
  ];
}
