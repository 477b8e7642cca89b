import { dns1123Subdomain } from '@kubephant/api';
import type { PodSpec, WindowsSecurityContextOptions } from '@kubephant/schema';
import { invalidValue, none, pointed, type Causes } from '../validation/causes';
import { follows, optional, when } from '../validation/checks';
import type { Path } from '../validation/path';
import { placedContainers } from './container-warnings';

const maxSpecBytes = 64 * 1024;
const maxDomain = 256;
const maxUser = 104;
// eslint-disable-next-line no-control-regex -- control characters are what it looks for
const control = /[\x00-\x1f\x7f]/;
const netBios = /^[^\\/:*?"<>|.][^\\/:*?"<>|]{0,14}$/;
const dns = /^([a-z0-9]([-a-z0-9]*[a-z0-9])?)(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$/i;
const badUser = /["/\\:;|=,+*?<>@[\]]/;

function userReproach(user: string): string | undefined {
  if (user === '') return "runAsUserName's User cannot be empty";
  if (user.length > maxUser) return `runAsUserName's User length must not be longer than ${maxUser} characters`;
  if (/^[. ]+$/.test(user)) return "runAsUserName's User cannot contain only periods or spaces";
  if (badUser.test(user)) return `runAsUserName's User cannot contain the following characters: "/\\:;|=,+*?<>@[]`;
  return undefined;
}

function domainReproach(domain: string): string | undefined {
  if (domain.length >= maxDomain) return `runAsUserName's Domain length must be under ${maxDomain} characters`;
  const isValid = netBios.test(domain) || dns.test(domain);
  return isValid ? undefined : "runAsUserName's Domain doesn't match the NetBios nor the DNS format";
}

/** `DOMAIN\user` or `user`: everything wrong with the parts. */
function validateUserName(name: string, path: Path): Causes {
  if (name === '') return [invalidValue(path, pointed(name), 'runAsUserName cannot be an empty string')];
  if (control.test(name)) return [invalidValue(path, pointed(name), 'runAsUserName cannot contain control characters')];
  const [first = '', second, ...more] = name.split('\\');
  if (more.length > 0)
    return [invalidValue(path, pointed(name), 'runAsUserName cannot contain more than one backslash')];
  const reproaches = second === undefined ? [userReproach(first)] : [domainReproach(first), userReproach(second)];
  return reproaches.flatMap((reproach) =>
    reproach === undefined ? [] : [invalidValue(path, pointed(name), reproach)],
  );
}

function validateCredentials(text: string, path: Path): Causes {
  if (text === '') return [invalidValue(path, pointed(text), 'gmsaCredentialSpec cannot be an empty string')];
  return when(Buffer.byteLength(text) > maxSpecBytes, () =>
    invalidValue(path, pointed(text), 'gmsaCredentialSpec size must be under 64 KiB'),
  );
}

export const validateWindowsOptions = (options: WindowsSecurityContextOptions, path: Path): Causes => [
  ...optional(options.gmsaCredentialSpecName, path.child('gmsaCredentialSpecName'), (name, where) =>
    follows(name, where, (text) => dns1123Subdomain(text)),
  ),
  ...optional(options.gmsaCredentialSpec, path.child('gmsaCredentialSpec'), validateCredentials),
  ...optional(options.runAsUserName, path.child('runAsUserName'), validateUserName),
];

/** What containers say of it agrees with what the pod says. */
const validateAgreement = (spec: PodSpec, path: Path): Causes =>
  placedContainers(spec, path).flatMap(({ container, path: where }) => {
    const ofPod = spec.securityContext?.windowsOptions?.hostProcess;
    const own = container.securityContext?.windowsOptions?.hostProcess;
    if (ofPod === undefined || own === undefined || own === ofPod) return none;
    const detail = `pod hostProcess value must be identical if both are specified, was ${String(ofPod)}`;
    return [invalidValue(where.child('securityContext', 'windowsOptions', 'hostProcess'), own, detail)];
  });

const allOrNone = 'If pod contains any hostProcess containers then all containers must be HostProcess containers';
const onHost = 'hostNetwork must be true if pod contains any hostProcess containers';

/** A pod on the host itself, as a Windows process: all its containers or none, and on the host's network. */
export function validateHostProcess(spec: PodSpec, path: Path): Causes {
  const ofPod = spec.securityContext?.windowsOptions?.hostProcess;
  const flags = placedContainers(spec, path).map(
    ({ container }) => container.securityContext?.windowsOptions?.hostProcess ?? ofPod ?? false,
  );
  const isAny = flags.some(Boolean);
  return [
    ...validateAgreement(spec, path),
    ...when(isAny && !flags.every(Boolean), () => invalidValue(path, '', allOrNone)),
    ...when(isAny && !spec.hostNetwork, () => invalidValue(path.child('hostNetwork'), false, onHost)),
  ];
}
