import { StatusError, type StatusCause } from '@kubephant/api';
import { paths, type FieldSet } from './field-set';
import type { Ownership } from './managers';
import { formatPath } from './path-element';

/** The fields of others that an apply would change. */
export interface Conflict {
  readonly id: string;
  readonly owner: Ownership;
  readonly set: FieldSet;
}

function describe({ manager, subresource, operation, apiVersion }: Ownership): string {
  const within = subresource ? ` with subresource ${JSON.stringify(subresource)}` : '';
  return `${JSON.stringify(manager)}${within}${operation === 'Update' ? ` using ${apiVersion}` : ''}`;
}

/** 409 with a cause per field, the last manager's first, its message grouped by manager. */
export function conflictError(conflicts: readonly Conflict[]): StatusError {
  const byManager = [...conflicts]
    .sort((a, b) => (a.id < b.id ? -1 : 1))
    .map(({ owner, set }) => ({ who: describe(owner), fields: Array.from(paths(set), formatPath) }));
  const causes = byManager
    .toReversed()
    .flatMap(({ who, fields }) =>
      fields.map((field): StatusCause => ({ reason: 'FieldManagerConflict', message: `conflict with ${who}`, field })),
    );
  const lines = byManager.map(({ who, fields }) => [`conflicts with ${who}:`, ...fields.map((field) => `- ${field}`)]);
  const [only] = causes;
  const message =
    causes.length === 1
      ? `Apply failed with 1 conflict: ${only?.message ?? ''}: ${only?.field ?? ''}`
      : `Apply failed with ${causes.length} conflicts: ${lines.flat().join('\n')}`;
  return new StatusError('Conflict', message, { causes });
}
