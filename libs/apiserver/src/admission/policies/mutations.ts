import { Failure, listOf, jsonPatchType, objectType, resultProblem, toJson, type Value } from '@kubephant/cel';
import { apiVersionOf, type KubeObject } from '@kubephant/api';
import { apply, applyJsonPatch, type Schema } from '@kubephant/schema';
import type { Form } from '../attributes';
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
  const made = await evaluate(expression, session, variables);
  return patchType === 'JSONPatch' ? applyJsonPatch(shown, made) : applied(shown, made as object, form);
}

async function evaluate(expression: Expression, session: Session, variables: Value): Promise<unknown> {
  const { value, error } = await session.evaluate(expression, variables);
  if (error !== undefined) throw new Error(error);
  const json = toJson(value ?? null);
  if (json instanceof Failure) throw new Error(json.message);
  return json;
}

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
    throw new Error(`error applying patch: ${err instanceof Error ? err.message : String(err)}`, { cause: err });
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
