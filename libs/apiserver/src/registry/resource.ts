import { cloneJson, apiVersionOf, groupResourceString, type GroupResource, type KubeObject } from '@kubephant/api';
import type { ResourceDefinition, SelectableField, Subresource } from '@kubephant/resources';
import { decodeValue, type ObjectSchema, type SchemaRegistry, type StructuralSchema } from '@kubephant/schema';
import type { ResourceFields, Stored, StoreKey } from '@kubephant/storage';

/** A row with what is derived from it once, at start. */
export interface Resource {
  readonly row: ResourceDefinition;
  readonly groupResource: GroupResource;
  readonly apiVersion: string;
  readonly namespaced: boolean;
  readonly schema: ObjectSchema;
  /** What the store calls it: `deployments.apps`; the storing version's name where the row is stored as another. */
  readonly storage: string;
  readonly verbs: ReadonlySet<string>;
  /** The status of an object that has none yet, where the row has a status of its own: often `{}`. */
  readonly newStatus: unknown;
  /** Fields that a selector may name, by path. */
  readonly fields: ReadonlyMap<string, (obj: KubeObject) => string>;
  /** Of custom resources: how stored objects, of whatever version, become those of this row, and the other way. */
  readonly conversion?: Conversion;
  /** Of custom resources: the schema of their definition. */
  readonly form?: StructuralSchema;
}

/** Between what is stored and a version that is served; a webhook may have to be asked. */
export interface Conversion {
  /** Whether versions differ in more than their names: a webhook makes them of each other. */
  readonly asksWebhook: boolean;
  /** In the order of the argument, which is not changed. */
  fromStored(stored: readonly Stored[]): Promise<readonly Served[]>;
  /** One object by itself, as updates see it. */
  versionOf(stored: KubeObject): Promise<KubeObject>;
  toStored(obj: KubeObject): Promise<KubeObject>;
}

const allVerbs = ['create', 'delete', 'deletecollection', 'get', 'list', 'patch', 'update', 'watch'];

export function newResource(row: ResourceDefinition, schemas: SchemaRegistry): Resource {
  const groupResource = { group: row.group, resource: row.names.plural };
  const fields = new Map(
    (row.fields ?? []).map((field) => [field.path, (obj: KubeObject) => field.value(obj)] as const),
  );
  const schema = schemas.get(row.schema);
  return {
    row,
    groupResource,
    apiVersion: apiVersionOf(row.group, row.version),
    namespaced: row.scope === 'Namespaced',
    schema,
    newStatus: row.subresources?.['status'] && decodeValue(schema, {}, 'Ignore').object['status'],
    storage: groupResourceString(row.storedAs ? { ...groupResource, group: row.storedAs.group } : groupResource),
    verbs: new Set(row.verbs ?? allVerbs),
    fields: fields
      .set('metadata.name', ({ metadata }) => metadata.name)
      .set('metadata.namespace', ({ metadata }) => metadata.namespace ?? ''),
  };
}

/**
 * What the store has to know of the rows to select and index objects. Rows that are stored as another add their own
 * fields to it.
 */
export function resourceFields(rows: readonly ResourceDefinition[]): readonly ResourceFields[] {
  return rows
    .filter(({ storedAs, verbs }) => !storedAs && (!verbs || verbs.includes('list')))
    .map((row): ResourceFields => {
      const selectable = row.fields ?? [];
      const others = rows.filter((other) => isStoredAs(other, row));
      const indexed = selectable.filter((field) => field.indexed).map(({ path }) => path);
      return {
        resource: groupResourceString({ group: row.group, resource: row.names.plural }),
        fields: (obj) => ({
          'metadata.name': obj.metadata.name,
          'metadata.namespace': obj.metadata.namespace ?? '',
          ...valuesOf(selectable, obj),
          ...Object.fromEntries(others.flatMap((other) => Object.entries(fieldsThrough(other, obj)))),
        }),
        ...(indexed.length > 0 && { indexed }),
      };
    });
}

const isStoredAs = ({ storedAs, names }: ResourceDefinition, row: ResourceDefinition): boolean =>
  storedAs?.group === row.group && storedAs.version === row.version && names.plural === row.names.plural;

type Values = Readonly<Record<string, string>>;

const valuesOf = (fields: readonly SelectableField<KubeObject>[], obj: KubeObject): Values =>
  Object.fromEntries(fields.map((field) => [field.path, field.value(obj)]));

function fieldsThrough({ storedAs, fields = [] }: ResourceDefinition, obj: KubeObject): Values {
  return storedAs && fields.length > 0 ? valuesOf(fields, storedAs.fromStored(obj)) : {};
}

export function keyIn(resource: Resource, namespace: string | undefined, name: string): StoreKey {
  return { resource: resource.storage, namespace: resource.namespaced ? (namespace ?? '') : '', name };
}

export function subresourceOf(resource: Resource, name: string): Subresource<KubeObject> | undefined {
  const { subresources = {} } = resource.row;
  return Object.hasOwn(subresources, name) ? subresources[name] : undefined;
}

/** Something to answer with: the bytes that a JSON client is served, and the object, made on first use. */
export interface Served {
  readonly json: Buffer;
  readonly object: KubeObject;
  /** What is stored, where that is another version: that is what is printed. */
  readonly source?: KubeObject;
}

/** A stored object in the version of this row. Rows stored as themselves serve what is stored, byte for byte. */
export async function served(resource: Resource, stored: Stored): Promise<Served> {
  const [item] = await servedAll(resource, [stored]);
  return item ?? stored;
}

/** Stored objects in the version of this row, all at once: a webhook that converts them is asked once. */
export function servedAll(
  { row, conversion }: Resource,
  stored: readonly Stored[],
): readonly Served[] | Promise<readonly Served[]> {
  const { storedAs } = row;
  if (conversion) return conversion.fromStored(stored);
  if (!storedAs) return stored;
  return stored.map(({ object }) => servedObject(storedAs.fromStored(cloneJson(object)), object));
}

/** An object of this row's version as it is stored. */
export async function toStored({ row, conversion }: Resource, obj: KubeObject): Promise<KubeObject> {
  if (conversion) return conversion.toStored(obj);
  return row.storedAs ? row.storedAs.toStored(obj) : obj;
}

/** An object that is not stored (dry run, another form of a stored one). */
export function servedObject(object: KubeObject, source?: KubeObject): Served {
  let json: Buffer | undefined;
  return {
    object,
    ...(source && { source }),
    get json() {
      return (json ??= Buffer.from(JSON.stringify(object)));
    },
  };
}
