import { emptyAsGiven, schemas, type Field, type MapSchema, type ObjectSchema, type Schema } from '@kubephant/schema';
import { sortedMap } from './causes';
import { goNames, orders, renamed } from './go-names';

type Given = Readonly<Record<string, unknown>>;
type Entries = readonly (readonly [string, unknown])[];

/** Words at the front of field names that Go writes in capitals where JSON has them in small letters. */
const initialisms = ['api', 'cel', 'uid', 'ip'];

function goName(name: string): string {
  const spelled = goNames.get(name);
  if (spelled) return spelled;
  const word = initialisms.find((each) => new RegExp(`^${each}(?![a-z])`).test(name));
  return word ? word.toUpperCase() + name.slice(word.length) : name.charAt(0).toUpperCase() + name.slice(1);
}

const zeros: Readonly<Partial<Record<Schema['type'], unknown>>> = { string: '', boolean: false, integer: 0, number: 0 };

/** Pointers are null when absent; so are lists, maps and what is no plain value. */
function absent({ schema, zero }: Field): unknown {
  const isPointer = zero === undefined || zero === 'null';
  if (isPointer) return null;
  if (schema.type === 'object') return formOf(schema, {});
  return zeros[schema.type] ?? null;
}

/** Types of meta/v1 are the same inside upstream as outside. */
const isShared = ({ name = '' }: ObjectSchema): boolean => name.startsWith('io.k8s.apimachinery.');

function formOf(schema: Schema, value: unknown): unknown {
  switch (schema.type) {
    case 'list':
      return (value as readonly unknown[]).map((item) => formOf(schema.items, item));
    case 'map':
      return mapOf(schema, value as Given);
    case 'object':
      return Object.fromEntries(
        isShared(schema) ? sharedEntries(schema, value as Given) : fields(schema, value as Given),
      );
    default:
      return value;
  }
}

/** Maps are written by key. */
const mapOf = ({ values }: MapSchema, value: Given): object =>
  Object.fromEntries(Object.entries(sortedMap(value) ?? {}).map(([key, item]) => [key, formOf(values, item)] as const));

const sharedEntries = (schema: ObjectSchema, given: Given): Entries =>
  Object.entries(given).map(([name, value]) => {
    const field = schema.fields.get(name);
    return [name, field && value !== null && value !== undefined ? formOf(field.schema, value) : value] as const;
  });

function fields(schema: ObjectSchema, given: Given): Entries {
  const { name = '' } = schema;
  const all = [...schema.fields.values()];
  const order = orders[name];
  const ordered = order ? order.flatMap((each) => schema.fields.get(each) ?? []) : all;
  const entries = ordered.flatMap((field) => entriesOf(field, valueOf(field, given), renamed[name]?.[field.name]));
  return name === podSpec ? entries.map((entry) => withHost(entry, given)) : entries;
}

/** The value of a field, empty where it was given so. A list that is always there is empty only if it was given. */
function valueOf({ name, zero, schema: { type } }: Field, given: Given): unknown {
  const value = given[name];
  if (type !== 'list' && type !== 'map') return value;
  const isFilled = zero === 'fill' && Array.isArray(value) && value.length === 0;
  return isFilled ? emptyAsGiven(given, name) : (value ?? emptyAsGiven(given, name));
}

/** Metadata is embedded, so its fields are those of the struct around it. */
function entriesOf(field: Field, value: unknown, name = goName(field.name)): Entries {
  if (field.name === 'metadata') return Object.entries(formOf(field.schema, value ?? {}) as object);
  const isAbsent = value === undefined || value === null;
  return [[name, isAbsent ? absent(field) : formOf(field.schema, value)]];
}

const podSpec = 'io.k8s.api.core.v1.PodSpec';

/** What a pod shares with its host is kept in its security context. */
function withHost([name, form]: Entries[number], given: Given): Entries[number] {
  if (name !== 'SecurityContext' || form === null) return [name, form];
  const host = {
    HostNetwork: given['hostNetwork'] ?? false,
    HostPID: given['hostPID'] ?? false,
    HostIPC: given['hostIPC'] ?? false,
    ShareProcessNamespace: given['shareProcessNamespace'] ?? null,
    HostUsers: given['hostUsers'] ?? null,
  };
  return [name, { ...host, ...(form as object) }];
}

/**
 * A value as upstream quotes it in errors about whole structs: with the field names of its internal types, and every
 * field written. `definition` is the name of its schema.
 */
export const goForm = (definition: string, value: object | null | undefined): unknown =>
  formOf(schemas.get(definition), value ?? {});
