import { StatusError, type KubeObject } from '@kubephant/api';
import {
  applyJsonPatch,
  applyMergePatch,
  applyStrategicMergePatch,
  decodeJson,
  DecodeError,
  decodeValue,
  parseJson,
  restoreProblem,
  type Decoded,
  type Expected,
  type Field,
  type JsonText,
  type ObjectSchema,
} from '@kubephant/schema';
import type { Authenticated } from '@kubephant/serving';
import { asObject } from './body';
import { orBadRequest } from './malformed';
import type { WriteOptions } from './options';

/** The ways to change an object by saying what is to be different; apply is another matter. */
export type PatchType = 'json' | 'merge' | 'strategic';

export interface PatchTarget {
  readonly expected: Expected;
  readonly options: WriteOptions;
}

/**
 * The patch of a body as a function on objects: the body is read once, the function may run again after a conflict.
 * It throws Invalid when the outcome is no object of the expected form.
 */
export function newPatching(
  req: Authenticated,
  type: PatchType,
  body: Buffer,
  { expected, options }: PatchTarget,
): (current: KubeObject) => KubeObject {
  const parsed = orBadRequest(type === 'strategic' ? '' : 'error decoding patch: ', () => parseJson(body.toString()));
  const duplicates = type === 'json' ? operationProblems(parsed) : duplicatesIn(parsed, expected);
  return (current) => {
    const patched = applyTo(type, expected, current, parsed.value);
    const shown = (): string => (type === 'strategic' ? formatGo(parsed.value) : textOf(patched));
    const decoded = decodePatched(type, shown, patched, expected);
    const problems = [...duplicates, ...decoded.problems];
    if (options.fieldValidation === 'Strict' && problems.length > 0) {
      throw invalidPatch(shown, `strict decoding error: ${problems.join(', ')}`);
    }
    if (options.fieldValidation === 'Warn') for (const problem of problems) req.warn(problem);
    return asObject(decoded.object, expected);
  };
}

function applyTo(type: PatchType, { schema }: Expected, current: KubeObject, value: unknown): KubeObject {
  if (type === 'json') return applyJsonPatch(current, value);
  return type === 'merge' ? applyMergePatch(current, value) : applyStrategicMergePatch(schema, current, value);
}

/** Fields that a merge patch names twice; what it names besides need not fit the form yet. */
function duplicatesIn(parsed: JsonText, { schema }: Expected): readonly string[] {
  return orNone(() => decodeJson(schema, parsed).problems).filter((problem) => problem.startsWith('duplicate'));
}

/** Problems of a patch that has the right form; what is wrong with another is told when it is applied. */
function orNone(problemsOf: () => readonly string[]): readonly string[] {
  try {
    return problemsOf();
  } catch (err) {
    if (err instanceof DecodeError) return [];
    throw err;
  }
}

const member: Field['schema'] = { type: 'any' };
const members = ['op', 'path', 'from', 'value'].map((name) => [name, { name, schema: member }] as const);
const operations: Field = { name: 'o', schema: { type: 'list', items: { type: 'object', fields: new Map(members) } } };
const operationList: ObjectSchema = { type: 'object', fields: new Map([['o', operations]]) };

/** Members that an operation of a JSON patch names twice or does not have, in upstream's words. */
function operationProblems({ text }: JsonText): readonly string[] {
  const problems = orNone(() => decodeJson(operationList, `{"o":${text}}`).problems);
  return problems.map((problem) => problem.replace(/^(\w+) field "o/, 'json patch $1 field "'));
}

function decodePatched(type: PatchType, shown: () => string, patched: KubeObject, expected: Expected): Decoded {
  const { kind = expected.kind, apiVersion = expected.apiVersion } = patched as Partial<KubeObject>;
  if (kind !== expected.kind || apiVersion !== expected.apiVersion) {
    throw invalidPatch(shown, `no kind "${kind}" is registered for version "${apiVersion}"`);
  }
  try {
    return decodeValue(expected.schema, patched);
  } catch (err) {
    if (!(err instanceof DecodeError)) throw err;
    const problem = type === 'strategic' ? restoreProblem(expected.schema, patched) : undefined;
    throw invalidPatch(shown, problem ?? err.message);
  }
}

/** 422 about the patch as such: kind and name are not known to upstream here. */
function invalidPatch(shown: () => string, why: string): StatusError {
  const message = `Invalid value: ${JSON.stringify(shown())}: ${why}`;
  const causes = [{ reason: 'FieldValueInvalid', message, field: 'patch' }];
  return new StatusError('Invalid', ` "" is invalid: patch: ${message}`, { causes });
}

const byKey = ([a]: readonly [string, unknown], [b]: readonly [string, unknown]): number => (a < b ? -1 : 1);

/** A patched object as messages show it: its fields by name, its metadata in the order of the API. */
function textOf(patched: KubeObject): string {
  const shown: Partial<KubeObject> = Object.fromEntries(Object.entries(patched).sort(byKey));
  return JSON.stringify(isMetadata(shown.metadata) ? { ...shown, metadata: inOrder(shown.metadata) } : shown);
}

const isMetadata = (value: unknown): value is KubeObject['metadata'] =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** What the server writes comes first in metadata, wherever it was put. */
const firstInMetadata = [
  ...['name', 'generateName', 'namespace', 'uid', 'resourceVersion', 'generation', 'creationTimestamp'],
  ...['deletionTimestamp', 'deletionGracePeriodSeconds'],
];

function inOrder(metadata: KubeObject['metadata']): object {
  const given = new Map(Object.entries(metadata));
  return Object.fromEntries([...firstInMetadata, ...given.keys()].map((name) => [name, given.get(name)]));
}

/** A decoded value as Go's `%v` prints it, which messages about strategic merge patches contain. */
function formatGo(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(formatGo).join(' ')}]`;
  if (value === null || value === undefined) return '<nil>';
  if (typeof value !== 'object') return `${value as string | number | boolean}`;
  const entries = Object.entries(value).sort(byKey);
  return `map[${entries.map(([key, below]) => `${key}:${formatGo(below)}`).join(' ')}]`;
}
