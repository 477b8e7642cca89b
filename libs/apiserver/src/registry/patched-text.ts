import type { KubeObject } from '@kubephant/api';
import type { ObjectSchema, Schema } from '@kubephant/schema';

/** The parts of an object that a patch looked into, by key. */
export interface Touched {
  readonly [key: string]: Touched;
}

/**
 * A patched object as messages show it. Upstream reads only what the patch looks into and writes the fields of that by
 * name; the rest stays as it was, in the order of the API, maps by key. Of custom resources all is by name.
 */
export function patchedText(schema: ObjectSchema, patched: KubeObject, touched: Touched): string {
  if (schema.read) return JSON.stringify(inOrder({ type: 'any' }, patched, 'all'));
  const { metadata } = patched as Partial<KubeObject>;
  const inApiOrder = !Object.hasOwn(touched, 'metadata') && isFields(metadata);
  const shown = inApiOrder ? { ...patched, metadata: fromTheServerFirst(metadata) } : patched;
  return JSON.stringify(inOrder(schema, shown, touched));
}

const isFields = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

function inOrder(schema: Schema, value: unknown, touched: Touched | 'all' | undefined): unknown {
  if (typeof value !== 'object' || value === null) return value;
  const below = (key: string): Touched | 'all' | undefined =>
    touched === 'all' || touched === undefined ? touched : Object.hasOwn(touched, key) ? touched[key] : undefined;
  if (Array.isArray(value))
    return value.map((item: unknown, index) => inOrder(schemaBelow(schema), item, below(String(index))));
  const entries = Object.entries(value);
  if (touched !== undefined || schema.type === 'map') entries.sort(([a], [b]) => (a < b ? -1 : 1));
  return Object.fromEntries(entries.map(([key, item]) => [key, inOrder(schemaBelow(schema, key), item, below(key))]));
}

function schemaBelow(schema: Schema, key = ''): Schema {
  if (schema.type === 'list') return schema.items;
  if (schema.type === 'map') return schema.values;
  return (schema.type === 'object' ? schema.fields.get(key)?.schema : undefined) ?? { type: 'any' };
}

/** What the server writes comes first in metadata, wherever it was put. */
const firstInMetadata = [
  ...['name', 'generateName', 'namespace', 'uid', 'resourceVersion', 'generation', 'creationTimestamp'],
  ...['deletionTimestamp', 'deletionGracePeriodSeconds'],
];

function fromTheServerFirst(metadata: Readonly<Record<string, unknown>>): object {
  const given = new Map(Object.entries(metadata));
  return Object.fromEntries([...firstInMetadata, ...given.keys()].map((name) => [name, given.get(name)]));
}

/** What a merge patch looks into: every object that it has an object for. */
export function touchedByMerge(patch: unknown): Touched {
  if (!isFields(patch)) return {};
  const objects = Object.entries(patch).filter(([, value]) => isFields(value));
  return Object.fromEntries(objects.map(([key, value]) => [key, touchedByMerge(value)]));
}

/** What a JSON patch looks into: everything on the way to where its operations are. */
export function touchedByOperations(operations: unknown): Touched {
  interface Tree {
    [key: string]: Tree;
  }
  const root: Tree = {};
  for (const operation of Array.isArray(operations) ? operations : []) {
    const path = isFields(operation) ? operation['path'] : undefined;
    if (typeof path !== 'string') continue;
    let at = root;
    for (const key of path.split('/').slice(1, -1)) at = at[unescaped(key)] ??= {};
  }
  return root;
}

const unescaped = (key: string): string => key.replaceAll('~1', '/').replaceAll('~0', '~');
