import { dns1123Subdomain, ipAddress, parseIP, qualifiedName } from '@kubephant/api';
import type { Container, ContainerStatus, Pod } from '@kubephant/schema';
import type { Strategy } from '../definition';
import { addressWarnings } from '../validation/address-warnings';
import { duplicate, forbidden, invalidValue, none, type Causes } from '../validation/causes';
import { each, follows, immutable, when } from '../validation/checks';
import { at, type Path } from '../validation/path';
import { validateAnnotationChange } from './pod-annotations';

const status = at('status');
const subdomain = (name: string): readonly string[] => dns1123Subdomain(name);

type Addresses = readonly { readonly ip: string }[];

/** Addresses that were there before are not looked at again. */
function validateAddresses(path: Path, ips: Addresses = [], before: Addresses = []): Causes {
  const families = new Set(ips.map(({ ip }) => parseIP(ip)?.family));
  const known = new Set(before.map(({ ip }) => ip));
  return [
    ...each(ips, path, ({ ip }, where) => (known.has(ip) ? none : follows(ip, where, ipAddress))),
    ...when(ips.length > 2 || (ips.length === 2 && families.size < 2), () =>
      invalidValue(
        path,
        ips.map(({ ip }) => ({ IP: ip })),
        'may specify no more than one IP for each IP family',
      ),
    ),
  ];
}

function validateHost({ status: now }: Pod, { status: before }: Pod): Causes {
  const path = status.child('hostIPs');
  const first = now?.hostIPs?.[0]?.ip;
  return [
    ...when(first !== undefined && first !== (now?.hostIP ?? ''), () =>
      invalidValue(path.index(0).child('ip'), first, 'must be equal to `hostIP`'),
    ),
    ...validateAddresses(path, now?.hostIPs, before?.hostIPs),
  ];
}

const lists = [
  ['containerStatuses', 'containers'],
  ['initContainerStatuses', 'initContainers'],
  ['ephemeralContainerStatuses', 'ephemeralContainers'],
] as const;

/** Whether a container that ended with this code is started again. */
function restarts(container: Container | undefined, policy: string | undefined, exitCode: number): boolean {
  if (!container) return false;
  const own = container.restartPolicy ?? policy;
  return own === 'Always' || (own === 'OnFailure' && exitCode !== 0);
}

/** A container that ended, and is not started again, has ended for good. */
const validateEnded = (pod: Pod, old: Pod): Causes =>
  lists.flatMap(([list, kind]) =>
    each(old.status?.[list], status.child(list), ({ name, state }: ContainerStatus, where) => {
      const ended = state?.terminated;
      const now = pod.status?.[list]?.find((other) => other.name === name);
      if (!ended || !now || now.state?.terminated) return none;
      const containers: readonly Container[] = kind === 'ephemeralContainers' ? [] : (old.spec[kind] ?? []);
      const container = containers.find((other) => other.name === name);
      return when(!restarts(container, old.spec.restartPolicy, ended.exitCode), () =>
        forbidden(where.child('state'), 'may not be transitioned to non-terminated state'),
      );
    }),
  );

const system = new Set(['PodScheduled', 'Ready', 'Initialized']);
const notNegativeYet = 'must be a non-negative integer';

const validateConditions = ({ status: now }: Pod): Causes =>
  each(now?.conditions, status.child('conditions'), ({ type, observedGeneration = 0 }, where) => [
    ...when(observedGeneration < 0, () =>
      invalidValue(where.child('observedGeneration'), observedGeneration, notNegativeYet),
    ),
    ...(system.has(type) ? none : follows(type, where.child('Type'), qualifiedName)),
  ]);

function validateNomination({ status: now }: Pod, { status: before, spec }: Pod): Causes {
  const path = status.child('nominatedNodeName');
  const name = now?.nominatedNodeName;
  if (!name || name === before?.nominatedNodeName) return none;
  return [
    ...follows(name, path, subdomain),
    ...when(Boolean(spec.nodeName), () => forbidden(path, 'may not be set on pods that are already bound to a node')),
  ];
}

function validateClaims({ spec, status: now }: Pod): Causes {
  const claims = (spec.resourceClaims ?? []).map(({ name }) => name);
  const names = (now?.resourceClaimStatuses ?? []).map(({ name }) => name);
  return each(now?.resourceClaimStatuses, status.child('resourceClaimStatuses'), (claim, where, index) => [
    ...when(!claims.includes(claim.name), () =>
      invalidValue(where.child('name'), claim.name, 'must match the name of an entry in `spec.resourceClaims`'),
    ),
    ...when(names.indexOf(claim.name) < index, () => duplicate(where.child('name'), claim.name)),
    ...(claim.resourceClaimName === undefined
      ? none
      : follows(claim.resourceClaimName, where.child('resourceClaimName'), subdomain)),
  ]);
}

function validateStatus(pod: Pod, old: Pod): Causes {
  const { observedGeneration = 0, qosClass = '' } = pod.status ?? {};
  return [
    ...validateAnnotationChange(pod, old),
    ...validateConditions(pod),
    ...validateNomination(pod, old),
    ...when(observedGeneration < 0, () =>
      invalidValue(status.child('observedGeneration'), observedGeneration, notNegativeYet),
    ),
    ...immutable(qosClass, old.status?.qosClass ?? '', status.child('qosClass')),
    ...validateEnded(pod, old),
    ...validateClaims(pod),
    ...validateAddresses(status.child('podIPs'), pod.status?.podIPs, old.status?.podIPs),
    ...validateHost(pod, old),
  ];
}

export const podStatusStrategy: Strategy<Pod> = {
  resets: [['spec'], ['metadata', 'deletionTimestamp'], ['metadata', 'ownerReferences']],
  prepareForUpdate(pod, old) {
    const { ownerReferences } = old.metadata;
    if (ownerReferences) pod.metadata.ownerReferences = structuredClone(ownerReferences);
    else delete pod.metadata.ownerReferences;
    // The class follows from the spec, and never changes.
    if (pod.status && old.status?.qosClass) pod.status.qosClass ??= old.status.qosClass;
  },
  validateUpdate: validateStatus,
  warnings: ({ status: now }) =>
    (['podIPs', 'hostIPs'] as const).flatMap((list) =>
      (now?.[list] ?? []).flatMap(({ ip }, index) => addressWarnings(status.child(list).index(index).child('ip'), ip)),
    ),
};
