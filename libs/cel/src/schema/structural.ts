import { listOf, mapOf, type ObjectType, scalar, type ScalarType, type Type } from '../types';
import { escapeName } from './escape';

/** The parts of a structural schema (a CRD's `openAPIV3Schema`) that expressions see. */
export interface StructuralSchema {
  readonly type?: string;
  readonly format?: string;
  readonly nullable?: boolean;
  readonly default?: unknown;
  readonly enum?: readonly unknown[];
  readonly maxLength?: number;
  readonly maxItems?: number;
  readonly maxProperties?: number;
  readonly required?: readonly string[];
  readonly properties?: Readonly<Record<string, StructuralSchema>>;
  readonly additionalProperties?: boolean | StructuralSchema;
  readonly items?: StructuralSchema;
  readonly 'x-kubernetes-int-or-string'?: boolean;
  readonly 'x-kubernetes-preserve-unknown-fields'?: boolean;
  readonly 'x-kubernetes-embedded-resource'?: boolean;
  readonly 'x-kubernetes-list-type'?: string;
  readonly 'x-kubernetes-list-map-keys'?: readonly string[];
}

/** A type and how small its values are at least in JSON, which says how many of them a request can hold. */
export interface SizedType {
  readonly type: Type;
  readonly minBytes: number;
}

/** The largest request that upstream's estimates reckon with. */
const requestBytes = 3 * 1024 * 1024;

const text: StructuralSchema = { type: 'string' };

/** What every object that stands alone has, declared or not. */
export function withTypeMeta(schema: StructuralSchema): StructuralSchema {
  const metadata: StructuralSchema = { type: 'object', properties: { name: text, generateName: text } };
  return { ...schema, properties: { ...schema.properties, kind: text, apiVersion: text, metadata } };
}

const atLeastZero = (value: number): number => Math.max(0, value);
const sized = (kind: ScalarType['kind'], maxElements: number): ScalarType => ({ kind, maxElements });

/** Texts of these formats are values of their own kind, with these sizes in JSON. */
const formats: Readonly<Record<string, SizedType>> = {
  duration: { type: sized('duration', 32), minBytes: 3 },
  date: { type: sized('timestamp', 12), minBytes: 12 },
  'date-time': { type: sized('timestamp', 32), minBytes: 21 },
};

/** Lengths are of characters, which take up to four bytes. */
const mostOfLength = (maxLength: number): number => atLeastZero(maxLength) * 4;

function stringType({ format = '', maxLength, enum: values }: StructuralSchema): SizedType {
  if (Object.hasOwn(formats, format)) return formats[format] ?? { type: scalar.string, minBytes: 2 };
  if (format === 'byte') {
    return { type: sized('bytes', maxLength === undefined ? requestBytes - 2 : atLeastZero(maxLength)), minBytes: 2 };
  }
  if (maxLength !== undefined) return { type: sized('string', mostOfLength(maxLength)), minBytes: 2 };
  const lengths = (values ?? []).map((value) => (typeof value === 'string' ? Buffer.byteLength(value) : 0));
  return { type: sized('string', lengths.length > 0 ? Math.max(...lengths) : requestBytes - 2), minBytes: 2 };
}

function arrayType(schema: StructuralSchema, name: string): SizedType | undefined {
  const items =
    schema.items && structuralType(schema.items, `${name}.@idx`, schema.items['x-kubernetes-embedded-resource']);
  if (!items) return undefined;
  const fitting = Math.floor((requestBytes - 2) / (items.minBytes + 1));
  const most = schema.maxItems === undefined ? fitting : atLeastZero(schema.maxItems);
  return { type: listOf(items.type, most), minBytes: 2 };
}

function mapType(schema: StructuralSchema, values: StructuralSchema, name: string): SizedType | undefined {
  const value = structuralType(values, `${name}.@elem`, values['x-kubernetes-embedded-resource']);
  if (!value) return undefined;
  const fitting = Math.floor((requestBytes - 2) / (value.minBytes + 6));
  const most = schema.maxProperties === undefined ? fitting : atLeastZero(schema.maxProperties);
  return { type: mapOf(sized('string', 0), value.type, most), minBytes: 2 };
}

/** What a required property without a default adds to every object: its name, quotes, colon and value. */
function requiredBytes(schema: StructuralSchema, property: string, { minBytes }: SizedType): number {
  const required = schema.required?.includes(property) === true && schema.properties?.[property]?.default === undefined;
  return required ? property.length + minBytes + 4 : 0;
}

function objectType(schema: StructuralSchema, name: string): SizedType {
  const fields = new Map<string, Type>();
  let minBytes = 2;
  for (const [property, part] of Object.entries(schema.properties ?? {})) {
    const escaped = escapeName(property);
    const found = structuralType(part, `${name}.${escaped ?? property}`, part['x-kubernetes-embedded-resource']);
    if (!found) continue;
    if (escaped !== undefined) fields.set(escaped, found.type);
    minBytes += requiredBytes(schema, property, found);
  }
  const type: ObjectType = { kind: 'object', name, field: (field) => fields.get(field) };
  return { type, minBytes };
}

const simple: Readonly<Record<string, SizedType>> = {
  boolean: { type: scalar.bool, minBytes: 4 },
  number: { type: scalar.double, minBytes: 1 },
  integer: { type: scalar.int, minBytes: 1 },
};

/**
 * The type of values of a schema, as rules see them; undefined when rules cannot see them (unknown fields).
 * `isRoot`: it is a whole object of the API, which has apiVersion, kind and metadata.
 */
export function structuralType(schema: StructuralSchema, name: string, isRoot = false): SizedType | undefined {
  if (schema['x-kubernetes-int-or-string'] === true) {
    const most = schema.maxLength === undefined ? requestBytes - 2 : mostOfLength(schema.maxLength);
    return { type: sized('dyn', most), minBytes: 1 };
  }
  const whole = isRoot ? withTypeMeta(schema) : schema;
  switch (whole.type) {
    case 'array':
      return arrayType(whole, name);
    case 'object':
      return typeof whole.additionalProperties === 'object'
        ? mapType(whole, whole.additionalProperties, name)
        : objectType(whole, name);
    case 'string':
      return stringType(whole);
    default:
      return simple[whole.type ?? ''];
  }
}

/** How often values of a schema may occur at most in one request, where nothing above bounds them. */
export const unboundedCardinality = ({ minBytes }: SizedType): number => Math.floor(requestBytes / (minBytes + 1));

/** By how much an array or map multiplies what is in it; undefined when it has no bound, 1 for what is neither. */
export function cardinalityFactor(schema: StructuralSchema): number | undefined {
  if (schema.type === 'array') return schema.maxItems;
  if (schema.type === 'object' && typeof schema.additionalProperties === 'object') return schema.maxProperties;
  return 1;
}
