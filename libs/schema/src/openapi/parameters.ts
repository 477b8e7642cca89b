import type { ObjectSchema, Schema } from '../schema';
import type { Json } from './row';

type ParameterType = 'string' | 'integer' | 'boolean';

function parameter(where: 'query' | 'path', name: string, type: ParameterType, description: string): Json {
  const required = where === 'path' && { required: true };
  return { description, in: where, name, ...required, schema: { type, uniqueItems: true } };
}

const query = (name: string, type: ParameterType, description: string): Json =>
  parameter('query', name, type, description);

const dryRun = query('dryRun', 'string', 'With `All` nothing is persisted.');
const fieldValidation = query(
  'fieldValidation',
  'string',
  'What happens about unknown and duplicate fields: Ignore, Warn (the default) or Strict.',
);
const manager = 'Name of the actor that makes the change: at most 128 printable characters.';
const fieldManager = query('fieldManager', 'string', manager);

export const pretty = query('pretty', 'string', 'Whether the answer is indented.');

export const pathParameter = (name: string, description: string): Json =>
  parameter('path', name, 'string', description);

export const namespaceParameter = pathParameter('namespace', 'Namespace of the object.');

/** Of create and replace. */
export const writeParameters: readonly Json[] = [dryRun, fieldManager, fieldValidation];

export const patchParameters: readonly Json[] = [
  dryRun,
  query('fieldManager', 'string', `${manager} Server-side apply needs it.`),
  fieldValidation,
  query('force', 'boolean', 'Server-side apply takes fields over that others own.'),
];

export const deleteParameters: readonly Json[] = [
  dryRun,
  query('gracePeriodSeconds', 'integer', 'Seconds until the object is deleted; 0 is at once.'),
  query(
    'ignoreStoreReadErrorWithClusterBreakingPotential',
    'boolean',
    'Deletes an object that cannot be read any more, without regard to finalizers and preconditions.',
  ),
  query('orphanDependents', 'boolean', 'Deprecated: see propagationPolicy.'),
  query('propagationPolicy', 'string', 'What becomes of dependents: Orphan, Background or Foreground.'),
];

const selection: readonly Json[] = [
  query('continue', 'string', 'Where a list in pages goes on, as the page before said.'),
  query('fieldSelector', 'string', 'Selects by fields.'),
  query('labelSelector', 'string', 'Selects by labels.'),
  query('limit', 'integer', 'The size of a page.'),
  query('resourceVersion', 'string', 'From which version on, or at which, to answer.'),
  query('resourceVersionMatch', 'string', 'How resourceVersion is meant: Exact or NotOlderThan.'),
  query('sendInitialEvents', 'boolean', 'A watch begins with the current state, ended by a bookmark.'),
  query('shardSelector', 'string', 'Of all objects those in a part of the hashes of a field.'),
  query('timeoutSeconds', 'integer', 'After how many seconds to stop.'),
];

export const listParameters: readonly Json[] = [
  query('allowWatchBookmarks', 'boolean', 'A watch may tell the version it has reached by bookmarks.'),
  ...selection,
  query('watch', 'boolean', 'Changes as a stream instead of a list.'),
];

export const deleteCollectionParameters: readonly Json[] = [...deleteParameters, ...selection];

/** What a connection takes in the query: the plain fields of its options. */
export function optionParameters(options: ObjectSchema): readonly Json[] {
  return [...options.fields.values()].flatMap(({ name, schema }) => {
    const type = queryType(schema.type === 'list' ? schema.items : schema);
    return type && name !== 'kind' && name !== 'apiVersion' ? [query(name, type, name)] : [];
  });
}

const queryType = ({ type }: Schema): ParameterType | undefined =>
  type === 'string' || type === 'integer' || type === 'boolean' ? type : undefined;
