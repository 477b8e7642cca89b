import type { Container } from '@kubephant/schema';
import { containersOf, joinQuote, namesWhere, plural, settersText, sorted, type CheckPod } from './check';

const appArmorPrefix = 'container.apparmor.security.beta.kubernetes.io/';
const isAllowedAnnotation = (value: string): boolean =>
  value === '' || value === 'runtime/default' || value.startsWith('localhost/');
const isAllowedProfile = (type: string): boolean => type === 'RuntimeDefault' || type === 'Localhost';

/** AppArmor profiles may be those of the runtime or the machine, by field or by annotation. */
export const appArmorProfile: CheckPod = (pod) => {
  const { metadata, spec } = pod;
  const ofPod = spec.securityContext?.appArmorProfile?.type;
  const typeOf = ({ securityContext }: Container): string | undefined => securityContext?.appArmorProfile?.type;
  const isBad = (type: string | undefined): type is string => type !== undefined && !isAllowedProfile(type);
  const annotations = Object.entries(metadata.annotations ?? {})
    .filter(([key, value]) => key.startsWith(appArmorPrefix) && !isAllowedAnnotation(value))
    .map(([key, value]) => `${key}=${JSON.stringify(value)}`);
  const values = sorted([...[ofPod, ...containersOf(pod).map(typeOf)].filter(isBad), ...annotations]);
  if (values.length === 0) return undefined;
  const noted = annotations.length > 0 ? [plural('annotation', annotations)] : [];
  const names = namesWhere(pod, (container) => isBad(typeOf(container)));
  const setters = settersText(isBad(ofPod), names, noted);
  return {
    reason: plural('forbidden AppArmor profile', values),
    detail: `${setters} must not set AppArmor profile type to ${joinQuote(values)}`,
  };
};

const seccompOf = ({ securityContext }: Container): string | undefined => securityContext?.seccompProfile?.type;

/** Who asks for a seccomp profile that is not one of the allowed. */
export const seccompProfile: CheckPod = (pod) => {
  const ofPod = pod.spec.securityContext?.seccompProfile?.type;
  const isBad = (type: string | undefined): type is string => type !== undefined && !isAllowedProfile(type);
  const values = sorted([ofPod, ...containersOf(pod).map(seccompOf)].filter(isBad));
  if (values.length === 0) return undefined;
  const setters = settersText(
    isBad(ofPod),
    namesWhere(pod, (container) => isBad(seccompOf(container))),
  );
  return {
    reason: 'seccompProfile',
    detail: `${setters} must not set securityContext.seccompProfile.type to ${joinQuote(values)}`,
  };
};

const seLinuxTypes = ['', 'container_t', 'container_init_t', 'container_kvm_t'];

/** SELinux types may be those of containers; user and role may not be set. */
export const seLinuxOptions =
  (...moreTypes: readonly string[]): CheckPod =>
  (pod) => {
    const types = [...seLinuxTypes, ...moreTypes];
    type Options = NonNullable<NonNullable<Container['securityContext']>['seLinuxOptions']>;
    const isBad = (options: Options | undefined): options is Options =>
      options !== undefined && (!types.includes(options.type ?? '') || !!options.user || !!options.role);
    const ofPod = pod.spec.securityContext?.seLinuxOptions;
    const ofContainer = ({ securityContext }: Container): Options | undefined => securityContext?.seLinuxOptions;
    const bad = [ofPod, ...containersOf(pod).map(ofContainer)].filter(isBad);
    if (bad.length === 0) return undefined;
    const badTypes = sorted(bad.flatMap(({ type = '' }) => (types.includes(type) ? [] : [type])));
    const data = [
      ...(badTypes.length > 0 ? [`${plural('type', badTypes)} ${joinQuote(badTypes)}`] : []),
      ...(bad.some(({ user }) => user) ? ['user may not be set'] : []),
      ...(bad.some(({ role }) => role) ? ['role may not be set'] : []),
    ];
    const setters = settersText(
      isBad(ofPod),
      namesWhere(pod, (container) => isBad(ofContainer(container))),
    );
    return {
      reason: 'seLinuxOptions',
      detail: `${setters} set forbidden securityContext.seLinuxOptions: ${data.join('; ')}`,
    };
  };
