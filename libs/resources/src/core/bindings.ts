import type { Binding } from '@kubephant/schema';
import { defineResource, type ResourceDefinition } from '../definition';

/** The older way to bind a pod: POST here with the pod's name in the body. */
export const bindings: ResourceDefinition = defineResource<Binding>({
  group: '',
  version: 'v1',
  kind: 'Binding',
  scope: 'Namespaced',
  names: { plural: 'bindings', singular: 'binding' },
  schema: 'io.k8s.api.core.v1.Binding',
  verbs: ['create'],
  createAs: { resource: 'pods', subresource: 'binding' },
});
