import type { ContainerStats } from '@kubephant/node';
import { labels } from '../pods/labels';
import type { Measurements } from './stats';

interface Sample {
  readonly labels: Readonly<Record<string, string>>;
  readonly value: number;
  readonly timestampMs: number;
}

interface Family {
  readonly name: string;
  readonly type: 'counter' | 'gauge';
  readonly help: string;
  readonly samples: readonly Sample[];
}

/** Prometheus' text form, with the time of each measurement. */
export function exposition(families: readonly Family[]): string {
  return families
    .map(({ name, type, help, samples }) => {
      const lines = samples.map(
        (sample) => `${name}{${labelText(sample.labels)}} ${sample.value} ${Math.floor(sample.timestampMs)}\n`,
      );
      return `# HELP ${name} ${help}\n# TYPE ${name} ${type}\n${lines.join('')}`;
    })
    .join('');
}

function labelText(values: Readonly<Record<string, string>>): string {
  return Object.entries(values)
    .map(([name, value]) => `${name}="${value.replaceAll(/[\\"\n]/g, (c) => (c === '\n' ? '\\n' : `\\${c}`))}"`)
    .join(',');
}

type Usage = Pick<ContainerStats, 'cpu' | 'memory' | 'labels'>;
type Read = (usage: Usage) => { readonly value: number; readonly timestampMs: number } | undefined;

const cpuSeconds: Read = ({ cpu }) => cpu && { value: cpu.usageCoreNanoSeconds / 1e9, timestampMs: cpu.timestampMs };
const memoryOf =
  (field: 'workingSetBytes' | 'usageBytes' | 'rssBytes'): Read =>
  ({ memory }) =>
    memory && { value: memory[field], timestampMs: memory.timestampMs };

const names = (stats: Usage, container: string): Record<string, string> => ({
  container,
  namespace: stats.labels[labels.podNamespace] ?? '',
  pod: stats.labels[labels.podName] ?? '',
});

function samplesOf(stats: readonly Usage[], read: Read, label: (one: Usage) => Record<string, string>): Sample[] {
  return stats.flatMap((one) => {
    const found = read(one);
    return found ? [{ ...found, labels: label(one) }] : [];
  });
}

const containerName = (stats: Usage): string => stats.labels[labels.containerName] ?? '';

/** /metrics/resource: what metrics-server reads. */
export function resourceMetrics({ node, containers, sandboxes }: Measurements): string {
  const byContainer = (one: Usage): Record<string, string> => names(one, containerName(one));
  const byPod = ({ labels: found }: Usage): Record<string, string> => ({
    namespace: found[labels.podNamespace] ?? '',
    pod: found[labels.podName] ?? '',
  });
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
      samples: samplesOf(containers, cpuSeconds, byContainer),
    },
    {
      name: 'container_memory_working_set_bytes',
      type: 'gauge',
      help: 'Current working set of the container in bytes',
      samples: samplesOf(containers, memoryOf('workingSetBytes'), byContainer),
    },
    {
      name: 'pod_cpu_usage_seconds_total',
      type: 'counter',
      help: 'Cumulative cpu time consumed by the pod in core-seconds',
      samples: samplesOf(sandboxes, cpuSeconds, byPod),
    },
    {
      name: 'pod_memory_working_set_bytes',
      type: 'gauge',
      help: 'Current working set of the pod in bytes',
      samples: samplesOf(sandboxes, memoryOf('workingSetBytes'), byPod),
    },
  ]);
}

/** /metrics/cadvisor: cAdvisor's names for what the runtime measures; a pod as a whole has an empty container name. */
export function cadvisorMetrics({ containers, sandboxes }: Measurements): string {
  const all: readonly Usage[] = [...containers, ...sandboxes];
  const label = (one: Usage): Record<string, string> => names(one, containerName(one));
  const network = (
    read: (one: NonNullable<Measurements['sandboxes'][number]['network']>['interfaces'][number]) => number,
  ): Sample[] =>
    sandboxes.flatMap((sandbox) =>
      (sandbox.network?.interfaces ?? []).map((one) => ({
        labels: { ...names(sandbox, ''), interface: one.name },
        value: read(one),
        timestampMs: sandbox.network?.timestampMs ?? 0,
      })),
    );
  return exposition([
    {
      name: 'container_cpu_usage_seconds_total',
      type: 'counter',
      help: 'Cumulative cpu time consumed in seconds.',
      samples: samplesOf(all, cpuSeconds, label),
    },
    {
      name: 'container_memory_working_set_bytes',
      type: 'gauge',
      help: 'Current working set in bytes.',
      samples: samplesOf(all, memoryOf('workingSetBytes'), label),
    },
    {
      name: 'container_memory_usage_bytes',
      type: 'gauge',
      help: 'Current memory usage in bytes, including all memory regardless of when it was accessed',
      samples: samplesOf(all, memoryOf('usageBytes'), label),
    },
    {
      name: 'container_memory_rss',
      type: 'gauge',
      help: 'Size of RSS in bytes.',
      samples: samplesOf(all, memoryOf('rssBytes'), label),
    },
    {
      name: 'container_network_receive_bytes_total',
      type: 'counter',
      help: 'Cumulative count of bytes received',
      samples: network((one) => one.rxBytes),
    },
    {
      name: 'container_network_transmit_bytes_total',
      type: 'counter',
      help: 'Cumulative count of bytes transmitted',
      samples: network((one) => one.txBytes),
    },
  ]);
}
