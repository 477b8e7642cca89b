import { badRequest, type KubeObject } from '@kubephant/api';
import type { Column } from '@kubephant/resources';
import type { Resource, Served } from './resource';

export interface TableOptions {
  /** Version of meta.k8s.io. */
  readonly version: string;
  readonly includeObject: IncludeObject;
  readonly now: Date;
}

export type IncludeObject = 'Metadata' | 'Object' | 'None';

export interface ListMeta {
  readonly resourceVersion?: string;
  readonly continue?: string;
  readonly remainingItemCount?: number;
}

export function includeObject(query: URLSearchParams): IncludeObject {
  const value = query.get('includeObject') ?? '';
  if (value === '' || value === 'Metadata') return 'Metadata';
  if (value === 'Object' || value === 'None') return value;
  const shown = JSON.stringify(value);
  throw badRequest(
    `Unable to convert to Table as requested: includeObject: Invalid value: ${shown}: ` +
      `must be 'Metadata', 'Object', 'None', or empty`,
  );
}

/** meta/v1 Table: the row's columns and one row per object. */
export function tableOf(resource: Resource, items: readonly Served[], meta: ListMeta, options: TableOptions): object {
  return {
    kind: 'Table',
    apiVersion: `meta.k8s.io/${options.version}`,
    metadata: meta,
    columnDefinitions: definitionsOf(resource),
    rows:
      items.length === 0 && isPrintedByDefault(resource) ? null : items.map((item) => rowOf(resource, item, options)),
  };
}

/** Upstream has no printer for some kinds; what prints those writes a table without rows as null. */
const isPrintedByDefault = (resource: Resource): boolean =>
  !resource.conversion && columnsOf(resource).some(({ name }) => name === 'Created At');

/** The Table of one watch event; only the first of a stream says what the columns are. */
export function tableEvent(resource: Resource, item: Printed, first: boolean, options: TableOptions): object {
  const columns = first ? definitionsOf(resource) : null;
  return {
    kind: 'Table',
    apiVersion: `meta.k8s.io/${options.version}`,
    metadata: { resourceVersion: item.object.metadata.resourceVersion },
    columnDefinitions: columns,
    rows: [rowOf(resource, item, options)],
  };
}

/** An object, and the stored form of it if that is another. */
export type Printed = Pick<Served, 'object' | 'source'>;

const columnsOf = ({ row }: Resource): readonly Column<KubeObject>[] => row.columns ?? [];

const definitionsOf = (resource: Resource): readonly object[] =>
  columnsOf(resource)
    .filter(({ unlisted }) => !unlisted)
    .map(definition);

function definition({ name, type, format, description, wide }: Column<KubeObject>): object {
  return { name, type, format: format ?? '', description, priority: wide ? 1 : 0 };
}

function rowOf(resource: Resource, item: Printed, { version, includeObject: include, now }: TableOptions): object {
  const { object, source = object } = item;
  const cells = columnsOf(resource).map((column) => cellOf(column, source, now));
  const condition = resource.row.rowCondition?.(source);
  const said = { cells, ...(condition && { conditions: [condition] }) };
  if (include === 'None') return { ...said, object: null };
  return { ...said, object: include === 'Object' ? object : partialMetadata(object, version) };
}

/** A bookmark is an object with nothing but a version: a column that cannot print that prints nothing. */
function cellOf(column: Column<KubeObject>, object: KubeObject, now: Date): unknown {
  if (object.metadata.name) return column.value(object, now);
  try {
    return column.value({ ...object, metadata: { ...object.metadata, name: '' } }, now);
  } catch {
    return column.type === 'integer' || column.type === 'number' ? 0 : '';
  }
}

export function partialMetadata({ metadata }: KubeObject, version: string): object {
  return { kind: 'PartialObjectMetadata', apiVersion: `meta.k8s.io/${version}`, metadata };
}

export function partialMetadataList(items: readonly Served[], metadata: ListMeta, version: string): object {
  return {
    kind: 'PartialObjectMetadataList',
    apiVersion: `meta.k8s.io/${version}`,
    metadata,
    // Go writes a list that nothing was put into as null.
    items: items.length === 0 ? null : items.map(({ object }) => partialMetadata(object, version)),
  };
}
