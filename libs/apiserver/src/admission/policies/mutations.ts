import {
  Failure,
  isList,
  isMap,
  jsonPatchType,
  listOf,
  objectType,
  resultProblem,
  toJson,
  typeNameProblems,
  type Value,
} from '@kubephant/cel';
import { apiVersionOf, type KubeObject } from '@kubephant/api';
import { apply, applyJsonPatch, type Schema } from '@kubephant/schema';
import type { Form } from '../attributes';
import { patchProblem } from '../patched';
import type { Expression, Session } from './expressions';

/** A mutation with its expression ready to run. */
export interface CompiledMutation {
  readonly patchType: string;
  readonly expression: Expression;
}

/** Throws what a policy's failure policy is about. */
export async function mutate(
  { patchType, expression }: CompiledMutation,
  shown: KubeObject,
  form: Form,
  { session, variables }: { readonly session: Session; readonly variables: Value },
): Promise<object> {
  const { value = null, error } = await session.evaluate(expression, variables);
  if (error !== undefined) throw new Error(error);
  const problems = madeBy(value, patchType).flatMap(typeNameProblems);
  if (problems.length > 0) throw new Error(`type mismatch: ${problems.join('\n')}`);
  const made = toJson(value);
  if (made instanceof Failure) throw new Error(made.message);
  return patchType === 'JSONPatch' ? patched(shown, made) : applied(shown, made as object, form);
}

/** The objects that an expression made. */
function madeBy(value: Value, patchType: string): readonly Value[] {
  if (patchType !== 'JSONPatch') return [value];
  if (value === null || typeof value !== 'object' || !isList(value)) return [];
  return Array.from({ length: value.size }, (_, at) => value.at(at) ?? null).flatMap((operation) =>
    operation !== null && typeof operation === 'object' && isMap(operation) ? [operation.get('value') ?? null] : [],
  );
}

/** A patch whose test fails is none. */
function patched(shown: KubeObject, patch: unknown): object {
  try {
    return applyJsonPatch(shown, patch);
  } catch (err) {
    const message = messageOf(patchProblem(err));
    if (message.endsWith(': test failed')) return shown;
    throw new Error(`JSON Patch: ${message}`, { cause: err });
  }
}

const messageOf = (err: unknown): string => (err instanceof Error ? err.message : String(err));

/** Whether an expression makes what its patch type needs; undefined: yes. */
export function mutationProblem({ patchType, expression }: CompiledMutation): string | undefined {
  const { program } = expression;
  return program && resultProblem(program.type, patchType === 'JSONPatch' ? listOf(jsonPatchType) : objectType);
}

/** What the expression made, merged as server-side apply merges; nobody owns it. */
function applied(shown: KubeObject, made: object, form: Form): object {
  const atomics = atomicsIn(form.schema, made, '');
  if (atomics.length > 0) {
    const why = `may not mutate atomic arrays, maps or structs: ${atomics.join(', ')}`;
    throw new Error(`error applying patch: invalid ApplyConfiguration: ${why}`);
  }
  const { managedFields, ...metadata } = shown.metadata;
  const apiVersion = apiVersionOf(form.group, form.version);
  const { metadata: given = {}, ...rest } = made as { readonly metadata?: object };
  try {
    const { object } = apply({
      schema: form.schema,
      apiVersion,
      live: { ...shown, metadata },
      applied: { ...rest, kind: form.kind, apiVersion, metadata: given },
      manager: 'admission',
      force: true,
      now: 0,
    });
    const merged = object as { metadata?: object };
    return { ...merged, metadata: { ...merged.metadata, ...(managedFields && { managedFields }) } };
  } catch (err) {
    // There it is told which object does not fit; here there is but one.
    const why = messageOf(err).replace(
      /^failed to create typed patch object \(.*?\): /,
      'failed to convert patch object to typed object: ',
    );
    throw new Error(`error applying patch: ${why}`, { cause: err });
  }
}

/** Paths of what would be replaced as a whole, with all that was not meant: that is refused. */
function atomicsIn(schema: Schema, value: unknown, path: string): readonly string[] {
  if (Array.isArray(value) && schema.type === 'list') {
    const own = schema.listType === 'set' || schema.listType === 'map' ? [] : [path];
    return [...own, ...value.flatMap((item, index) => atomicsIn(schema.items, item, `${path}[${index}]`))];
  }
  if (typeof value !== 'object' || value === null || (schema.type !== 'object' && schema.type !== 'map')) return [];
  const own = schema.mapType === 'atomic' ? [path] : [];
  const below = Object.entries(value).flatMap(([key, part]) => {
    const child = schema.type === 'map' ? schema.values : schema.fields.get(key)?.schema;
    return child ? atomicsIn(child, part, `${path}.${key}`) : [];
  });
  return [...own, ...below];
}
