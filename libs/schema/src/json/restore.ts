import type { Field, Schema, ScalarSchema } from '../schema';
import { isRecord } from './convert';

/**
 * Why a value does not have the form, in the words of upstream's converter of untyped objects, which strategic merge
 * patches go through: it names kinds of Go, and no place (`cannot restore map from string`). Undefined where it has no
 * word for what is wrong.
 */
export function restoreProblem(schema: Schema, value: unknown): string | undefined {
  if (value === null || value === undefined) return undefined;
  switch (schema.type) {
    case 'object':
      return isRecord(value) ? ofFields(schema.fields, value) : `cannot restore struct from: ${kindOf(value)}`;
    case 'map':
      if (!isRecord(value)) return `cannot restore map from ${kindOf(value)}`;
      return firstProblem(Object.values(value).map((item) => [schema.values, item]));
    case 'list':
      if (!Array.isArray(value)) return `cannot restore slice from ${kindOf(value)}`;
      return firstProblem(value.map((item) => [schema.items, item]));
    case 'any':
      return undefined;
    default:
      return ofScalar(schema, value);
  }
}

const ofFields = (fields: ReadonlyMap<string, Field>, value: Record<string, unknown>): string | undefined =>
  firstProblem([...fields].map(([name, { schema }]) => [schema, value[name]]));

function firstProblem(parts: readonly (readonly [Schema, unknown])[]): string | undefined {
  for (const [schema, value] of parts) {
    const problem = restoreProblem(schema, value);
    if (problem !== undefined) return problem;
  }
  return undefined;
}

const goKinds: Partial<Record<Schema['type'], string>> = { string: 'string', boolean: 'bool', number: 'float64' };

/** A type of Go that reads JSON itself says so in the words of the reader of JSON. */
function ofIntOrString(value: unknown): string | undefined {
  if (typeof value === 'string' || typeof value === 'number') return undefined;
  const given = Array.isArray(value) ? 'array' : typeof value === 'boolean' ? 'bool' : typeof value;
  return `json: cannot unmarshal ${given} into Go value of type int32`;
}

function ofScalar({ type, format }: ScalarSchema, value: unknown): string | undefined {
  if (type === 'intOrString') return ofIntOrString(value);
  const wanted = type === 'integer' ? (format ?? 'int64') : goKinds[type];
  const given = kindOf(value);
  if (wanted === undefined || given === wanted) return undefined;
  if (isInteger(given) && isNumeric(wanted)) return undefined;
  // Go converts integers to strings (of one character) and fractions to integers; the converter does neither, but sees
  // that Go would.
  const wouldConvert = (isInteger(given) && wanted === 'string') || (given === 'float64' && isNumeric(wanted));
  return wouldConvert ? `cannot convert ${given} to ${wanted}` : `unrecognized type: ${wanted}`;
}

const isInteger = (kind: string): boolean => kind.startsWith('int');
const isNumeric = (kind: string): boolean => isInteger(kind) || kind.startsWith('float');

/** The kind that decoded JSON has in Go. */
function kindOf(value: unknown): string {
  if (Array.isArray(value)) return 'slice';
  if (typeof value === 'number') return Number.isInteger(value) ? 'int64' : 'float64';
  if (typeof value === 'object') return 'map';
  return typeof value === 'boolean' ? 'bool' : typeof value;
}
