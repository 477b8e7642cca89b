import { type ObjectType, objectOf, scalar, type Type } from '../types';
import type { EntryMap } from '../values/collections';
import type { CelMap, Value } from '../values/value';

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
