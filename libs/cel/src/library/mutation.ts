import { type ObjectType, objectOf, scalar, type Type } from '../types';
import type { EntryMap } from '../values/collections';
import { type CelMap, isList, isMap, type Value } from '../values/value';

/** A part of the object that a policy applies: any field, of any type. */
const partOfObject = (name: string): ObjectType => ({ kind: 'object', name, field: () => scalar.dyn });

const jsonPatch: ObjectType = objectOf(
  'JSONPatch',
  new Map<string, Type>([
    ['op', scalar.string],
    ['path', scalar.string],
    ['from', scalar.string],
    ['value', scalar.dyn],
  ]),
);

/** `Object`, `Object.spec.template` and `JSONPatch`. */
export function mutationType(name: string): ObjectType | undefined {
  if (name === 'JSONPatch') return jsonPatch;
  return name === 'Object' || name.startsWith('Object.') ? partOfObject(name) : undefined;
}

/** The type of what a policy's `applyConfiguration` makes. */
export const objectType: ObjectType = partOfObject('Object');
export const jsonPatchType: ObjectType = jsonPatch;

class NamedMap implements CelMap {
  readonly tag = 'map';
  readonly typeName: string;
  readonly #fields: EntryMap;

  constructor(typeName: string, fields: EntryMap) {
    this.typeName = typeName;
    this.#fields = fields;
  }

  get size(): number {
    return this.#fields.size;
  }

  get(key: Value): Value | undefined {
    return this.#fields.get(key);
  }

  has(key: Value): boolean {
    return this.#fields.has(key);
  }

  keys(): readonly Value[] {
    return this.#fields.keys();
  }
}

/** An object that an expression made. */
export const newObject = (name: string, fields: EntryMap): Value => new NamedMap(name, fields);

/**
 * Where an object that an expression made is not of the type that its place has: `Object{spec: Object.status{}}`. The
 * type of the whole is taken for right.
 */
export const typeNameProblems = (value: Value): readonly string[] =>
  value instanceof NamedMap ? misplaced(value, value.typeName) : [];

function misplaced(value: Value, expected: string): readonly string[] {
  if (value === null || typeof value !== 'object') return [];
  if (isList(value)) {
    return Array.from({ length: value.size }, (_, at) => value.at(at) ?? null).flatMap((item) =>
      misplaced(item, expected),
    );
  }
  if (!isMap(value)) return [];
  const below = (key: Value): string =>
    value instanceof NamedMap ? `${expected}.${typeof key === 'string' ? key : ''}` : expected;
  const own =
    value instanceof NamedMap && value.typeName !== expected
      ? [
          `unexpected type name ${JSON.stringify(value.typeName)}, expected ${JSON.stringify(expected)}, which matches field name path from root Object type`,
        ]
      : [];
  return [...own, ...value.keys().flatMap((key) => misplaced(value.get(key) ?? null, below(key)))];
}
