import { dns1123Label, dns1123Subdomain, Quantity, qualifiedName } from '@kubephant/api';
import type { PodResourceClaim, PodSchedulingGate, PodSpec, PodTemplateSpec } from '@kubephant/schema';
import { validateAnnotations } from '../meta/validate';
import { duplicate, forbidden, invalidValue, none, required, tooLongValue, type Causes } from '../validation/causes';
import { each, follows, inRange, optional, requiredOneOf, when } from '../validation/checks';
import { validateLabels } from '../validation/labels';
import type { Path } from '../validation/path';
import { validateAffinity } from './affinity';
import { podRestartPolicies } from './allowed';
import {
  validateContainers,
  validateEphemeralContainers,
  validateInitContainers,
  validateRestartPolicy,
  type PodContext,
} from './containers';
import { validateDNSConfig, validateDNSPolicy, validateHostAliases } from './dns';
import { validateOS } from './os';
import { validateContainerResourceName } from './resource-names';
import { validatePodResources } from './pod-resources';
import { validateAmount } from './resources';
import { validatePodSecurityContext } from './security';
import { validateTolerations } from './tolerations';
import { validateTopologySpread } from './topology-spread';
import { validateVolumes } from './volumes';
import { validateHostProcess } from './windows';

const subdomain = (name: string): readonly string[] => dns1123Subdomain(name);

const goClaim = (claim: PodResourceClaim): object => ({
  Name: claim.name,
  ResourceClaimName: claim.resourceClaimName ?? null,
  ResourceClaimTemplateName: claim.resourceClaimTemplateName ?? null,
});

function validateClaim(claim: PodResourceClaim, path: Path): Causes {
  const { resourceClaimName, resourceClaimTemplateName } = claim;
  const both = resourceClaimName !== undefined && resourceClaimTemplateName !== undefined;
  const neither = resourceClaimName === undefined && resourceClaimTemplateName === undefined;
  const names = '`resourceClaimName` or `resourceClaimTemplateName`';
  return [
    ...when(both, () => invalidValue(path, goClaim(claim), `at most one of ${names} may be specified`)),
    ...when(neither, () => invalidValue(path, goClaim(claim), `must specify one of: ${names.replace(' or ', ', ')}`)),
    ...optional(resourceClaimName, path.child('resourceClaimName'), (name, where) => follows(name, where, subdomain)),
    ...optional(resourceClaimTemplateName, path.child('resourceClaimTemplateName'), (name, where) =>
      follows(name, where, subdomain),
    ),
  ];
}

function validateClaims(claims: readonly PodResourceClaim[] | undefined, path: Path): Causes {
  const names = (claims ?? []).map(({ name }) => name);
  return each(claims, path, (claim, where, index) => [
    ...(claim.name ? follows(claim.name, where.child('name'), dns1123Label) : [required(where.child('name'))]),
    ...when(names.indexOf(claim.name) < index, () => duplicate(where.child('name'), claim.name)),
    ...validateClaim(claim, where),
  ]);
}

function validateGates(gates: readonly PodSchedulingGate[] | undefined, path: Path): Causes {
  const names = (gates ?? []).map(({ name }) => name);
  return each(gates, path, ({ name }, where, index) => {
    const wrong = follows(name, where, qualifiedName);
    return wrong.length > 0 ? wrong : when(names.indexOf(name) < index, () => duplicate(where, name));
  });
}

const hostFields = [
  ['hostNetwork', 'HostNetwork'],
  ['hostPID', 'HostPID'],
  ['hostIPC', 'HostIPC'],
] as const;

/** Namespaces of the host belong to its users. */
const validateHostUsers = (spec: PodSpec, path: Path): Causes =>
  spec.hostUsers === false
    ? hostFields.flatMap(([field, name]) =>
        when(Boolean(spec[field]), () => forbidden(path.child(name), 'when `hostUsers` is false')),
      )
    : none;

const maxHostname = 64;

function validateHostnames(spec: PodSpec, path: Path): Causes {
  const { hostnameOverride: override } = spec;
  const where = path.child('hostnameOverride');
  return [
    ...(spec.hostname ? follows(spec.hostname, path.child('hostname'), dns1123Label) : none),
    ...(spec.subdomain ? follows(spec.subdomain, path.child('subdomain'), dns1123Label) : none),
    ...when(override !== undefined && Boolean(spec.setHostnameAsFQDN), () =>
      forbidden(where, 'may not be specified when setHostnameAsFQDN is true'),
    ),
    ...when(override !== undefined && Boolean(spec.hostNetwork), () =>
      forbidden(where, 'may not be specified when hostNetwork is true'),
    ),
    ...when((override ?? '').length > maxHostname, () => tooLongValue(where, maxHostname)),
    ...(override === undefined ? none : follows(override, where, subdomain)),
  ];
}

function validateHostNetworkPorts(spec: PodSpec, path: Path): Causes {
  if (!spec.hostNetwork) return none;
  return each(spec.containers, path.child('containers'), ({ ports }, where) =>
    each(ports, where.child('ports'), ({ containerPort, hostPort }, at) =>
      when(Boolean(hostPort) && hostPort !== containerPort, () =>
        invalidValue(at.child('containerPort'), containerPort, 'must match `hostPort` when `hostNetwork` is true'),
      ),
    ),
  );
}

/** What a runtime takes besides: amounts like those of containers, of anything a node may have. */
export function validateOverhead(overhead: Readonly<Record<string, string>>, path: Path): Causes {
  return Object.entries(overhead).flatMap(([name, text]) => {
    const where = path.child('limits').key(name);
    return [...validateContainerResourceName(name, where), ...validateAmount(name, Quantity.parse(text), where)];
  });
}

function validateScheduling(spec: PodSpec, path: Path): Causes {
  return [
    ...optional(spec.affinity, path.child('affinity'), validateAffinity),
    ...validateDNSConfig(spec, path.child('dnsConfig')),
    ...each(spec.readinessGates, path.child('readinessGates'), ({ conditionType }, where) =>
      follows(conditionType, where.child('conditionType'), qualifiedName),
    ),
    ...validateGates(spec.schedulingGates, path.child('schedulingGates')),
    ...validateTopologySpread(spec.topologySpreadConstraints, path.child('topologySpreadConstraints')),
    ...validateHostProcess(spec, path),
    ...validateHostUsers(spec, path),
  ];
}

const maxSeconds = 2 ** 31 - 1;

function validateNames(spec: PodSpec, path: Path): Causes {
  return [
    ...(spec.serviceAccountName ? follows(spec.serviceAccountName, path.child('serviceAccountName'), subdomain) : none),
    ...(spec.nodeName ? follows(spec.nodeName, path.child('nodeName'), subdomain) : none),
    ...optional(spec.activeDeadlineSeconds, path.child('activeDeadlineSeconds'), (seconds, where) =>
      inRange(seconds, where, [1, maxSeconds]),
    ),
    ...validateHostnames(spec, path),
    ...validateTolerations(spec.tolerations, path.child('tolerations')),
    ...validateHostAliases(spec.hostAliases, path.child('hostAliases')),
    ...(spec.priorityClassName ? follows(spec.priorityClassName, path.child('priorityClassName'), subdomain) : none),
    ...optional(spec.runtimeClassName, path.child('runtimeClassName'), (name, where) =>
      follows(name, where, subdomain),
    ),
    ...optional(spec.preemptionPolicy, path.child('preemptionPolicy'), (policy, where) =>
      requiredOneOf(policy, where, ['PreemptLowerPriority', 'Never']),
    ),
    ...optional(spec.overhead, path.child('overhead'), validateOverhead),
  ];
}

function validateAllContainers(context: PodContext, path: Path): Causes {
  const { spec, claims } = context;
  return [
    ...validateContainers(spec.containers, path.child('containers'), context),
    ...validateInitContainers(spec.initContainers ?? [], path.child('initContainers'), context),
    ...validateEphemeralContainers(spec.ephemeralContainers ?? [], path.child('ephemeralContainers'), context),
    ...validatePodResources(spec, path.child('resources'), claims),
  ];
}

/** Everything that must hold of a pod spec, in a pod or in a template; `podName` is empty in a template. */
export function validatePodSpec(spec: PodSpec, path: Path, podName: string): Causes {
  const { causes, volumes } = validateVolumes(spec.volumes, path.child('volumes'), podName);
  const claims = (spec.resourceClaims ?? []).map(({ name }) => name);
  return [
    ...causes,
    ...validateClaims(spec.resourceClaims, path.child('resourceClaims')),
    ...validateAllContainers({ spec, volumes, claims }, path),
    ...validateHostNetworkPorts(spec, path),
    ...validateRestartPolicy(spec.restartPolicy, path.child('restartPolicy'), podRestartPolicies),
    ...validateDNSPolicy(spec.dnsPolicy, path.child('dnsPolicy')),
    ...validateLabels(spec.nodeSelector, path.child('nodeSelector')),
    ...optional(spec.securityContext, path.child('securityContext'), (context, where) =>
      validatePodSecurityContext(context, where, spec),
    ),
    ...validateScheduling(spec, path),
    ...validateNames(spec, path),
    ...validateOS(spec, path),
  ];
}

/** A pod template. Labels and annotations are told without `metadata`: upstream's habit. */
export function validateTemplate({ metadata, spec }: PodTemplateSpec, path: Path): Causes {
  const where = path.child('spec');
  return [
    ...validateLabels(metadata?.labels, path.child('labels')),
    ...validateAnnotations(metadata?.annotations, path.child('annotations')),
    ...(spec ? validatePodSpec(spec, where, '') : [required(where.child('containers'))]),
    ...when((spec?.ephemeralContainers ?? []).length > 0, () =>
      forbidden(where.child('ephemeralContainers'), 'ephemeral containers not allowed in pod template'),
    ),
  ];
}
