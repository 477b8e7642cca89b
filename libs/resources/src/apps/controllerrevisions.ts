import type { ControllerRevision } from '@kubephant/schema';
import { defineResource, type ResourceDefinition } from '../definition';
import { ageColumn, formatController, nameColumn, text } from '../print/columns';

export const controllerRevisions: ResourceDefinition = defineResource<ControllerRevision>({
  group: 'apps',
  version: 'v1',
  kind: 'ControllerRevision',
  scope: 'Namespaced',
  names: { plural: 'controllerrevisions', singular: 'controllerrevision' },
  schema: 'io.k8s.api.apps.v1.ControllerRevision',
  columns: [
    nameColumn,
    text('Controller', 'The object whose history this is.', formatController),
    text('Revision', 'Number of the revision.', ({ revision }) => revision),
    ageColumn,
  ],
});
