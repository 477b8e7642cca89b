import { badRequest, type KubeObject } from '@kubephant/api';
import { defineResource, resourceTable, type ResourceDefinition } from '@kubephant/resources';

export interface Widget extends KubeObject {
  spec?: { replicas?: number; minReadySeconds?: number };
  status?: { replicas?: number };
}

const text = { type: 'string', description: '' } as const;

/** A row with one of everything: status, part, scale, create and connect, selectable fields, columns, grace. */
export const widgets: ResourceDefinition = defineResource<Widget>({
  group: 'example.com',
  version: 'v1',
  kind: 'Widget',
  scope: 'Namespaced',
  names: { plural: 'widgets', singular: 'widget' },
  schema: 'io.k8s.api.apps.v1.ReplicaSet',
  generation: true,
  columns: [
    { ...text, name: 'Name', format: 'name', value: ({ metadata }) => metadata.name },
    { ...text, name: 'Replicas', type: 'integer', value: ({ spec }) => spec?.replicas ?? 0 },
    { ...text, name: 'Phase', wide: true, value: ({ status }) => (status?.replicas ? 'Busy' : 'Idle') },
  ],
  fields: [{ path: 'spec.replicas', value: ({ spec }) => String(spec?.replicas ?? 0) }],
  strategy: {
    warnings: ({ spec }) => (spec?.replicas === 13 ? ['spec.replicas: 13 is unlucky'] : []),
    validate: ({ spec }) => negative(spec?.replicas),
    validateUpdate: ({ spec }) => negative(spec?.replicas),
  },
  subresources: {
    status: { kind: 'status' },
    scale: { kind: 'scale', spec: '.spec.replicas', status: '.status.replicas', selector: () => 'app=widget' },
    patience: {
      kind: 'part',
      verbs: ['get', 'update'],
      strategy: {
        prepareForUpdate(widget, old) {
          const minReadySeconds = widget.spec?.minReadySeconds ?? 0;
          widget.spec = { ...old.spec, minReadySeconds };
        },
      },
    },
    bind: {
      kind: 'create',
      input: { group: '', version: 'v1', kind: 'Binding' },
      async create(target, input) {
        if (input.metadata.name !== target.key.name)
          throw badRequest('name in URL does not match name in Binding object');
        await target.guaranteedUpdate((widget) => ({ ...widget, spec: { ...widget.spec, replicas: 1 } }));
        return {
          kind: 'Status',
          apiVersion: 'v1',
          metadata: {},
          status: 'Success',
          code: 201,
        } as unknown as KubeObject;
      },
    },
    log: {
      kind: 'connect',
      verbs: ['get'],
      input: 'PodLogOptions',
      location: ({ spec }, query, request) =>
        spec?.replicas ? { node: 'n1', path: `/log${request?.path ?? ''}`, query } : { path: '' },
    },
  },
});

const negative = (replicas = 0) =>
  replicas < 0
    ? [{ reason: 'FieldValueInvalid', field: 'spec.replicas', message: 'Invalid value: -1: too few' } as const]
    : [];

/** Only what it takes: PUT needs a version and creates, DELETE answers with the object. */
export const gauges: ResourceDefinition = defineResource({
  group: 'example.com',
  version: 'v1',
  kind: 'Gauge',
  scope: 'Cluster',
  names: { plural: 'gauges', singular: 'gauge' },
  schema: 'io.k8s.api.core.v1.ConfigMap',
  conditionalUpdate: true,
  createOnUpdate: true,
  deleteReturnsObject: true,
  deprecated: 'example.com/v1 Gauge is deprecated',
  verbs: ['create', 'delete', 'get', 'list', 'update'],
});

/** A create of its own for what is a subresource of widgets. */
export const pokes: ResourceDefinition = defineResource({
  group: 'example.com',
  version: 'v1',
  kind: 'Poke',
  scope: 'Namespaced',
  names: { plural: 'pokes', singular: 'poke' },
  schema: 'io.k8s.api.core.v1.Binding',
  verbs: ['create'],
  createAs: { resource: 'widgets.example.com', subresource: 'bind' },
});

export const testRows: readonly ResourceDefinition[] = [...resourceTable(), widgets, gauges, pokes];
