import type { ResourceDefinition } from '../definition';

/**
 * How often a kind itself examines the metadata of an update, besides the once that all are: alone, and compared with
 * what is stored. Clients see each finding as often as it was found.
 */
export interface Rounds {
  readonly alone: number;
  readonly compared: number;
}

const both: Rounds = { alone: 1, compared: 1 };
const compared: Rounds = { alone: 0, compared: 1 };
const alone: Rounds = { alone: 1, compared: 0 };
const neither: Rounds = { alone: 0, compared: 0 };

const named = (rounds: Rounds, names: string): readonly (readonly [string, Rounds])[] =>
  names.split(/\s+/).map((name) => [name, rounds] as const);

/** By `resource.group` or `resource.group/subresource`. */
const exceptions: ReadonlyMap<string, Rounds> = new Map([
  ...named(
    compared,
    `cronjobs.batch csidrivers.storage.k8s.io customresourcedefinitions.apiextensions.k8s.io daemonsets.apps
    deployments.apps events.events.k8s.io horizontalpodautoscalers.autoscaling leases.coordination.k8s.io
    networkpolicies.networking.k8s.io podtemplates priorityclasses.scheduling.k8s.io replicasets.apps
    replicationcontrollers resourcequotas resourceslices.resource.k8s.io servicecidrs.networking.k8s.io services
    statefulsets.apps namespaces/finalize`,
  ),
  ...named(
    alone,
    `csinodes.storage.k8s.io endpointslices.discovery.k8s.io flowschemas.flowcontrol.apiserver.k8s.io limitranges
    mutatingadmissionpolicies.admissionregistration.k8s.io mutatingadmissionpolicybindings.admissionregistration.k8s.io
    mutatingwebhookconfigurations.admissionregistration.k8s.io
    prioritylevelconfigurations.flowcontrol.apiserver.k8s.io
    validatingadmissionpolicies.admissionregistration.k8s.io
    validatingadmissionpolicybindings.admissionregistration.k8s.io
    validatingwebhookconfigurations.admissionregistration.k8s.io volumeattachments.storage.k8s.io
    volumeattachments.storage.k8s.io/status`,
  ),
  ...named(neither, 'cronjobs.batch/status events poddisruptionbudgets.policy poddisruptionbudgets.policy/status'),
  ...named(both, 'certificatesigningrequests.certificates.k8s.io/status'),
  ['persistentvolumes', { alone: 2, compared: 0 }],
]);

/** Custom resources, and whatever is not of the API's own groups, are only compared. */
export function roundsOf(
  { group, names, schema }: Pick<ResourceDefinition, 'group' | 'names' | 'schema'>,
  part = '',
): Rounds {
  const resource = [names.plural, group].filter(Boolean).join('.');
  const found = exceptions.get(part ? `${resource}/${part}` : resource);
  if (found) return found;
  if (!schema.startsWith('io.k8s.')) return compared;
  return part === 'status' ? compared : both;
}
