import type { Client } from '@kubephant/client';
import type { WeightedPlugin } from '../framework/interfaces';
import { defaultBinder } from './default-binder/default-binder';
import { imageLocality } from './image-locality/image-locality';
import { interPodAffinity } from './inter-pod-affinity/inter-pod-affinity';
import type { NamespaceLabels } from './inter-pod-affinity/terms';
import { nodeAffinity } from './node-affinity/node-affinity';
import { nodeName } from './node-name/node-name';
import { nodePorts } from './node-ports/node-ports';
import { balancedAllocation } from './node-resources/balanced-allocation';
import { nodeResourcesFit } from './node-resources/fit';
import { nodeUnschedulable } from './node-unschedulable/node-unschedulable';
import { podTopologySpread } from './pod-topology-spread/pod-topology-spread';
import { schedulingGates } from './scheduling-gates';
import { taintToleration } from './taint-toleration/taint-toleration';

/** The plugins of the default profile that only decide, in upstream's order and with its weights. */
export const decidingPlugins = (labelsOf: NamespaceLabels): readonly WeightedPlugin[] => [
  { plugin: schedulingGates },
  { plugin: nodeUnschedulable },
  { plugin: nodeName },
  { plugin: taintToleration, weight: 3 },
  { plugin: nodeAffinity, weight: 2 },
  { plugin: nodePorts },
  { plugin: nodeResourcesFit, weight: 1 },
  { plugin: podTopologySpread, weight: 2 },
  { plugin: interPodAffinity(labelsOf), weight: 2 },
  { plugin: balancedAllocation, weight: 1 },
  { plugin: imageLocality, weight: 1 },
];

/** `labelsOf` tells the labels of namespaces, by which terms of affinity may choose them. */
export const defaultPlugins = (client: Client, labelsOf: NamespaceLabels): readonly WeightedPlugin[] => [
  ...decidingPlugins(labelsOf),
  { plugin: defaultBinder(client) },
];
