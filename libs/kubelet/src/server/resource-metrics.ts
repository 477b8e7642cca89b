import type { ContainerStats } from '@kubephant/node';
import { labels } from '../pods/labels';
import { exposition, type Sample } from './exposition';
import type { Measurements } from './stats';

type Usage = Pick<ContainerStats, 'cpu' | 'memory' | 'labels'>;
type Read = (usage: Usage) => { readonly value: number; readonly timestampMs: number } | undefined;

const cpuSeconds: Read = ({ cpu }) => cpu && { value: cpu.usageCoreNanoSeconds / 1e9, timestampMs: cpu.timestampMs };
const workingSet: Read = ({ memory }) => memory && { value: memory.workingSetBytes, timestampMs: memory.timestampMs };

const podLabels = ({ labels: found }: Usage): Record<string, string> => ({
  namespace: found[labels.podNamespace] ?? '',
  pod: found[labels.podName] ?? '',
});
const containerLabels = (one: Usage): Record<string, string> => ({
  container: one.labels[labels.containerName] ?? '',
  ...podLabels(one),
});

function samplesOf(stats: readonly Usage[], read: Read, label: (one: Usage) => Record<string, string>): Sample[] {
  return stats.flatMap((one) => {
    const found = read(one);
    return found ? [{ ...found, labels: label(one) }] : [];
  });
}

/** /metrics/resource: what metrics-server reads. */
export function resourceMetrics({ node, containers, sandboxes, startedAtMs }: Measurements): string {
  const ofNode = (value: number): Sample[] => [{ labels: {}, value, timestampMs: node.timestampMs }];
  return exposition([
    {
      name: 'node_cpu_usage_seconds_total',
      type: 'counter',
      help: 'Cumulative cpu time consumed by the node in core-seconds',
      samples: ofNode(node.cpuNanoSeconds / 1e9),
    },
    {
      name: 'node_memory_working_set_bytes',
      type: 'gauge',
      help: 'Current working set of the node in bytes',
      samples: ofNode(node.memoryWorkingSetBytes),
    },
    {
      name: 'container_cpu_usage_seconds_total',
      type: 'counter',
      help: 'Cumulative cpu time consumed by the container in core-seconds',
      samples: samplesOf(containers, cpuSeconds, containerLabels),
    },
    {
      name: 'container_memory_working_set_bytes',
      type: 'gauge',
      help: 'Current working set of the container in bytes',
      samples: samplesOf(containers, workingSet, containerLabels),
    },
    {
      name: 'container_start_time_seconds',
      type: 'gauge',
      help: 'Start time of the container since unix epoch in seconds',
      samples: containers.flatMap((one) => {
        const started = startedAtMs.get(one.id);
        return started === undefined ? [] : [{ labels: containerLabels(one), value: started / 1000 }];
      }),
    },
    {
      name: 'pod_cpu_usage_seconds_total',
      type: 'counter',
      help: 'Cumulative cpu time consumed by the pod in core-seconds',
      samples: samplesOf(sandboxes, cpuSeconds, podLabels),
    },
    {
      name: 'pod_memory_working_set_bytes',
      type: 'gauge',
      help: 'Current working set of the pod in bytes',
      samples: samplesOf(sandboxes, workingSet, podLabels),
    },
    {
      name: 'resource_scrape_error',
      type: 'gauge',
      help: '1 if there was an error while getting container metrics, 0 otherwise',
      samples: [{ labels: {}, value: 0 }],
    },
  ]);
}
