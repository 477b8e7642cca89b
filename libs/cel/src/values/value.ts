import type { Quantity } from '@kubephant/api';
import type { Meter } from '../evaluate/meter';

/** An unsigned 64-bit number; `int` is a plain bigint, `double` a number. */
export class Uint {
  readonly value: bigint;

  constructor(value: bigint) {
    this.value = value;
  }
}

/** An instant, in nanoseconds since 1970. */
export class Timestamp {
  readonly nanos: bigint;

  constructor(nanos: bigint) {
    this.nanos = nanos;
  }
}

export class Duration {
  readonly nanos: bigint;

  constructor(nanos: bigint) {
    this.nanos = nanos;
  }
}

/** A type as a value: `type(1)`. */
export class TypeValue {
  readonly name: string;

  constructor(name: string) {
    this.name = name;
  }
}

export class Optional {
  readonly value: Value | undefined;

  constructor(value?: Value) {
    this.value = value;
  }

  static readonly none: Optional = new Optional();
}

/** An expression's error as a value, which the logical operators can absorb. */
export class Failure {
  readonly message: string;

  constructor(message: string) {
    this.message = message;
  }
}

/** Lists never change once they can be seen. */
export interface List {
  readonly tag: 'list';
  readonly size: number;
  /** The element; undefined out of bounds. */
  at(index: number): Value | undefined;
  /** Equality of lists with a type of their own (`x-kubernetes-list-type: set`); undefined: element by element. */
  readonly equals?: (other: List, meter: Meter) => Value;
  /** The sum of lists with a type of their own. */
  readonly plus?: (other: List, meter: Meter) => Value;
}

/** Maps from string, int, uint or bool. Objects of the API are maps too, with the names of fields as keys. */
export interface CelMap {
  readonly tag: 'map';
  readonly size: number;
  get(key: Value): Value | undefined;
  has(key: Value): boolean;
  keys(): readonly Value[];
  /** Set when it is an object: the name of its type, which `type()` answers. */
  readonly typeName?: string;
}

/** A value of a library. */
export interface OpaqueValue {
  readonly tag: 'opaque';
  readonly typeName: string;
  equals(other: Value): boolean;
}

export type Constant = null | boolean | bigint | number | string | Uint | Uint8Array;
export type Value = Constant | Timestamp | Duration | TypeValue | Optional | Failure | List | CelMap | OpaqueValue;

export type QuantityValue = OpaqueValue & { readonly quantity: Quantity };

const hasTag = (value: Value, tag: string): boolean =>
  typeof value === 'object' && value !== null && 'tag' in value && value.tag === tag;

export const isList = (value: Value): value is List => hasTag(value, 'list');
export const isMap = (value: Value): value is CelMap => hasTag(value, 'map');
export const isOpaque = (value: Value): value is OpaqueValue => hasTag(value, 'opaque');

const primitiveNames: Readonly<Record<string, string>> = {
  bigint: 'int',
  number: 'double',
  string: 'string',
  boolean: 'bool',
};

type Class = abstract new (...args: never[]) => unknown;
const classNames: readonly (readonly [Class, string])[] = [
  [Uint, 'uint'],
  [Uint8Array, 'bytes'],
  [Timestamp, 'google.protobuf.Timestamp'],
  [Duration, 'google.protobuf.Duration'],
  [TypeValue, 'type'],
  [Optional, 'optional_type'],
  [Failure, 'error'],
];

/** The name of a value's type, as `type()` and errors tell it. */
export function typeNameOf(value: Value): string {
  if (value === null) return 'null_type';
  const primitive = primitiveNames[typeof value];
  if (primitive !== undefined) return primitive;
  if (isList(value)) return 'list';
  if (isMap(value)) return value.typeName ?? 'map';
  if (isOpaque(value)) return value.typeName;
  return classNames.find(([of]) => value instanceof of)?.[1] ?? 'dyn';
}

export const noSuchKey = (key: string): Failure => new Failure(`no such key: ${key}`);
export const noSuchOverload: Failure = new Failure('no such overload');
