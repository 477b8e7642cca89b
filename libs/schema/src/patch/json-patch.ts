import { StatusError } from '@kubephant/api';
import { cloneJson, equalJson, isObject, own, put, wrongBody, type JsonObject } from './json';

const maxOperations = 10_000;
const maxCopiedBytes = 3 * 1024 * 1024;

type Container = JsonObject | unknown[];

/** Where a pointer leads: the container and the last part of the path. */
interface Place {
  readonly container: Container;
  readonly key: string;
}

/** Why an operation does not apply: never shown, since upstream answers every such failure alike. */
class Inapplicable extends Error {}

const fail = (why: string): never => {
  throw new Inapplicable(why);
};

/**
 * JSON patch (RFC 6902) as upstream applies it: negative indexes count from the end, `replace` of an absent key adds
 * it, `copy` of one adds null. These differ from the RFC, which is why no library does this here.
 * Returns a new object; neither argument is changed.
 * Throws BadRequest when the patch is no list of operations, RequestEntityTooLarge beyond 10,000 of them, and Invalid
 * with upstream's one message for all else: an operation that does not apply, or more than 3 MiB of copies.
 */
export function applyJsonPatch<T extends object>(original: T, patch: unknown): T {
  const document = { root: cloneJson(original) as unknown };
  const copies = { bytes: 0 };
  for (const operation of readOperations(patch)) applyOrReject(document, operation, copies);
  return document.root as T;
}

function readOperations(patch: unknown): readonly JsonObject[] {
  if (patch === null) return [];
  if (!Array.isArray(patch)) throw wrongBody(patch, '[]handlers.jsonPatchOp');
  if (patch.length > maxOperations)
    throw new StatusError(
      'RequestEntityTooLarge',
      `Request entity too large: The allowed maximum operations in a JSON patch is ${maxOperations}, got ${patch.length}`,
    );
  return patch.map((operation: unknown) => {
    if (!isObject(operation)) throw wrongBody(operation, 'handlers.jsonPatchOp');
    return operation;
  });
}

interface Document {
  root: unknown;
}

function applyOrReject(document: Document, operation: JsonObject, copies: { bytes: number }): void {
  try {
    const op = own(operation, 'op');
    const apply = operations.get(op) ?? fail(`Unexpected kind: ${typeof op === 'string' ? op : 'unknown'}`);
    apply(document, operation, copies);
  } catch (err) {
    if (!(err instanceof Inapplicable)) throw err;
    const message = 'the server rejected our request due to an error in our request';
    throw new StatusError('Invalid', message, {}, { cause: err });
  }
}

type Apply = (document: Document, operation: JsonObject, copies: { bytes: number }) => void;

const valueOf = (operation: JsonObject): unknown => cloneJson(own(operation, 'value') ?? null);

const operations: ReadonlyMap<unknown, Apply> = new Map<string, Apply>([
  ['add', (document, operation) => add(find(document, text(operation, 'path')), valueOf(operation))],
  ['remove', removeAt],
  ['replace', (document, operation) => replace(document, text(operation, 'path'), valueOf(operation))],
  ['move', (document, operation) => move(document, text(operation, 'from'), text(operation, 'path'))],
  ['copy', copy],
  ['test', (document, operation) => test(document, text(operation, 'path'), valueOf(operation))],
]);

function text(operation: JsonObject, member: string): string {
  const found = own(operation, member);
  return typeof found === 'string' ? found : fail(`no ${member}`);
}

function find(document: Document, path: string): Place {
  const parts = path.split('/').map((part) => part.replaceAll('~1', '/').replaceAll('~0', '~'));
  if (parts.length < 2) return fail('the path has no parts');
  let container = document.root;
  for (const part of parts.slice(1, -1)) container = isContainer(container) ? get({ container, key: part }) : undefined;
  return isContainer(container) ? { container, key: parts.at(-1) ?? '' } : fail('the path leads nowhere');
}

const isContainer = (value: unknown): value is Container => typeof value === 'object' && value !== null;

/** The index a part of a path means in a list of that length; -1 is the last. */
function indexOf(key: string, length: number): number {
  if (!/^[+-]?\d{1,15}$/.test(key)) return fail('no index');
  const index = Number(key);
  const at = index < 0 ? index + length : index;
  return at >= 0 && at < length ? at : fail('the index is out of bounds');
}

function get({ container, key }: Place): unknown {
  return Array.isArray(container) ? container[indexOf(key, container.length)] : own(container, key);
}

function add({ container, key }: Place, value: unknown): void {
  if (!Array.isArray(container)) put(container, key, value);
  else container.splice(key === '-' ? container.length : indexOf(key, container.length + 1), 0, value);
}

function removeAt(document: Document, operation: JsonObject): void {
  const path = text(operation, 'path');
  const place = find(document, path);
  const { container, key } = place;
  if (!Array.isArray(container) && !Object.hasOwn(container, key)) {
    fail(`error in remove for path: '${path}': Unable to remove nonexistent key: ${key}: missing value`);
  }
  remove(place);
}

function remove({ container, key }: Place): unknown {
  if (Array.isArray(container)) return container.splice(indexOf(key, container.length), 1)[0];
  if (!Object.hasOwn(container, key)) return fail('nothing to remove');
  const removed = container[key];
  Reflect.deleteProperty(container, key);
  return removed;
}

function replace(document: Document, path: string, value: unknown): void {
  if (path === '') {
    document.root = isContainer(value) ? value : fail('no document');
    return;
  }
  const { container, key } = find(document, path);
  if (Array.isArray(container)) container[indexOf(key, container.length)] = value;
  else put(container, key, value);
}

function move(document: Document, from: string, path: string): void {
  const value = remove(find(document, from));
  add(find(document, path), value);
}

function copy(document: Document, operation: JsonObject, copies: { bytes: number }): void {
  const value = get(find(document, text(operation, 'from'))) ?? null;
  copies.bytes += JSON.stringify(value).length;
  if (copies.bytes > maxCopiedBytes) fail('too much copied');
  add(find(document, text(operation, 'path')), cloneJson(value));
}

function test(document: Document, path: string, value: unknown): void {
  const found = path === '' ? document.root : get(find(document, path));
  if (!equalJson(found ?? null, value)) fail(`testing value ${path} failed: test failed`);
}
