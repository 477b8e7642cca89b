import type { Ingress } from '@kubephant/schema';
import { defineResource, type Column, type ResourceDefinition } from '../definition';
import { ageColumn, nameColumn, orNone, text } from '../print/columns';
import { classAnnotation, validateClassAnnotation, validateIngress, validateIngressStatus } from './ingress-validate';

const shownHosts = 3;

/** The first hosts, and how many rules there are beyond as many. */
function hostsText({ spec: { rules = [] } }: Ingress): string {
  const shown: string[] = [];
  let isFull = false;
  for (const { host } of rules) {
    isFull ||= shown.length === shownHosts;
    if (!isFull && host) shown.push(host);
  }
  if (shown.length === 0) return '*';
  return `${shown.join(',')}${isFull ? ` + ${rules.length - shownHosts} more...` : ''}`;
}

function addressText({ status }: Ingress): string {
  const addresses = (status?.loadBalancer?.ingress ?? []).map(({ ip, hostname }) => ip || hostname || '');
  return [...new Set(addresses)].filter(Boolean).sort().join(',');
}

const columns: readonly Column<Ingress>[] = [
  nameColumn,
  text('Class', 'Class of the ingress.', ({ spec }) => spec.ingressClassName ?? orNone(undefined)),
  text('Hosts', 'Hosts it serves.', hostsText),
  text('Address', 'Where it can be reached.', addressText),
  text('Ports', 'Ports it is served on.', ({ spec: { tls = [] } }) => (tls.length > 0 ? '80, 443' : '80')),
  ageColumn,
];

const annotationWarning = `annotation "${classAnnotation}" is deprecated, please use 'spec.ingressClassName' instead`;

export const ingresses: ResourceDefinition = defineResource<Ingress>({
  group: 'networking.k8s.io',
  version: 'v1',
  kind: 'Ingress',
  scope: 'Namespaced',
  names: { plural: 'ingresses', singular: 'ingress', short: ['ing'] },
  schema: 'io.k8s.api.networking.v1.Ingress',
  generation: true,
  columns,
  strategy: {
    validate: (ingress) => [...validateIngress(ingress), ...validateClassAnnotation(ingress)],
    validateUpdate: validateIngress,
    warnings({ metadata, spec }, old) {
      const isOldForm = metadata.annotations?.[classAnnotation] !== undefined && spec.ingressClassName === undefined;
      return !old && isOldForm ? [annotationWarning] : [];
    },
  },
  subresources: { status: { kind: 'status', strategy: { validateUpdate: validateIngressStatus } } },
});
