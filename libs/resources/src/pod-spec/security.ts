import { outOfRange } from '@kubephant/api';
import type { PodSecurityContext, PodSpec, SecurityContext, Sysctl } from '@kubephant/schema';
import { duplicate, invalidValue, none, type Causes } from '../validation/causes';
import { each, oneOf, optional, present, when } from '../validation/checks';
import { goForm } from '../validation/go-form';
import type { Path } from '../validation/path';
import { validateAppArmor, validateSeccomp } from './profiles';
import { validateWindowsOptions } from './windows';

const maxId = 2 ** 31 - 1;

const validateId = (id: number, path: Path): Causes =>
  when(id < 0 || id > maxId, () => invalidValue(path, id, outOfRange(0, maxId)));

function validateEscalation(context: SecurityContext, path: Path): Causes {
  if (context.allowPrivilegeEscalation !== false) return none;
  const shown = (): unknown => goForm('io.k8s.api.core.v1.SecurityContext', context);
  const conflict = (other: string): string => `cannot set \`allowPrivilegeEscalation\` to false and ${other}`;
  return [
    ...when(context.privileged === true, () => invalidValue(path, shown(), conflict('`privileged` to true'))),
    ...(context.capabilities?.add ?? [])
      .filter((capability) => capability === 'CAP_SYS_ADMIN')
      .map(() => invalidValue(path, shown(), conflict('`capabilities.Add` CAP_SYS_ADMIN'))),
  ];
}

function validateProcMount(mode: string, path: Path, spec: PodSpec): Causes {
  return [
    ...oneOf(mode, path, ['Default', 'Unmasked']),
    ...when(mode === 'Unmasked' && spec.hostUsers !== false, () =>
      invalidValue(path, mode, '`hostUsers` must be false to use `Unmasked`'),
    ),
  ];
}

export const validateSecurityContext = (context: SecurityContext, path: Path, spec: PodSpec): Causes => [
  ...optional(context.runAsUser, path.child('runAsUser'), validateId),
  ...optional(context.runAsGroup, path.child('runAsGroup'), validateId),
  ...optional(context.procMount, path.child('procMount'), (mode, where) => validateProcMount(mode, where, spec)),
  ...optional(context.seccompProfile, path.child('seccompProfile'), validateSeccomp),
  ...validateEscalation(context, path),
  ...optional(context.windowsOptions, path.child('windowsOptions'), validateWindowsOptions),
  ...optional(context.appArmorProfile, path.child('appArmorProfile'), validateAppArmor),
];

const sysctlSource = '([a-z0-9]([-_a-z0-9]*[a-z0-9])?[\\./])*[a-z0-9]([-_a-z0-9]*[a-z0-9])?';
const sysctlPattern = new RegExp(`^${sysctlSource}$`);
const maxSysctl = 253;

/** Sysctls that belong to a namespace the pod may share with the host. */
const sharedSysctls = [
  { field: 'hostNetwork', pattern: /^net\./ },
  { field: 'hostIPC', pattern: /^(kernel\.(shm|msg|sem)|fs\.mqueue\.)/ },
] as const;

function validateSysctl({ name }: Sysctl, path: Path, spec: PodSpec): Causes {
  if (!name) return present(name, path);
  if (name.length > maxSysctl || !sysctlPattern.test(name)) {
    return [invalidValue(path, name, `must have at most ${maxSysctl} characters and match regex ^${sysctlSource}$`)];
  }
  const dotted = name.replaceAll('/', '.');
  return sharedSysctls
    .filter(({ field, pattern }) => spec[field] && pattern.test(dotted))
    .map(({ field }) => invalidValue(path, name, `may not be specified when '${field}' is true`));
}

function validateSysctls(list: readonly Sysctl[] | undefined, path: Path, spec: PodSpec): Causes {
  const seen = new Set<string>();
  return each(list, path, (sysctl, where) => {
    const at = where.child('name');
    const taken = seen.has(sysctl.name);
    seen.add(sysctl.name);
    return taken ? [duplicate(at, sysctl.name)] : validateSysctl(sysctl, at, spec);
  });
}

const sharesBoth = 'ShareProcessNamespace and HostPID cannot both be enabled';

function validateIds(context: PodSecurityContext, path: Path): Causes {
  return [
    ...optional(context.fsGroup, path.child('fsGroup'), validateId),
    ...optional(context.runAsUser, path.child('runAsUser'), validateId),
    ...optional(context.runAsGroup, path.child('runAsGroup'), validateId),
    ...each(context.supplementalGroups, path.child('supplementalGroups'), validateId),
    ...optional(context.supplementalGroupsPolicy, path.child('supplementalGroupsPolicy'), (policy, where) =>
      oneOf(policy, where, ['Merge', 'Strict']),
    ),
  ];
}

export function validatePodSecurityContext(context: PodSecurityContext, path: Path, spec: PodSpec): Causes {
  return [
    ...when(Boolean(spec.shareProcessNamespace) && Boolean(spec.hostPID), () =>
      invalidValue(path.child('shareProcessNamespace'), true, sharesBoth),
    ),
    ...validateIds(context, path),
    ...validateSysctls(context.sysctls, path.child('sysctls'), spec),
    ...optional(context.fsGroupChangePolicy, path.child('fsGroupChangePolicy'), (policy, where) =>
      oneOf(policy, where, ['Always', 'OnRootMismatch']),
    ),
    ...optional(context.seLinuxChangePolicy, path.child('seLinuxChangePolicy'), (policy, where) =>
      oneOf(policy, where, ['Recursive']),
    ),
    ...optional(context.seccompProfile, path.child('seccompProfile'), validateSeccomp),
    ...optional(context.windowsOptions, path.child('windowsOptions'), validateWindowsOptions),
    ...optional(context.appArmorProfile, path.child('appArmorProfile'), validateAppArmor),
  ];
}
