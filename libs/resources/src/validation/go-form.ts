import { schemas, type Field, type ObjectSchema, type Schema } from '@kubephant/schema';

/** Words of field names that Go writes in capitals where JSON has them in small letters. */
const initialisms = ['api', 'cel', 'uid', 'ip'];

function goName(name: string): string {
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
  if (schema.type === 'list') return (value as unknown[]).map((item) => formOf(schema.items, item));
  if (schema.type === 'map') {
    return Object.fromEntries(
      Object.entries(value as object).map(([key, item]) => [key, formOf(schema.values, item)] as const),
    );
  }
  if (schema.type !== 'object' || isShared(schema)) return value;
  const given = value as Readonly<Record<string, unknown>>;
  return Object.fromEntries([...schema.fields.values()].flatMap((field) => entriesOf(field, given[field.name])));
}

/** Metadata is embedded, so its fields are those of the struct around it. */
function entriesOf(field: Field, value: unknown): readonly (readonly [string, unknown])[] {
  if (field.name === 'metadata') return Object.entries(value ?? {});
  const isAbsent = value === undefined || value === null;
  return [[goName(field.name), isAbsent ? absent(field) : formOf(field.schema, value)]];
}

/**
 * A value as upstream quotes it in errors about whole structs: with the field names of its internal types, and every
 * field written. `definition` is the name of its schema.
 */
export const goForm = (definition: string, value: object | null | undefined): unknown =>
  formOf(schemas.get(definition), value ?? {});
