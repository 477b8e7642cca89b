import { StatusError } from '@kubephant/api';
import type { Field } from '../schema';
import { formatGo, isObject, own, type JsonObject } from './json';
import { directive, plainError } from './strategic-directives';

type List = readonly unknown[];
type MergeElement = (original: JsonObject, patch: JsonObject) => JsonObject;

export interface ListMerger {
  /** The list with the patch merged into it: new elements come first, unless they follow one that both have. */
  merged(original: List, patch: List): List;
  /** The same, then ordered as `$setElementOrder` wants; undefined when there is no list at all. */
  ordered(original: List | undefined, patch: List | undefined, wanted: List): List | undefined;
}

/** Merges lists of one field: by its merge key, or as a set when its elements are scalars. */
export function listMerger(field: Field, mergeElement: MergeElement): ListMerger {
  const key = field.patchMergeKey;
  const merging = field.patchStrategy?.includes('merge') === true;
  const merged = (original: List, patch: List): List => {
    if (!merging) return patch;
    if (original.length === 0 && patch.length === 0) return original;
    return isListOfMaps(original, patch)
      ? mergeMapLists({ original, patch, key: key ?? noKey(field) }, mergeElement)
      : arrange({
          merged: [...new Set([...original, ...patch])],
          first: patch,
          serverOrder: original,
          identity: scalar,
        });
  };
  const ordered = (original: List | undefined, patch: List | undefined, wanted: List): List | undefined => {
    if (patch) checkOrder(patch, wanted, key);
    const all = original && patch ? merged(original, patch) : (original ?? patch?.filter((item) => !isSpecial(item)));
    if (!all) return undefined;
    const identity = isListOfMaps(all, wanted) ? identityBy(key ?? noKey(field)) : scalar;
    return arrange({ merged: all, first: wanted, serverOrder: original ?? [], identity });
  };
  return { merged, ordered };
}

const noKey = (field: Field): never => {
  throw plainError(`cannot merge lists without merge key for ${field.name}`);
};

const kindOf = (value: unknown): string => (Array.isArray(value) ? 'list' : isObject(value) ? 'map' : typeof value);

/** Whether the elements are maps: they must all be of one kind, and no lists. */
function isListOfMaps(...lists: readonly List[]): boolean {
  const kinds = new Set(lists.flatMap((list) => list.map(kindOf)));
  if (kinds.has('list')) throw new StatusError('', 'lists of lists are not supported', undefined, { code: 422 });
  if (kinds.size > 1) throw plainError(`list element types are not identical: ${formatGo(lists)}`);
  return kinds.has('map');
}

type Identity = (item: unknown) => string;

/** Two elements are the same when their identities are: typed, so that 1 and "1" differ. */
const scalar: Identity = (item) => `${typeof item}:${String(item)}`;

const noMergeKey = (map: unknown, key: string): never => {
  throw plainError(`map: ${formatGo(map)} does not contain declared merge key: ${key}`);
};

const identityBy =
  (key: string): Identity =>
  (item) => {
    if (!isObject(item) || !Object.hasOwn(item, key)) return noMergeKey(item, key);
    return typeof item[key] === 'object' ? JSON.stringify(item[key]) : scalar(item[key]);
  };

const isSpecial = (item: unknown): boolean => isObject(item) && Object.hasOwn(item, directive);

interface MapLists {
  readonly original: List;
  readonly patch: List;
  readonly key: string;
}

function mergeMapLists({ original, patch, key }: MapLists, mergeElement: MergeElement): List {
  const identity = identityBy(key);
  const plain = patch.filter((item) => !isSpecial(item)) as readonly JsonObject[];
  const special = patch.filter(isSpecial) as readonly JsonObject[];
  const doomed = new Set(special.filter(isDeletion).map(identity));
  if (special.some((item) => item[directive] === 'replace')) return plain;
  // An element of the original without the merge key is nothing's match, as long as nothing asks for its identity.
  const isKept = (item: unknown): boolean =>
    !isObject(item) || !Object.hasOwn(item, key) || !doomed.has(identity(item));
  const kept = doomed.size === 0 ? original : original.filter(isKept);
  const merged = [...kept];
  const positions = new Map<string, number>();
  merged.forEach((item, index) => {
    if (isObject(item) && Object.hasOwn(item, key) && !positions.has(identity(item)))
      positions.set(identity(item), index);
  });
  for (const item of plain) {
    const at = positions.get(identity(item));
    if (at === undefined) positions.set(identity(item), merged.push(item) - 1);
    else merged[at] = mergeElement(merged[at] as JsonObject, item);
  }
  return arrange({ merged, first: plain, serverOrder: kept, identity });
}

function isDeletion(item: JsonObject): boolean {
  const what = own(item, directive);
  if (what === 'merge') throw plainError('merging lists cannot yet be specified in the patch');
  if (what !== 'delete' && what !== 'replace')
    throw plainError(`unknown patch type: ${formatGo(what)} in map: ${formatGo(item)}`);
  return what === 'delete';
}

/** Elements of the patch must come in the order that `$setElementOrder` lists them. */
function checkOrder(patch: List, wanted: List, key: string | undefined): void {
  const plain = patch.filter((item) => !isSpecial(item));
  const identity = key === undefined ? scalar : identityBy(key);
  let at = 0;
  for (const item of wanted) if (at < plain.length && identity(plain[at]) === identity(item)) at++;
  if (at < plain.length)
    throw plainError(
      `The order in patch list:\n${formatGo(patch)}\n doesn't match $setElementOrder list:\n${formatGo(wanted)}\n`,
    );
}

interface Arrangement {
  readonly merged: List;
  /** Elements in here are placed in this order; where the server's order does not say otherwise they come first. */
  readonly first: List;
  readonly serverOrder: List;
  readonly identity: Identity;
}

function positionsOf(list: List, identity: Identity): ReadonlyMap<string, number> {
  const positions = new Map<string, number>();
  list.forEach((item, index) => {
    const id = identity(item);
    if (!positions.has(id)) positions.set(id, index);
  });
  return positions;
}

/** Two ordered runs, the patch's elements and the server's own, are merged by their places on the server. */
function arrange({ merged, first, serverOrder, identity }: Arrangement): List {
  const inPatch = positionsOf(first, identity);
  const onServer = positionsOf(serverOrder, identity);
  const place = (positions: ReadonlyMap<string, number>, item: unknown): number => positions.get(identity(item)) ?? 0;
  const theirs = merged
    .filter((item) => inPatch.has(identity(item)))
    .sort((a, b) => place(inPatch, a) - place(inPatch, b));
  const ours = merged
    .filter((item) => !inPatch.has(identity(item)))
    .sort((a, b) => place(onServer, a) - place(onServer, b));
  const arranged: unknown[] = [];
  let next = 0;
  for (const item of theirs) {
    const at = onServer.get(identity(item));
    while (at !== undefined && next < ours.length && (onServer.get(identity(ours[next])) ?? at) < at)
      arranged.push(ours[next++]);
    arranged.push(item);
  }
  return [...arranged, ...ours.slice(next)];
}
