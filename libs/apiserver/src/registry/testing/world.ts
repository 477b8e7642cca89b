import { defineResource, table, type ResourceDefinition } from '@kubephant/resources';
import { newRig, type Rig } from './rig';

/** Cluster-wide, and with every verb. */
const gadgets: ResourceDefinition = defineResource({
  group: 'example.com',
  version: 'v1',
  kind: 'Gadget',
  scope: 'Cluster',
  names: { plural: 'gadgets', singular: 'gadget' },
  schema: 'io.k8s.api.core.v1.ConfigMap',
});

export const configMaps = '/api/v1/namespaces/rv/configmaps';

/** Revisions whose place in history is known: 1 is before the three ConfigMaps of the namespace `rv`. */
export interface World {
  readonly rig: Rig;
  readonly current: number;
}

export async function newWorld(): Promise<World> {
  const rig = newRig({}, [...table, gadgets]);
  await rig.ask('POST /api/v1/namespaces/default/configmaps', { body: { metadata: { name: 'kube-root-ca.crt' } } });
  for (const name of ['one', 'two', 'three']) await rig.ask(`POST ${configMaps}`, { body: { metadata: { name } } });
  return { rig, current: rig.store.revision };
}
