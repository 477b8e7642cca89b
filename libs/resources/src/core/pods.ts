import type { Pod } from '@kubephant/schema';
import {
  defineResource,
  type Column,
  type ResourceDefinition,
  type SelectableField,
  type RowCondition,
} from '../definition';
import { ageColumn, nameColumn, orNone, text, wideText } from '../print/columns';
import { binding } from './pod-binding';
import { attach, exec, portforward, proxy } from './pod-connect';
import { setPodDefaults } from './pod-defaults';
import { eviction } from './pod-eviction';
import { log } from './pod-log';
import { ephemeralStrategy } from './pod-parts';
import { resizeStrategy } from './pod-resize';
import { podStatusStrategy } from './pod-status';
import { podStrategy } from './pod-strategy';
import { readinessGatesText, restartsText, summarizePod } from './pod-status-text';

const columns: readonly Column<Pod>[] = [
  nameColumn,
  text('Ready', 'Containers that are ready, of all that should be.', (pod) => {
    const { ready, total } = summarizePod(pod);
    return `${ready}/${total}`;
  }),
  text('Status', 'What the pod is doing, in one word.', (pod) => summarizePod(pod).status),
  text('Restarts', 'Restarts of its containers, and when the last one was.', (pod, now) =>
    restartsText(summarizePod(pod), now),
  ),
  ageColumn,
  wideText('IP', 'Address of the pod.', ({ status }) => orNone(status?.podIPs?.[0]?.ip ?? status?.podIP)),
  wideText('Node', 'Node the pod is bound to.', ({ spec }) => orNone(spec.nodeName)),
  wideText('Nominated Node', 'Node the pod waits for after preemption.', ({ status }) =>
    orNone(status?.nominatedNodeName),
  ),
  wideText('Readiness Gates', 'Readiness gates that are met, of all.', readinessGatesText),
];

const fields: readonly SelectableField<Pod>[] = [
  { path: 'spec.nodeName', value: ({ spec }) => spec.nodeName ?? '', indexed: true },
  { path: 'spec.restartPolicy', value: ({ spec }) => spec.restartPolicy ?? '' },
  { path: 'spec.schedulerName', value: ({ spec }) => spec.schedulerName ?? '' },
  { path: 'spec.serviceAccountName', value: ({ spec }) => spec.serviceAccountName ?? '' },
  { path: 'spec.hostNetwork', value: ({ spec }) => String(spec.hostNetwork ?? false) },
  { path: 'status.phase', value: ({ status }) => status?.phase ?? '' },
  { path: 'status.podIP', value: ({ status }) => status?.podIPs?.[0]?.ip ?? '' },
  { path: 'status.podIPs', value: ({ status }) => status?.podIPs?.[0]?.ip ?? '' },
  { path: 'status.nominatedNodeName', value: ({ status }) => status?.nominatedNodeName ?? '' },
];

const completed: Readonly<Record<string, RowCondition>> = Object.fromEntries(
  [['Succeeded', 'The pod has completed successfully.'] as const, ['Failed', 'The pod failed.'] as const].map(
    ([reason, message]) => [reason, { type: 'Completed', status: 'True', reason, message }],
  ),
);

export const pods: ResourceDefinition = defineResource<Pod>({
  group: '',
  version: 'v1',
  kind: 'Pod',
  scope: 'Namespaced',
  names: { plural: 'pods', singular: 'pod', short: ['po'], categories: ['all'] },
  schema: 'io.k8s.api.core.v1.Pod',
  columns,
  rowCondition: ({ status }) => completed[status?.phase ?? ''],
  fields,
  generation: true,
  deleteReturnsObject: true,
  defaults: setPodDefaults,
  strategy: podStrategy,
  subresources: {
    status: { kind: 'status', strategy: podStatusStrategy },
    ephemeralcontainers: { kind: 'part', verbs: ['get', 'update', 'patch'], strategy: ephemeralStrategy },
    resize: { kind: 'part', verbs: ['get', 'update', 'patch'], strategy: resizeStrategy },
    binding,
    eviction,
    log,
    exec,
    attach,
    portforward,
    proxy,
  },
});
