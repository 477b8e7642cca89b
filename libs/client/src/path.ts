import { apiVersionOf, type ObjectKey } from '@kubephant/api';
import type { ResourceRef } from './client';

/** The path of a collection: all namespaces when none is given. Every segment is encoded, so a name cannot climb. */
export function collectionPath(ref: ResourceRef, namespace?: string): string {
  const root = ref.group ? '/apis' : '/api';
  const scope = ref.namespaced && namespace ? `/namespaces/${segment(namespace)}` : '';
  return `${root}/${apiVersionOf(ref.group, ref.version)}${scope}/${ref.plural}`;
}

/** The path of one object or of one of its subresources. Throws a TypeError for a key that cannot name an object. */
export function objectPath(ref: ResourceRef, { namespace, name }: ObjectKey, subresource?: string): string {
  if (!name) throw new TypeError(`an object of ${ref.plural} needs a name`);
  if (ref.namespaced && !namespace) throw new TypeError(`${ref.plural} ${JSON.stringify(name)} needs a namespace`);
  const path = `${collectionPath(ref, namespace)}/${segment(name)}`;
  return subresource ? `${path}/${subresource}` : path;
}

function segment(value: string): string {
  // A dot segment survives encodeURIComponent and would be resolved away by URL parsers on the way.
  if (value === '.' || value === '..') throw new TypeError(`${JSON.stringify(value)} is not a name`);
  return encodeURIComponent(value);
}

type QueryValue = string | number | boolean | undefined;

/** Query parameters without the absent and the empty ones; undefined when nothing is left. */
export function queryOf(values: Readonly<Record<string, QueryValue>>): URLSearchParams | undefined {
  const query = new URLSearchParams();
  for (const [name, value] of Object.entries(values)) {
    if (value !== undefined && value !== '') query.set(name, String(value));
  }
  return query.size > 0 ? query : undefined;
}
