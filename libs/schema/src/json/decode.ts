import type { ObjectSchema } from '../schema';
import { converter, isRecord, type Tally } from './convert';
import { DecodeError } from './error';
import { explain } from './explain';
import { inspectJson, maxDepth } from './inspect';
import { Mismatch } from './scalars';
import { strictProblems, unknownFields } from './strict';
import { syntaxProblem } from './syntax';
import { parseYaml, type ParsedYaml } from './yaml';

/** What the API does about unknown and duplicate fields: nothing, tell the client, or refuse. */
export type FieldValidation = 'Ignore' | 'Warn' | 'Strict';

export interface Decoded {
  /** The typed value: unknown fields pruned, nulls gone, texts canonical, in the order of the schema. */
  readonly object: Record<string, unknown>;
  /** Unknown and duplicate fields, in upstream's words; always empty with `Ignore`. */
  readonly problems: readonly string[];
}

/** JSON text with the value in it and what a look at the text told. */
export interface JsonText {
  readonly text: string;
  readonly value: unknown;
  readonly members: number;
}

/** Parses JSON. Throws DecodeError when the text is malformed or nests too deep. */
export function parseJson(text: string): JsonText {
  const { members, depth } = inspectJson(text);
  if (depth > maxDepth) throw new DecodeError(syntaxProblem(text) ?? 'exceeded max depth');
  try {
    const value: unknown = JSON.parse(text);
    return { text, value, members };
  } catch {
    throw new DecodeError(syntaxProblem(text) ?? 'unexpected end of JSON input');
  }
}

/** Decodes JSON by schema. Throws DecodeError. */
export function decodeJson(
  schema: ObjectSchema,
  source: string | JsonText,
  fieldValidation: FieldValidation = 'Warn',
): Decoded {
  const { text, value, members } = typeof source === 'string' ? parseJson(source) : source;
  const tally: Tally = { members: 0, unknown: 0 };
  const object = convert(schema, value, tally);
  const suspicious = tally.unknown > 0 || tally.members !== members;
  return { object, problems: suspicious && fieldValidation !== 'Ignore' ? strictProblems(schema, text) : [] };
}

/** Decodes the first document of YAML text by schema. Throws DecodeError. */
export function decodeYaml(schema: ObjectSchema, text: string, fieldValidation: FieldValidation = 'Warn'): Decoded {
  return decodeParsedYaml(schema, parseYaml(text), fieldValidation);
}

/** Decodes YAML that was parsed already. Throws DecodeError. */
export function decodeParsedYaml(schema: ObjectSchema, yaml: ParsedYaml, fieldValidation: FieldValidation): Decoded {
  const decoded = decodeValue(schema, yaml.value, fieldValidation);
  if (fieldValidation === 'Ignore') return decoded;
  return { object: decoded.object, problems: [...yaml.duplicates, ...decoded.problems] };
}

/** Decodes a value that was parsed already, such as the result of a patch. Throws DecodeError. */
export function decodeValue(schema: ObjectSchema, value: unknown, fieldValidation: FieldValidation = 'Warn'): Decoded {
  const tally: Tally = { members: 0, unknown: 0 };
  const object = convert(schema, value, tally);
  const report = fieldValidation !== 'Ignore' && tally.unknown > 0;
  return { object, problems: report ? unknownFields(schema, value) : [] };
}

function convert(schema: ObjectSchema, value: unknown, tally: Tally): Record<string, unknown> {
  try {
    const result = converter(schema)(value ?? {}, tally);
    return isRecord(result) ? result : {};
  } catch (err) {
    if (err instanceof RangeError) throw new DecodeError('exceeded max depth');
    if (!(err instanceof Mismatch)) throw err;
    throw new DecodeError(explain(schema, value) ?? err.message, { cause: err });
  }
}
