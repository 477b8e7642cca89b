import type { Client } from '@kubephant/client';
import type { WeightedPlugin } from '../framework/interfaces';
import { defaultBinder } from './default-binder/default-binder';
import { imageLocality } from './image-locality/image-locality';
import { nodeAffinity } from './node-affinity/node-affinity';
import { nodeName } from './node-name/node-name';
import { nodePorts } from './node-ports/node-ports';
import { balancedAllocation } from './node-resources/balanced-allocation';
import { nodeResourcesFit } from './node-resources/fit';
import { nodeUnschedulable } from './node-unschedulable/node-unschedulable';
import { schedulingGates } from './scheduling-gates';
import { taintToleration } from './taint-toleration/taint-toleration';

/** The plugins of the default profile that only decide, in upstream's order and with its weights. */
export const decidingPlugins: readonly WeightedPlugin[] = [
  { plugin: schedulingGates },
  { plugin: nodeUnschedulable },
  { plugin: nodeName },
  { plugin: taintToleration, weight: 3 },
  { plugin: nodeAffinity, weight: 2 },
  { plugin: nodePorts },
  { plugin: nodeResourcesFit, weight: 1 },
  { plugin: balancedAllocation, weight: 1 },
  { plugin: imageLocality, weight: 1 },
];

export const defaultPlugins = (client: Client): readonly WeightedPlugin[] => [
  ...decidingPlugins,
  { plugin: defaultBinder(client) },
];
