import { equalJson } from '../patch/json';
import type { StructuralSchema } from './form';
import { hasFormat, isKnownFormat } from './formats';
import { invalidAt, notSupportedAt, tooLongAt, unplaced, wrongType, type Issue } from './issue';
import { matchesPattern } from './patterns';

const int32 = 2 ** 31;
const int64 = 2 ** 63;
const maxExact = 2 ** 53 - 1;

/** The type of a JSON value, where numbers without a fraction that fit 64 bits are integers. */
export function jsonType(value: unknown): string {
  if (value === null) return 'null';
  if (Array.isArray(value)) return 'array';
  if (typeof value === 'number') return isInteger(value) ? 'integer' : 'number';
  return typeof value;
}

const isInteger = (value: number): boolean => Number.isInteger(value) && Math.abs(value) < int64;

/** What the schema takes; none: values of any type. */
function typesOf(schema: StructuralSchema): readonly string[] {
  if (schema['x-kubernetes-int-or-string']) return ['integer', 'string'];
  return schema.type ? [schema.type] : [];
}

/** Texts that are to have a format are not asked for their type, as upstream does not. */
export function checkType(schema: StructuralSchema, value: unknown, at: string): readonly Issue[] {
  const types = typesOf(schema);
  const type = jsonType(value);
  const fits = types.length === 0 || (type === 'null' ? schema.nullable === true : isOfType(schema, types, value));
  if (fits) return [];
  const { format } = schema;
  const isFormatted = format !== undefined && isKnownFormat(format) && !unformatted.has(type);
  return [isFormatted ? wrongType(at, format, goFormats[type] ?? '') : wrongType(at, types.join(','), type)];
}

/** What is reproached with its type, where other values are with the format that is wanted. */
const unformatted: ReadonlySet<string> = new Set(['array', 'null', 'string']);

/** The formats that upstream finds in values: those of Go's numbers. */
const goFormats: Readonly<Record<string, string>> = { integer: 'int64', number: 'float64' };

function isOfType(schema: StructuralSchema, types: readonly string[], value: unknown): boolean {
  const type = jsonType(value);
  const isNumeric = types.includes('number') || types.includes('integer');
  if (schema.format && !isNumeric && (type === 'string' || type === 'array')) return true;
  if (types.includes(type) || (type === 'integer' && types.includes('number'))) return true;
  return type === 'number' && types.includes('integer') && isExact(value as number);
}

const isExact = (value: number): boolean => Number.isInteger(value) && Math.abs(value) <= maxExact;

export function checkEnum({ enum: allowed }: StructuralSchema, value: unknown, at: string): readonly Issue[] {
  if (!allowed || allowed.length === 0 || allowed.some((one) => equalJson(one, value))) return [];
  return [notSupportedAt(at, value, allowed)];
}

export function checkText(schema: StructuralSchema, text: string, at: string): readonly Issue[] {
  const { maxLength, minLength = 0, pattern, format } = schema;
  const issues: Issue[] = [];
  const length = maxLength === undefined && minLength === 0 ? 0 : lengthOf(text);
  if (maxLength !== undefined && length > maxLength) issues.push(tooLongAt(at, maxLength));
  else if (length < minLength) {
    issues.push(invalidAt(at, text, `${at} in body should be at least ${minLength} chars long`));
  } else if (pattern && !matchesPattern(pattern, text)) {
    issues.push(invalidAt(at, text, `${at} in body should match '${pattern}'`));
  }
  if (format && isKnownFormat(format) && !hasFormat(format, text)) issues.push(wrongType(at, format, text));
  return issues;
}

/** Characters, not units of UTF-16. */
function lengthOf(text: string): number {
  let length = 0;
  for (const _ of text) length++;
  return length;
}

export function checkNumber(schema: StructuralSchema, value: number, at: string): readonly Issue[] {
  return [
    ...checkRange(schema, value, at),
    ...checkMultiple(schema, value, at),
    ...checkMinimum(schema, value, at),
    ...checkMaximum(schema, value, at),
  ];
}

/** Upstream tells numbers that do not fit their type apart from those that break a rule. */
function checkRange({ type, format }: StructuralSchema, value: number, at: string): readonly Issue[] {
  if (type !== 'integer') return [];
  const limit = format === 'int32' ? int32 : int64;
  if (Number.isInteger(value) && value >= -limit && value < limit) return [];
  const what = format ? `with format ${format}` : '(default format)';
  return [unplaced(`Checked value must be of type integer ${what} in ${at}`)];
}

/** The bound of an integer is an integer to upstream: its fraction is cut off. */
const boundFor = (value: number, bound: number): number => (isInteger(value) ? Math.trunc(bound) : bound);

function checkMultiple({ multipleOf }: StructuralSchema, value: number, at: string): readonly Issue[] {
  if (multipleOf === undefined) return [];
  const factor = boundFor(value, multipleOf);
  if (factor <= 0) return [invalidAt(at, factor, `factor MultipleOf declared for ${at} must be positive: ${factor}`)];
  const times = factor < 1 ? (1 / factor) * value : value / factor;
  if (isExact(times)) return [];
  return [invalidAt(at, value, `${at} in body should be a multiple of ${factor}`)];
}

function checkMinimum({ minimum, exclusiveMinimum }: StructuralSchema, value: number, at: string): readonly Issue[] {
  if (minimum === undefined) return [];
  const bound = boundFor(value, minimum);
  if (exclusiveMinimum ? value > bound : value >= bound) return [];
  const relation = exclusiveMinimum ? 'greater than' : 'greater than or equal to';
  return [invalidAt(at, value, `${at} in body should be ${relation} ${bound}`)];
}

function checkMaximum({ maximum, exclusiveMaximum }: StructuralSchema, value: number, at: string): readonly Issue[] {
  if (maximum === undefined) return [];
  const bound = boundFor(value, maximum);
  if (exclusiveMaximum ? value < bound : value <= bound) return [];
  const relation = exclusiveMaximum ? 'less than' : 'less than or equal to';
  return [invalidAt(at, value, `${at} in body should be ${relation} ${bound}`)];
}
