import type { ControllerRevision } from '@kubephant/schema';
import { defineResource, type ResourceDefinition } from '../definition';
import { ageColumn, formatController, nameColumn, text } from '../print/columns';
import { none, required, type Causes } from '../validation/causes';
import { immutable, notNegative } from '../validation/checks';
import { at } from '../validation/path';

function validateData(data: unknown): Causes {
  if (data === undefined || data === null) return [required(at('data'), 'data is mandatory')];
  const isObject = typeof data === 'object' && !Array.isArray(data);
  return isObject ? none : [required(at('data'), 'data must be a valid JSON object')];
}

const validateRevision = ({ revision }: ControllerRevision): Causes => notNegative(revision, at('revision'));

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
  strategy: {
    validate: (revision) => [...validateRevision(revision), ...validateData(revision.data)],
    validateUpdate: (revision, old) => [
      ...validateRevision(revision),
      ...immutable(revision.data, old.data, at('data')),
    ],
  },
});
