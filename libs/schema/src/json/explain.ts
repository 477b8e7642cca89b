import type { AnySchema, Field, MapSchema, ObjectSchema, ScalarSchema, Schema } from '../schema';
import { isRecord } from './convert';
import { convertScalar, Mismatch } from './scalars';

/** Where in a value a walk is, in the words of upstream's messages. */
interface Place {
  /** Name of the innermost type; empty at the top. */
  readonly owner: string;
  readonly path: readonly string[];
  /** Type expected here, as upstream writes it. */
  readonly type: string;
}

/**
 * Why a value does not have the form: upstream's message, for the first such place in the order of the value
 * (`json: cannot unmarshal string into Go struct field PodSpec.spec.priority of type int32`). Undefined if it has it.
 */
export function explain(schema: Schema, value: unknown): string | undefined {
  return explainAt(schema, value, { owner: '', path: [], type: goTypeOf(schema) });
}

function explainAt(schema: Schema, value: unknown, place: Place): string | undefined {
  if (value === null) return undefined;
  switch (schema.type) {
    case 'object':
      return isRecord(value) ? explainFields(schema, value, place) : cannot(value, place);
    case 'map':
      return isRecord(value) ? explainEntries(schema, value, place) : cannot(value, place);
    case 'list':
      if (!Array.isArray(value)) return cannot(value, place);
      return firstOf(value, (item) =>
        explainAt(schema.items, item, { ...place, type: elementType(place.type, schema.items) }),
      );
    case 'any':
      return explainAny(schema, value, place);
    default:
      return explainScalar(schema, value, place);
  }
}

/** What is a kind by itself embeds its type; at the top that is read before all else. */
const embeddedIn = ({ isKind }: ObjectSchema, field: string, { path }: Place): readonly string[] =>
  isKind && path.length > 0 && (field === 'kind' || field === 'apiVersion') ? ['TypeMeta'] : [];

function explainFields(schema: ObjectSchema, value: Record<string, unknown>, place: Place): string | undefined {
  const owner = shortName(schema.name);
  return firstOf(Object.entries(value), ([key, item]) => {
    const field = schema.fields.get(key);
    if (!field) return undefined;
    const path = [...place.path, ...(field.embedded ?? embeddedIn(schema, key, place)), key];
    return explainAt(field.schema, item, { owner, path, type: typeOfField(field) });
  });
}

const explainEntries = ({ values }: MapSchema, value: Record<string, unknown>, place: Place): string | undefined =>
  firstOf(Object.values(value), (item) => explainAt(values, item, { ...place, type: elementType(place.type, values) }));

function explainScalar(schema: ScalarSchema, value: unknown, place: Place): string | undefined {
  try {
    convertScalar(schema, value);
    return undefined;
  } catch (err) {
    if (!(err instanceof Mismatch)) throw err;
    if (!err.isKind) return err.message;
    return cannot(value, { ...place, type: ownTypes[schema.type] ?? place.type });
  }
}

function explainAny({ name = '', object }: AnySchema, value: unknown, place: Place): string | undefined {
  if (!object) return undefined;
  if (isRecord(value)) return explainFields(object, value, place);
  if (name.endsWith('OrBool')) return typeof value === 'boolean' ? undefined : 'boolean or JSON schema expected';
  if (!Array.isArray(value) || !name.endsWith('OrArray')) return undefined;
  return firstOf(value, (item) => explainAt(object, item, place));
}

/** Types that decode themselves speak of the type they try. */
const ownTypes: Partial<Record<Schema['type'], string>> = { intOrString: 'int32', time: 'string', microTime: 'string' };

function cannot(value: unknown, { owner, path, type }: Place): string {
  const what = `json: cannot unmarshal ${kindOf(value, type)} into Go`;
  return path.length > 0
    ? `${what} struct field ${owner}.${path.join('.')} of type ${type}`
    : `${what} value of type ${type}`;
}

/** A number of the wrong range or with a fraction is shown; where no number fits, it is only called one. */
function kindOf(value: unknown, type: string): string {
  if (Array.isArray(value)) return 'array';
  if (typeof value === 'number') return /^u?int/.test(type) ? `number ${value}` : 'number';
  return typeof value === 'boolean' ? 'bool' : typeof value;
}

const shortName = (name = ''): string => name.slice(name.lastIndexOf('.') + 1);

const typeOfField = (field: Field): string => field.goType ?? goTypeOf(field.schema);

/** The type of an element, taken from the name of the whole where that says it. */
function elementType(type: string, element: Schema): string {
  if (type.startsWith('[]')) return type.slice(2);
  return type.startsWith('map[string]') ? type.slice('map[string]'.length) : goTypeOf(element);
}

const goScalars: Readonly<Record<ScalarSchema['type'], string>> = {
  string: 'string',
  boolean: 'bool',
  integer: 'int64',
  number: 'float64',
  bytes: '[]uint8',
  quantity: 'resource.Quantity',
  intOrString: 'intstr.IntOrString',
  time: 'v1.Time',
  microTime: 'v1.MicroTime',
  duration: 'v1.Duration',
};

function goTypeOf(schema: Schema): string {
  if (schema.type === 'list') return `[]${goTypeOf(schema.items)}`;
  if (schema.type === 'map') return `map[string]${goTypeOf(schema.values)}`;
  if (schema.type === 'object' || schema.type === 'any') return (schema.name ?? '').split('.').slice(-2).join('.');
  return schema.type === 'integer' ? (schema.format ?? 'int64') : goScalars[schema.type];
}

function firstOf<T>(items: readonly T[], find: (item: T) => string | undefined): string | undefined {
  for (const item of items) {
    const found = find(item);
    if (found !== undefined) return found;
  }
  return undefined;
}
