import { internalError, invalid, parseApiVersion, StatusError, type KubeObject } from '@kubephant/api';
import {
  applyJsonPatch,
  applyMergePatch,
  applyStrategicMergePatch,
  decodeJson,
  DecodeError,
  decodeValue,
  formatGo,
  notRegistered,
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
import { unnamed } from './metadata';
import type { WriteOptions } from './options';
import { patchedText, touchedByMerge, touchedByOperations } from './patched-text';

/** The ways to change an object by saying what is to be different; apply is another matter. */
export type PatchType = 'json' | 'merge' | 'strategic';

export interface PatchTarget {
  readonly expected: Expected;
  readonly options: WriteOptions;
}

/**
 * The patch of a body as a function on objects: the body is read with the first, the function may run again after a
 * conflict. It throws Invalid when the outcome is no object of the expected form.
 */
export function newPatching(
  req: Authenticated,
  type: PatchType,
  body: Buffer,
  { expected, options }: PatchTarget,
): (current: KubeObject) => KubeObject {
  let read: ReadPatch | undefined;
  return (current) => {
    const { value, duplicates } = (read ??= readPatch(type, body, expected));
    const patched = applyTo(type, expected, current, value);
    const shown = (): string => (type === 'strategic' ? formatGo(value) : shownAs(type, patched, value, expected));
    const decoded = decodePatched(type, shown, { current, patched }, expected);
    const problems = [...duplicates, ...decoded.problems];
    if (options.fieldValidation === 'Strict' && problems.length > 0) {
      throw invalidPatch(shown, `strict decoding error: ${problems.join(', ')}`);
    }
    if (options.fieldValidation === 'Warn') for (const problem of problems) req.warn(problem);
    return asObject(decoded.object, expected);
  };
}

interface ReadPatch {
  readonly value: unknown;
  readonly duplicates: readonly string[];
}

function readPatch(type: PatchType, body: Buffer, expected: Expected): ReadPatch {
  const parsed = orBadRequest(type === 'strategic' ? '' : 'error decoding patch: ', () => parseJson(body.toString()));
  const duplicates = type === 'json' ? operationProblems(parsed) : duplicatesIn(parsed, expected);
  return { value: parsed.value, duplicates };
}

const shownAs = (type: 'json' | 'merge', patched: KubeObject, value: unknown, { schema }: Expected): string =>
  patchedText(schema, patched, type === 'merge' ? touchedByMerge(value) : touchedByOperations(value));

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

interface Patched {
  readonly current: KubeObject;
  readonly patched: KubeObject;
}

function decodePatched(
  type: PatchType,
  shown: () => string,
  { current, patched }: Patched,
  expected: Expected,
): Decoded {
  if (expected.schema.read) checkCustomType(shown, patched, expected);
  else if (type !== 'strategic') checkType(shown, patched, { expected, name: current.metadata.name });
  try {
    return decodeValue(expected.schema, patched);
  } catch (err) {
    if (!(err instanceof DecodeError)) throw err;
    const problem = type === 'strategic' ? restoreProblem(expected.schema, patched) : undefined;
    throw invalidPatch(shown, problem ?? err.message);
  }
}

interface Named {
  readonly expected: Expected;
  readonly name: string;
}

/** A patch that leaves no version makes an object of no kind; one that leaves no kind, of the kind that is expected. */
function checkType(shown: () => string, patched: Partial<KubeObject>, { expected, name }: Named): void {
  const { kind = '', apiVersion = '' } = patched;
  if (apiVersion === '') throw unnamed(name);
  if ((kind && kind !== expected.kind) || apiVersion !== expected.apiVersion)
    throw invalidPatch(shown, notRegistered({ kind: kind || expected.kind, apiVersion }, expected));
}

function checkCustomType(shown: () => string, patched: Partial<KubeObject>, expected: Expected): void {
  const { kind, apiVersion, metadata } = patched;
  if (!kind) throw invalidPatch(shown, `Object 'Kind' is missing in '${shown()}'`);
  if (!apiVersion) throw internalError(new Error("Object 'apiVersion' is missing in 'object has no apiVersion field'"));
  const { group } = parseApiVersion(expected.apiVersion);
  const causes = (['apiVersion', 'kind'] as const)
    .filter((field) => patched[field] !== expected[field])
    .map((field) => ({
      reason: 'FieldValueInvalid' as const,
      field,
      message: `Invalid value: ${JSON.stringify(patched[field])}: must be ${expected[field]}`,
    }));
  if (causes.length > 0) throw invalid({ group, kind }, metadata?.name ?? '', causes);
}

/** 422 about the patch as such: kind and name are not known to upstream here. */
function invalidPatch(shown: () => string, why: string): StatusError {
  const message = `Invalid value: ${JSON.stringify(shown())}: ${why}`;
  const causes = [{ reason: 'FieldValueInvalid', message, field: 'patch' }];
  return new StatusError('Invalid', ` "" is invalid: patch: ${message}`, { causes });
}
