import type { Pod } from '@kubephant/schema';
import { containersOf } from '../pod-spec/defaults';
import { descending } from '../pod-spec/paths';
import { invalidValue, none, type Causes } from '../validation/causes';
import { optional, when } from '../validation/checks';
import { at, type Path } from '../validation/path';

const annotations = at('metadata', 'annotations');

const mirror = 'kubernetes.io/config.mirror';
const deletionCost = 'controller.kubernetes.io/pod-deletion-cost';
const appArmorPrefix = 'container.apparmor.security.beta.kubernetes.io/';
const seccompPod = 'seccomp.security.alpha.kubernetes.io/pod';
const seccompPrefix = 'container.seccomp.security.alpha.kubernetes.io/';
const criticalPod = 'scheduler.alpha.kubernetes.io/critical-pod';

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

const replaced = [
  { key: criticalPod, why: 'non-functional in v1.16+; use the "priorityClassName" field instead' },
  { key: seccompPod, why: 'non-functional in v1.27+; use the "seccompProfile" field instead' },
];

const prefixed = (metadata: Pod['metadata'], prefix: string): readonly string[] =>
  Object.keys(metadata.annotations ?? {}).filter((key) => key.startsWith(prefix));

export const annotationWarnings = ({ metadata }: Pod): readonly string[] => [
  ...prefixed(metadata, appArmorPrefix).map(
    (key) => `${annotations.key(key).toString()}: deprecated since v1.30; use the "appArmorProfile" field instead`,
  ),
  ...replaced
    .filter(({ key }) => metadata.annotations?.[key] !== undefined)
    .map(({ key, why }) => `${annotations.key(key).toString()}: ${why}`),
  ...prefixed(metadata, seccompPrefix).map(
    (key) => `${annotations.key(key).toString()}: non-functional in v1.27+; use the "seccompProfile" field instead`,
  ),
];
