import type { AppArmorProfile, Pod, PodSpec, SeccompProfile } from '@kubephant/schema';
import type { StrategyContext } from '../definition';
import { appArmorPrefix, noAppArmor, profileOf, seccompPod, seccompPrefix } from '../pod-spec/annotation-warnings';
import { placedContainers } from '../pod-spec/container-warnings';
import { validateAppArmor } from '../pod-spec/profiles';
import { forbidden, none, type Causes } from '../validation/causes';
import { equal } from '../validation/checks';
import { at, type Path } from '../validation/path';

const spec = at('spec');

/** The profile an annotation stands for, if it is a good one. */
function goodProfile(annotation: string): AppArmorProfile | undefined {
  const profile = profileOf(annotation);
  return profile && validateAppArmor(profile, spec).length === 0 ? profile : undefined;
}

/** Fills the fields for AppArmor from the annotations of older clients, and tells them so. */
export function takeOverAppArmor({ metadata: { annotations = {} }, spec: pod }: Pod, { warn }: StrategyContext): void {
  if (pod.os?.name === 'windows') return;
  for (const { container } of placedContainers(pod, spec)) {
    const key = appArmorPrefix + container.name;
    const annotation = annotations[key];
    if (annotation === undefined || container.securityContext?.appArmorProfile) continue;
    const profile = goodProfile(annotation);
    if (isOfPod(pod, profile)) continue;
    if (profile) container.securityContext = { ...container.securityContext, appArmorProfile: profile };
    warn?.(`${at('metadata', 'annotations').key(key).toString()}: ${noAppArmor}`);
  }
}

const isOfPod = ({ securityContext }: PodSpec, profile: AppArmorProfile | undefined): boolean =>
  profile !== undefined && equal(profile, securityContext?.appArmorProfile);

/** How an annotation names each type of profile. */
type Forms = Readonly<Record<string, readonly string[]>>;

const localhost = 'localhost/';
const appArmorForms: Forms = { Unconfined: ['unconfined'], RuntimeDefault: ['runtime/default'] };
const seccompForms: Forms = { Unconfined: ['unconfined'], RuntimeDefault: ['runtime/default', 'docker/default'] };

interface Kind {
  readonly name: 'apparmor' | 'seccomp';
  readonly forms: Forms;
}

const appArmor: Kind = { name: 'apparmor', forms: appArmorForms };
const seccomp: Kind = { name: 'seccomp', forms: seccompForms };

type Profile = AppArmorProfile | SeccompProfile | undefined;

/** An annotation and a field about the same thing say the same. */
function validateSame(annotation: string | undefined, profile: Profile, path: Path, { name, forms }: Kind): Causes {
  if (annotation === undefined || !profile) return none;
  const { type, localhostProfile } = profile;
  const typeDiffers = [forbidden(path.child('type'), `${name} type in annotation and field must match`)];
  if (type !== 'Localhost') return (forms[type]?.includes(annotation) ?? true) ? none : typeDiffers;
  if (!annotation.startsWith(localhost)) return typeDiffers;
  if (annotation.slice(localhost.length) === localhostProfile) return none;
  return [forbidden(path.child('localhostProfile'), `${name} profile in annotation and field must match`)];
}

/** Of a new pod, the annotations that fields have replaced agree with these. */
export function validateProfiles({ metadata, spec: pod }: Pod): Causes {
  const annotations = metadata.annotations ?? {};
  const containers = placedContainers(pod, spec).map(({ container, path }) => ({
    name: container.name,
    context: container.securityContext,
    path: path.child('securityContext'),
  }));
  const ofPod = pod.securityContext;
  const isWindows = pod.os?.name === 'windows';
  return [
    ...validateSame(
      annotations[seccompPod],
      ofPod?.seccompProfile,
      spec.child('securityContext', 'seccompProfile'),
      seccomp,
    ),
    ...containers.flatMap(({ name, context, path }) =>
      validateSame(annotations[seccompPrefix + name], context?.seccompProfile, path.child('seccompProfile'), seccomp),
    ),
    ...(isWindows ? [] : containers).flatMap(({ name, context, path }) =>
      validateSame(
        annotations[appArmorPrefix + name],
        context?.appArmorProfile ?? ofPod?.appArmorProfile,
        path.child('appArmorProfile'),
        appArmor,
      ),
    ),
  ];
}
