import type { AppArmorProfile, PodSpec } from '@kubephant/schema';
import { equal } from '../validation/checks';
import type { Path } from '../validation/path';
import { placedContainers } from './container-warnings';

type Warnings = readonly string[];
type Annotations = Readonly<Record<string, string>>;

export const appArmorPrefix = 'container.apparmor.security.beta.kubernetes.io/';
export const seccompPod = 'seccomp.security.alpha.kubernetes.io/pod';
export const seccompPrefix = 'container.seccomp.security.alpha.kubernetes.io/';

const replaced: readonly (readonly [string, string])[] = [
  ['scheduler.alpha.kubernetes.io/critical-pod', 'non-functional in v1.16+; use the "priorityClassName" field instead'],
  ['security.alpha.kubernetes.io/sysctls', 'non-functional in v1.11+; use the "sysctls" field instead'],
  ['security.alpha.kubernetes.io/unsafe-sysctls', 'non-functional in v1.11+; use the "sysctls" field instead'],
];

const noSeccomp = 'non-functional in v1.27+; use the "seccompProfile" field instead';
export const noAppArmor = 'deprecated since v1.30; use the "appArmorProfile" field instead';

const localhost = 'localhost/';

/** The profile that an older annotation names; undefined: none. */
export function profileOf(annotation: string): AppArmorProfile | undefined {
  if (annotation === 'unconfined') return { type: 'Unconfined' };
  if (annotation === 'runtime/default') return { type: 'RuntimeDefault' };
  const name = annotation.startsWith(localhost) ? annotation.slice(localhost.length) : '';
  return name ? { type: 'Localhost', localhostProfile: name } : undefined;
}

const warn = (path: Path, key: string, why: string): string => `${path.key(key).toString()}: ${why}`;

function seccompWarnings(annotations: Annotations, spec: PodSpec, path: Path): Warnings {
  const isPlain = annotations[seccompPod] !== undefined && !spec.securityContext?.seccompProfile;
  return [
    ...(isPlain ? [warn(path, seccompPod, noSeccomp)] : []),
    ...placedContainers(spec, path).flatMap(({ container }) => {
      const key = seccompPrefix + container.name;
      const isAlone = annotations[key] !== undefined && !container.securityContext?.seccompProfile;
      return isAlone ? [warn(path, key, noSeccomp)] : [];
    }),
  ];
}

function appArmorWarnings(annotations: Annotations, spec: PodSpec, path: Path): Warnings {
  const ofPod = spec.securityContext?.appArmorProfile;
  return placedContainers(spec, path).flatMap(({ container }) => {
    const key = appArmorPrefix + container.name;
    const annotation = annotations[key];
    if (annotation === undefined || container.securityContext?.appArmorProfile) return [];
    return ofPod && equal(ofPod, profileOf(annotation)) ? [] : [warn(path, key, noAppArmor)];
  });
}

/** Annotations that have become fields. Of a pod itself, those of AppArmor were told when they were taken over. */
export const annotationWarnings = (
  annotations: Annotations | undefined,
  spec: PodSpec,
  path: Path,
  isTemplate: boolean,
): Warnings => [
  ...replaced.flatMap(([key, why]) => (annotations?.[key] === undefined ? [] : [warn(path, key, why)])),
  ...seccompWarnings(annotations ?? {}, spec, path),
  ...(isTemplate ? appArmorWarnings(annotations ?? {}, spec, path) : []),
];
