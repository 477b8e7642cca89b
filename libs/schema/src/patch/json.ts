import { badRequest } from '@kubephant/api';

export { sameJson as equalJson } from '@kubephant/api';

export type JsonObject = Record<string, unknown>;

/** Objects nest no deeper than this in anything the API knows; patches that do are refused before the stack runs out. */
const maxDepth = 1000;

export function checkDepth(depth: number): void {
  if (depth > maxDepth) throw badRequest('patch exceeds the maximum depth');
}

/** Refuses a value that nests too deep for the recursions that follow. */
export function checkNesting(value: unknown, depth = 0): void {
  checkDepth(depth);
  if (typeof value !== 'object' || value === null) return;
  for (const child of Object.values(value)) checkNesting(child, depth + 1);
}

export function isObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** Sets an own property whatever its name: a plain assignment to `__proto__` would set the prototype. */
export function put(target: JsonObject, key: string, value: unknown): void {
  if (key === '__proto__')
    Object.defineProperty(target, key, { value, enumerable: true, configurable: true, writable: true });
  else target[key] = value;
}

/** The own property of that name, or undefined. */
export function own(target: JsonObject, key: string): unknown {
  return Object.hasOwn(target, key) ? target[key] : undefined;
}

export function cloneJson<T>(value: T, depth = 0): T {
  checkDepth(depth);
  if (Array.isArray(value)) return value.map((item: unknown) => cloneJson(item, depth + 1)) as T;
  if (!isObject(value)) return value;
  const copy: JsonObject = {};
  for (const key of Object.keys(value)) put(copy, key, cloneJson(value[key], depth + 1));
  return copy as T;
}

/** The value as Go's `%v` prints decoded JSON (`map[a:1 b:[x y]]`), which some messages of upstream contain. */
export function formatGo(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(formatGo).join(' ')}]`;
  if (!isObject(value))
    return value === null || value === undefined ? '<nil>' : `${value as string | number | boolean}`;
  const entries = Object.keys(value).sort();
  return `map[${entries.map((key) => `${key}:${formatGo(value[key])}`).join(' ')}]`;
}

/** The name of a decoded JSON value's Go type, as upstream's decoding errors tell it. */
export function goTypeOf(value: unknown): string {
  if (Array.isArray(value)) return '[]interface {}';
  if (isObject(value)) return 'map[string]interface {}';
  return { string: 'string', boolean: 'bool', number: 'float64' }[typeof value as string] ?? '%!s(<nil>)';
}

const jsonTypeOf = (value: unknown): string =>
  Array.isArray(value) ? 'array' : typeof value === 'boolean' ? 'bool' : typeof value;

/** BadRequest for a patch whose body has the wrong form. */
export function wrongBody(patch: unknown, wanted: string, prefix = 'error decoding patch: '): Error {
  return badRequest(`${prefix}json: cannot unmarshal ${jsonTypeOf(patch)} into Go value of type ${wanted}`);
}
