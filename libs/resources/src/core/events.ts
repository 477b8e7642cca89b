import { defineResource, type ResourceDefinition, type SelectableField } from '../definition';
import { eventColumns } from '../events/event-text';
import type { CoreEvent } from '../events/event-types';
import { validateEvent } from '../events/validate';

const reference = ['kind', 'namespace', 'name', 'uid', 'apiVersion', 'resourceVersion', 'fieldPath'] as const;

const fields: readonly SelectableField<CoreEvent>[] = [
  ...reference.map((field) => ({
    path: `involvedObject.${field}`,
    value: ({ involvedObject }: CoreEvent) => involvedObject[field] ?? '',
  })),
  { path: 'reason', value: ({ reason }) => reason ?? '' },
  { path: 'reportingComponent', value: ({ reportingComponent }) => reportingComponent ?? '' },
  { path: 'source', value: ({ source, reportingComponent }) => source?.component || (reportingComponent ?? '') },
  { path: 'type', value: ({ type }) => type ?? '' },
];

export const events: ResourceDefinition = defineResource<CoreEvent>({
  group: '',
  version: 'v1',
  kind: 'Event',
  scope: 'Namespaced',
  names: { plural: 'events', singular: 'event', short: ['ev'] },
  schema: 'io.k8s.api.core.v1.Event',
  nameRule: 'pathSegment',
  createOnUpdate: true,
  ttlSeconds: 3600,
  columns: eventColumns,
  fields,
  strategy: { validate: (event) => validateEvent(event), validateUpdate: (event) => validateEvent(event) },
});
