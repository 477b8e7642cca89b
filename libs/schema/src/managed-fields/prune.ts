import type { JsonObject } from '../patch/json';
import type { ObjectSchema } from '../schema';
import { difference, emptySet, intersection, isEmpty, union, type FieldSet } from './field-set';
import type { Managers, Ownership } from './managers';
import type { Form } from './ownership';
import { removeItems, withNamedFields } from './remove';
import { toFieldSet } from './to-set';

export interface Pruning {
  readonly form: Form;
  readonly merged: JsonObject;
  /** Everyone, the applier with what it names now. */
  readonly managers: Managers;
  /** What the applier named before. */
  readonly last: Ownership | undefined;
  /** What it names now. */
  readonly current: FieldSet;
}

/** The merged object without what the applier gave up, unless someone owns it or it holds what stays. */
export function prune(pruning: Pruning): JsonObject {
  const { form, merged, managers, last, current } = pruning;
  if (!last || isEmpty(last.set)) return merged;
  if (last.apiVersion !== form.apiVersion) return pruneInVersion({ ...pruning, last });
  // Most applies name all they named before.
  if (isEmpty(difference(last.set, current))) return merged;
  const pruned = removeItems(form.schema, merged, withNamedFields(form.schema, last.set)) as JsonObject;
  const kept = addBackOwned(form, { merged, pruned }, managers);
  return addBackDangling(form.schema, { merged, pruned: kept }, last.set);
}

/** What was applied in another version is given up in that version. */
function pruneInVersion({ form, merged, managers, last }: Pruning & { readonly last: Ownership }): JsonObject {
  const there = form.versions?.(last.apiVersion);
  const here = form.versions?.(form.apiVersion);
  if (!there || !here) return merged;
  const pruned = prune({
    form: { schema: there.schema, apiVersion: last.apiVersion, versions: form.versions },
    merged: there.convert(merged),
    managers,
    last,
    current: emptySet,
  });
  return here.convert(pruned);
}

interface Pair {
  readonly merged: JsonObject;
  readonly pruned: JsonObject;
}

function addBackOwned(form: Form, pair: Pair, managers: Managers): JsonObject {
  const byVersion = new Map<string, FieldSet>([[form.apiVersion, emptySet]]);
  for (const { apiVersion, set } of managers.values())
    byVersion.set(apiVersion, union(byVersion.get(apiVersion) ?? emptySet, set));
  let pruned = pair.pruned;
  for (const [apiVersion, owned] of byVersion)
    pruned = addBackOwnedIn({ form, apiVersion }, { ...pair, pruned }, owned);
  return pruned;
}

function addBackOwnedIn(at: { form: Form; apiVersion: string }, { merged, pruned }: Pair, owned: FieldSet): JsonObject {
  const { form, apiVersion } = at;
  if (apiVersion === form.apiVersion) return withOwned(form.schema, { merged, pruned }, owned);
  const there = form.versions?.(apiVersion);
  const here = form.versions?.(form.apiVersion);
  if (!there || !here) return pruned;
  return here.convert(withOwned(there.schema, { merged: there.convert(merged), pruned: there.convert(pruned) }, owned));
}

function withOwned(schema: ObjectSchema, { merged, pruned }: Pair, owned: FieldSet): JsonObject {
  const kept = union(pathsOf(schema, pruned), withNamedFields(schema, owned));
  return removeItems(schema, merged, difference(pathsOf(schema, merged), kept)) as JsonObject;
}

/** Brings back what went only because it lay in something given up: the applier never named it. */
function addBackDangling(schema: ObjectSchema, { merged, pruned }: Pair, last: FieldSet): JsonObject {
  const gone = difference(pathsOf(schema, merged), pathsOf(schema, pruned));
  return removeItems(schema, merged, intersection(gone, withNamedFields(schema, last))) as JsonObject;
}

const pathsOf = (schema: ObjectSchema, object: JsonObject): FieldSet =>
  withNamedFields(schema, toFieldSet(schema, object));
