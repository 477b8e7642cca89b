import type { KubeObject } from '@kubephant/api';
import type { Binding, Node, Pod } from '@kubephant/schema';
import type { AdmissionPlugin, Attributes } from '@kubephant/serving';
import type { AdmissionDependencies } from './objects';

const copied = ['topology.kubernetes.io/zone', 'topology.kubernetes.io/region'];

/** A pod carries the zone and region of the node it is bound to, unless it says others. */
export function podTopologyLabels({ objects }: AdmissionDependencies): AdmissionPlugin {
  return {
    name: 'PodTopologyLabels',
    handles: ({ group, resource, subresource }, operation) =>
      operation === 'CREATE' &&
      group === '' &&
      resource === 'pods' &&
      (subresource === undefined || subresource === 'binding'),
    async admit(attributes) {
      const name = nodeName(attributes);
      const node = name === '' ? undefined : await objects.find<Node>('nodes', '', name);
      const labels = copied.flatMap((key) => {
        const value = node?.metadata.labels?.[key];
        return value === undefined ? [] : [[key, value] as const];
      });
      if (labels.length === 0) return;
      const { metadata } = attributes.object as KubeObject;
      metadata.labels = { ...Object.fromEntries(labels), ...metadata.labels };
    },
  };
}

function nodeName({ info, object }: Attributes): string {
  if (info.subresource === undefined) return (object as unknown as Pod).spec.nodeName ?? '';
  const { target } = object as unknown as Binding;
  return target.kind === 'Node' ? (target.name ?? '') : '';
}
