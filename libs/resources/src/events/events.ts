import type { KubeObject } from '@kubephant/api';
import { defineResource, type Column, type ResourceDefinition, type SelectableField } from '../definition';
import { fromStored, toStored } from './convert';
import { eventColumns } from './event-text';
import type { CoreEvent, NewEvent } from './event-types';
import { validateNewEvent, validateNewEventUpdate } from './validate';

const reference = ['kind', 'namespace', 'name', 'uid', 'apiVersion', 'resourceVersion', 'fieldPath'] as const;

const fields: readonly SelectableField<NewEvent>[] = [
  ...reference.map((field) => ({
    path: `regarding.${field}`,
    value: ({ regarding }: NewEvent) => regarding?.[field] ?? '',
  })),
  { path: 'reason', value: ({ reason }) => reason ?? '' },
  { path: 'reportingController', value: ({ reportingController }) => reportingController ?? '' },
  { path: 'type', value: ({ type }) => type ?? '' },
];

export const newEvents: ResourceDefinition = defineResource<NewEvent>({
  group: 'events.k8s.io',
  version: 'v1',
  kind: 'Event',
  scope: 'Namespaced',
  names: { plural: 'events', singular: 'event', short: ['ev'] },
  schema: 'io.k8s.api.events.v1.Event',
  createOnUpdate: true,
  ttlSeconds: 3600,
  columns: eventColumns as readonly Column<KubeObject>[],
  fields,
  strategy: {
    validate: (event) => validateNewEvent(toStored(event)),
    validateUpdate: (event, old) => validateNewEventUpdate(toStored(event), toStored(old)),
  },
  storedAs: {
    group: '',
    version: 'v1',
    toStored,
    fromStored: (obj) => fromStored(obj as unknown as CoreEvent),
  },
});
