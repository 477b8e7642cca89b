import { Quantity } from '@kubephant/api';
import type { Container, Pod, PodSpec } from '@kubephant/schema';
import { isPodLevel } from '../pod-spec/resource-names';
import { setPodSpecDefaults } from '../pod-spec/defaults';
import { listOf } from '../validation/checks';

/** Who names only a limit asks for as much. */
function requestLimits({ resources }: Container): void {
  if (resources?.limits) resources.requests = { ...resources.limits, ...resources.requests };
}

/** On the host's network a port is a port of the host. */
function claimHostPorts({ ports = [] }: Container): void {
  for (const port of ports) port.hostPort ||= port.containerPort;
}

const sumOf = (containers: readonly Container[], name: string): Quantity | undefined => {
  const requests = containers.flatMap(({ resources }) => resources?.requests?.[name] ?? []);
  return requests.length === 0
    ? undefined
    : requests.map((text) => Quantity.parse(text)).reduce((sum, amount) => sum.add(amount));
};

/** A pod with limits of its own asks for what its containers ask for together, or else for the limit. */
function requestPodLimits({ resources, containers }: PodSpec): void {
  if (!resources?.limits) return;
  const requests = { ...resources.requests };
  for (const [name, limit] of Object.entries(resources.limits)) {
    if (!isPodLevel(name)) continue;
    requests[name] ??= sumOf(containers, name)?.toString() ?? limit;
  }
  resources.requests = requests;
}

interface Addresses {
  podIP?: string;
  podIPs?: { ip: string }[];
}

/** `podIP` is the first of `podIPs`; where they differ, the older field wins. */
function alignAddresses(status: Addresses): void {
  if (status.podIP && status.podIPs?.[0]?.ip !== status.podIP) status.podIPs = [{ ip: status.podIP }];
  else if (!status.podIP && status.podIPs?.[0]) status.podIP = status.podIPs[0].ip;
}

export function setPodDefaults(pod: Pod): void {
  const { spec, status } = pod;
  for (const container of [...(spec.initContainers ?? []), ...listOf(spec.containers)]) {
    requestLimits(container);
    if (spec.hostNetwork) claimHostPorts(container);
  }
  setPodSpecDefaults(spec);
  if ((spec.terminationGracePeriodSeconds ?? 0) < 0) spec.terminationGracePeriodSeconds = 1;
  requestPodLimits(spec);
  spec.enableServiceLinks ??= true;
  if (status) alignAddresses(status);
}
