import type { PodSecurityContext, PodSpec, SecurityContext } from '@kubephant/schema';
import { forbidden, none, notSupported, required, type Causes } from '../validation/causes';
import { each, when } from '../validation/checks';
import type { Path } from '../validation/path';

const notWindows = 'cannot be set for a windows pod';
const notLinux = 'windows options cannot be set for a linux pod';

const isSet = (value: unknown): boolean =>
  value !== undefined && value !== false && !(Array.isArray(value) && value.length === 0);

/** Fields that mean nothing on Windows, in the order upstream names them. `false` of a flag of the host is not set. */
const podFields: readonly (readonly [of: 'spec' | 'context', field: keyof PodSpec | keyof PodSecurityContext])[] = [
  ['context', 'appArmorProfile'],
  ['context', 'seLinuxOptions'],
  ['spec', 'hostUsers'],
  ['spec', 'hostPID'],
  ['spec', 'hostIPC'],
  ['context', 'seccompProfile'],
  ['context', 'fsGroup'],
  ['context', 'fsGroupChangePolicy'],
  ['context', 'sysctls'],
  ['spec', 'shareProcessNamespace'],
  ['context', 'runAsUser'],
  ['context', 'runAsGroup'],
  ['context', 'supplementalGroups'],
  ['context', 'supplementalGroupsPolicy'],
];

const containerFields: readonly (keyof SecurityContext)[] = [
  'appArmorProfile',
  'seLinuxOptions',
  'seccompProfile',
  'capabilities',
  'readOnlyRootFilesystem',
  'privileged',
  'allowPrivilegeEscalation',
  'procMount',
  'runAsUser',
  'runAsGroup',
];

function forbiddenOnWindows(spec: PodSpec, path: Path): Causes {
  const context = spec.securityContext ?? {};
  return podFields.flatMap(([of, field]) => {
    const value = of === 'spec' ? spec[field as keyof PodSpec] : context[field as keyof PodSecurityContext];
    const where = of === 'spec' ? path.child(field) : path.child('securityContext', field);
    return when(isSet(value), () => forbidden(where, notWindows));
  });
}

const lists = ['containers', 'initContainers', 'ephemeralContainers'] as const;

const eachContext = (spec: PodSpec, path: Path, check: (context: SecurityContext, path: Path) => Causes): Causes =>
  lists.flatMap((list) =>
    each(spec[list], path.child(list), ({ securityContext }, where) =>
      securityContext ? check(securityContext, where.child('securityContext')) : none,
    ),
  );

const validateWindows = (spec: PodSpec, path: Path): Causes => [
  ...forbiddenOnWindows(spec, path),
  ...eachContext(spec, path, (context, where) =>
    containerFields.flatMap((field) =>
      when(context[field] !== undefined, () => forbidden(where.child(field), notWindows)),
    ),
  ),
];

const validateLinux = (spec: PodSpec, path: Path): Causes => [
  ...when(spec.securityContext?.windowsOptions !== undefined, () =>
    forbidden(path.child('securityContext', 'windowsOptions'), notLinux),
  ),
  ...eachContext(spec, path, ({ windowsOptions }, where) =>
    when(windowsOptions !== undefined, () => forbidden(where.child('windowsOptions'), notLinux)),
  ),
];

/** The operating system a pod names, and what does not exist there. */
export function validateOS(spec: PodSpec, path: Path): Causes {
  if (!spec.os) return none;
  switch (spec.os.name) {
    case '':
      return [required(path.child('os', 'name'))];
    case 'linux':
      return validateLinux(spec, path);
    case 'windows':
      return validateWindows(spec, path);
    default:
      return [notSupported(path.child('os'), spec.os.name, ['linux', 'windows'])];
  }
}
