import { dns1123Label } from '@kubephant/api';
import type { Container, ContainerRestartRule, EphemeralContainer, PodSpec } from '@kubephant/schema';
import {
  duplicate,
  forbidden,
  invalidValue,
  none,
  notFoundValue,
  notSupported,
  required,
  tooMany,
  type Causes,
} from '../validation/causes';
import { each, follows, oneOf, optional, present, requiredOneOf, when } from '../validation/checks';
import type { Path } from '../validation/path';
import { containerRestartPolicies, messagePolicies, pullPolicies } from './allowed';
import { validateEnv, validateEnvFrom } from './env';
import { validateDevices, validateMounts, type Volumes } from './mounts';
import { validateHostPorts, validatePorts } from './ports';
import { validateLifecycle, validateOnceProbe, validateReadinessProbe } from './probes';
import { validateResizePolicy, validateResources } from './resources';
import { validateSecurityContext } from './security';

/** What containers share with the pod around them. */
export interface PodContext {
  readonly spec: PodSpec;
  readonly volumes: Volumes;
  /** Names of the pod's resource claims. */
  readonly claims: readonly string[];
}

/** What is asked of the containers of a pod, but not of those of a template. */
export const validateOfPod = ({ image = '' }: Pick<Container, 'image'>, path: Path): Causes =>
  when(image.trim() !== image, () =>
    invalidValue(path.child('image'), image, 'must not have leading or trailing whitespace'),
  );

/** What holds of every container, whatever its part in the pod. */
function validateCommon(container: Container, path: Path, { spec, volumes, claims }: PodContext): Causes {
  const names = new Set(volumes.keys());
  return [
    ...(container.name ? follows(container.name, path.child('name'), dns1123Label) : [required(path.child('name'))]),
    ...present(container.image, path.child('image')),
    ...requiredOneOf(container.terminationMessagePolicy, path.child('terminationMessagePolicy'), messagePolicies),
    ...validatePorts(container.ports, path.child('ports')),
    ...validateEnv(container.env, path.child('env'), names),
    ...validateEnvFrom(container.envFrom, path.child('envFrom')),
    ...validateMounts(container, path.child('volumeMounts'), volumes),
    ...validateDevices(container, path.child('volumeDevices'), volumes),
    ...requiredOneOf(container.imagePullPolicy, path.child('imagePullPolicy'), pullPolicies),
    ...validateResources(container.resources ?? {}, path.child('resources'), claims),
    ...validateResizePolicy(container, path.child('resizePolicy'), spec.restartPolicy ?? ''),
    ...optional(container.securityContext, path.child('securityContext'), (context, where) =>
      validateSecurityContext(context, where, spec),
    ),
  ];
}

const maxRules = 20;
const maxExitCodes = 255;

function validateRule({ action, exitCodes }: ContainerRestartRule, path: Path): Causes {
  const codes = path.child('exitCodes');
  const { operator = '', values = [] } = exitCodes ?? {};
  return [
    ...requiredOneOf(action, path.child('action'), ['Restart']),
    ...when(exitCodes === undefined, () => required(codes, 'must be specified')),
    ...(exitCodes ? requiredOneOf(operator, codes.child('operator'), ['In', 'NotIn']) : none),
    ...when(values.length > maxExitCodes, () => tooMany(codes.child('values'), values.length, maxExitCodes)),
  ];
}

function validateRestart({ restartPolicy, restartPolicyRules = [] }: Container, path: Path): Causes {
  const rules = path.child('restartPolicyRules');
  return [
    ...optional(restartPolicy, path.child('restartPolicy'), (policy, where) =>
      oneOf(policy, where, containerRestartPolicies),
    ),
    ...when(restartPolicyRules.length > 0 && restartPolicy === undefined, () =>
      required(path.child('restartPolicy'), 'must specify restartPolicy when restart rules are used'),
    ),
    ...when(restartPolicyRules.length > maxRules, () => tooMany(rules, restartPolicyRules.length, maxRules)),
    ...each(restartPolicyRules.slice(0, maxRules), rules, validateRule),
  ];
}

function validateHooks(container: Container, path: Path, { spec }: PodContext): Causes {
  const grace = spec.terminationGracePeriodSeconds ?? 0;
  return [
    ...optional(container.lifecycle, path.child('lifecycle'), (hooks, where) => validateLifecycle(hooks, where, grace)),
    ...optional(container.livenessProbe, path.child('livenessProbe'), validateOnceProbe),
    ...optional(container.readinessProbe, path.child('readinessProbe'), validateReadinessProbe),
    ...optional(container.startupProbe, path.child('startupProbe'), validateOnceProbe),
  ];
}

const takenName = ({ name }: Container, path: Path, taken: ReadonlySet<string>): Causes =>
  when(taken.has(name), () => duplicate(path.child('name'), name));

export function validateContainers(containers: readonly Container[], path: Path, context: PodContext): Causes {
  if (containers.length === 0) return [required(path)];
  const names = new Set<string>();
  return [
    ...each(containers, path, (container, where) => {
      const causes = [
        ...validateCommon(container, where, context),
        ...takenName(container, where, names),
        ...validateHooks(container, where, context),
        ...validateRestart(container, where),
      ];
      if (container.name) names.add(container.name);
      return causes;
    }),
    ...validateHostPorts(containers, path),
  ];
}

const onlyRestartable = ['lifecycle', 'livenessProbe', 'readinessProbe', 'startupProbe'] as const;

function validateInit(container: Container, path: Path, context: PodContext): Causes {
  if (container.restartPolicy === 'Always') return validateHooks(container, path, context);
  return onlyRestartable.flatMap((field) =>
    when(container[field] !== undefined, () =>
      forbidden(path.child(field), 'may not be set for init containers without restartPolicy=Always'),
    ),
  );
}

export function validateInitContainers(containers: readonly Container[], path: Path, context: PodContext): Causes {
  const names = new Set(context.spec.containers.map(({ name }) => name).filter(Boolean));
  return each(containers, path, (container, where) => {
    const causes = [
      ...validateCommon(container, where, context),
      ...validateRestart(container, where),
      ...takenName(container, where, names),
      ...validateInit(container, where, context),
      ...validateHostPorts([container], path),
    ];
    if (container.name) names.add(container.name);
    return causes;
  });
}

const notEphemeral = [
  'lifecycle',
  'livenessProbe',
  'ports',
  'readinessProbe',
  'resources',
  'startupProbe',
  'resizePolicy',
  'restartPolicy',
  'restartPolicyRules',
] as const;

const isGiven = (value: unknown): boolean =>
  value !== undefined && (typeof value !== 'object' || value === null || Object.keys(value).length > 0);

function validateTarget(name: string, path: Path, { spec }: PodContext): Causes {
  const known = [...spec.containers, ...(spec.initContainers ?? [])].some((container) => container.name === name);
  return when(!known, () => notFoundValue(path, name));
}

function validateEphemeral(container: EphemeralContainer, path: Path, context: PodContext): Causes {
  const target = container.targetContainerName;
  const why = 'cannot be set for an Ephemeral Container';
  return [
    ...validateCommon({ ...container, resources: {}, ports: [] }, path, context),
    ...(target ? validateTarget(target, path.child('targetContainerName'), context) : none),
    ...notEphemeral.flatMap((field) => when(isGiven(container[field]), () => forbidden(path.child(field), why))),
    ...each(container.volumeMounts, path.child('volumeMounts'), (mount, where) => [
      ...when(Boolean(mount.subPath), () => forbidden(where.child('subPath'), why)),
      ...when(Boolean(mount.subPathExpr), () => forbidden(where.child('subPathExpr'), why)),
    ]),
  ];
}

/** Containers added to a running pod to look into it (KEP-277): they have no part in its life. */
export function validateEphemeralContainers(
  containers: readonly EphemeralContainer[],
  path: Path,
  context: PodContext,
): Causes {
  const { spec } = context;
  const names = new Set([...spec.containers, ...(spec.initContainers ?? [])].map(({ name }) => name));
  return each(containers, path, (container, where) => {
    const causes = [
      ...takenName(container, where, names),
      ...validateEphemeral(container, where, context),
      ...validateOfPod(container, where),
    ];
    if (container.name) names.add(container.name);
    return causes;
  });
}

/** Restart policy of the pod, as its type allows it. */
export const validateRestartPolicy = (policy: string | undefined, path: Path, allowed: readonly string[]): Causes =>
  policy ? when(!allowed.includes(policy), () => notSupported(path, policy, allowed)) : [required(path)];
