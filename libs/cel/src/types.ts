/** How much a value of a declared type may hold: characters, bytes, elements or entries. Only schemas know. */
interface Sized {
  readonly maxElements?: number;
}

export type ScalarName =
  'bool' | 'int' | 'uint' | 'double' | 'string' | 'bytes' | 'null' | 'duration' | 'timestamp' | 'dyn' | 'error';

export interface ScalarType extends Sized {
  readonly kind: ScalarName;
}

export interface ListType extends Sized {
  readonly kind: 'list';
  readonly element: Type;
}

export interface MapType extends Sized {
  readonly kind: 'map';
  readonly key: Type;
  readonly value: Type;
}

/** An object with declared fields, by their names in expressions. */
export interface ObjectType extends Sized {
  readonly kind: 'object';
  readonly name: string;
  /** The type of a field; undefined when there is none of that name. */
  field(name: string): Type | undefined;
}

/** A type of a library: `kubernetes.Quantity`, `optional_type(T)`. */
export interface OpaqueType extends Sized {
  readonly kind: 'opaque';
  readonly name: string;
  readonly params: readonly Type[];
}

export interface TypeType extends Sized {
  readonly kind: 'type';
  readonly of?: Type;
}

/** A type yet to be found out. */
export interface ParamType extends Sized {
  readonly kind: 'param';
  readonly name: string;
}

export type Type = ScalarType | ListType | MapType | ObjectType | OpaqueType | TypeType | ParamType;

const scalarNames: readonly ScalarName[] = [
  'bool',
  'int',
  'uint',
  'double',
  'string',
  'bytes',
  'null',
  'duration',
  'timestamp',
  'dyn',
  'error',
];

/** The types without parts, by name. */
export const scalar = Object.fromEntries(scalarNames.map((kind) => [kind, { kind }])) as Readonly<
  Record<ScalarName, ScalarType>
>;

export const listOf = (element: Type, maxElements?: number): ListType => ({
  kind: 'list',
  element,
  ...(maxElements !== undefined && { maxElements }),
});

export const mapOf = (key: Type, value: Type, maxElements?: number): MapType => ({
  kind: 'map',
  key,
  value,
  ...(maxElements !== undefined && { maxElements }),
});

export const opaque = (name: string, ...params: Type[]): OpaqueType => ({ kind: 'opaque', name, params });

export const optionalName = 'optional_type';
export const optionalOf = (type: Type): OpaqueType => opaque(optionalName, type);

export function isOptional(type: Type): type is OpaqueType {
  return type.kind === 'opaque' && type.name === optionalName;
}

/** An object with these fields. */
export function objectOf(name: string, fields: ReadonlyMap<string, Type>): ObjectType {
  return { kind: 'object', name, field: (field) => fields.get(field) };
}

/** The types a type is made of; those of objects are not parts but have names. */
export function partsOf(type: Type): readonly Type[] {
  switch (type.kind) {
    case 'list':
      return [type.element];
    case 'map':
      return [type.key, type.value];
    case 'opaque':
      return type.params;
    case 'type':
      return type.of ? [type.of] : [];
    default:
      return [];
  }
}

function formatted(type: Type, nullName: string): string {
  const names: Readonly<Record<string, string>> = { null: nullName, error: '!error!' };
  const name = 'name' in type ? type.name : (names[type.kind] ?? type.kind);
  const parts = partsOf(type).map((part) => formatted(part, nullName));
  return parts.length === 0 ? name : `${name}(${parts.join(', ')})`;
}

/** A type as errors of the compiler show it: `map(string, list(int))`, `null`. */
export const formatType = (type: Type): string => formatted(type, 'null');

/** A type as complaints about the result show it; they call null `null_type`. */
export const resultTypeName = (type: Type): string => formatted(type, 'null_type');

const typeWords = /[\w.]+|[(),]/g;

/** Reads `map(string, list(A))`: single capitals are parameters, names that are not the language's are opaque types. */
export function readType(text: string): Type {
  const words = text.match(typeWords) ?? [];
  let next = 0;
  const read = (): Type => {
    const name = words[next++] ?? '';
    const params: Type[] = [];
    if (words[next] === '(') {
      do {
        next++;
        params.push(read());
      } while (words[next] === ',');
      next++;
    }
    return named(name, params);
  };
  return read();
}

function named(name: string, params: readonly Type[]): Type {
  const [first = scalar.dyn, second = scalar.dyn] = params;
  if (/^[A-Z]$/.test(name)) return { kind: 'param', name };
  if (name === 'list') return listOf(first);
  if (name === 'map') return mapOf(first, second);
  if (name === 'type') return params.length > 0 ? { kind: 'type', of: first } : { kind: 'type' };
  const simple = scalarNames.find((kind) => kind === name);
  if (simple) return scalar[simple];
  return opaque(name === 'optional' ? optionalName : name, ...params);
}
