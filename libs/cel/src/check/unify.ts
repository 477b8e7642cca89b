import { type ListType, listOf, type MapType, mapOf, type OpaqueType, partsOf, scalar, type Type } from '../types';

/** Kinds whose values may be null, as far as the checker cares. */
const nullable = new Set<Type['kind']>(['duration', 'timestamp', 'object', 'opaque', 'null']);

/** What has been found out about type parameters. Attempts that fail leave it as it was. */
export class Bindings {
  readonly #known = new Map<string, Type>();
  /** Names in the order in which they were found out, so that an attempt can be taken back. */
  readonly #trail: string[] = [];

  /** Whether a value of `actual` may stand where `expected` is wanted; parameters are bound on the way. */
  assign(expected: Type, actual: Type): boolean {
    return this.assignAll([expected], [actual]);
  }

  assignAll(expected: readonly Type[], actual: readonly Type[]): boolean {
    if (expected.length !== actual.length) return false;
    const before = this.#trail.length;
    if (expected.every((type, index) => this.#fits(type, actual[index] ?? scalar.error))) return true;
    for (const name of this.#trail.splice(before)) this.#known.delete(name);
    return false;
  }

  /** The type with every known parameter replaced; unknown ones become dyn where asked. */
  resolve(type: Type, unknownToDyn: boolean): Type {
    if (type.kind === 'param') {
      const known = this.#known.get(type.name);
      if (known) return this.resolve(known, unknownToDyn);
      return unknownToDyn ? scalar.dyn : type;
    }
    const parts = partsOf(type);
    if (parts.length === 0) return type;
    const resolved = parts.map((part) => this.resolve(part, unknownToDyn));
    return resolved.every((part, index) => part === parts[index]) ? type : withParts(type, resolved);
  }

  #lookup(type: Type): Type {
    const known = type.kind === 'param' ? this.#known.get(type.name) : undefined;
    return known ? this.#lookup(known) : type;
  }

  #fits(expected: Type, actual: Type): boolean {
    const left = this.#lookup(expected);
    const right = this.#lookup(actual);
    if (left === right) return true;
    if (left.kind === 'param') return this.#bind(left.name, right);
    if (right.kind === 'param') return this.#bind(right.name, left);
    if (isWild(left) || isWild(right)) return true;
    if (left.kind === 'null') return nullable.has(right.kind);
    if (right.kind === 'null') return nullable.has(left.kind);
    return this.#matches(left, right);
  }

  #matches(left: Type, right: Type): boolean {
    if (left.kind !== right.kind) return false;
    if (left.kind === 'type') return true;
    if ('name' in left && 'name' in right && left.name !== right.name) return false;
    const parts = partsOf(left);
    const others = partsOf(right);
    return parts.length === others.length && parts.every((part, index) => this.#fits(part, others[index] ?? part));
  }

  #bind(name: string, type: Type): boolean {
    if (type.kind === 'param' && type.name === name) return true;
    if (this.#mentions(type, name)) return false;
    this.#known.set(name, type);
    this.#trail.push(name);
    return true;
  }

  #mentions(type: Type, name: string): boolean {
    const known = this.#lookup(type);
    if (known.kind === 'param') return known.name === name;
    return partsOf(known).some((part) => this.#mentions(part, name));
  }
}

const isWild = ({ kind }: Type): boolean => kind === 'dyn' || kind === 'error';

function withParts(type: Type, parts: readonly Type[]): Type {
  const [first = scalar.dyn, second = scalar.dyn] = parts;
  switch (type.kind) {
    case 'list':
      return { ...listOf(first), ...size(type) };
    case 'map':
      return { ...mapOf(first, second), ...size(type) };
    case 'opaque':
      return { ...type, params: parts };
    case 'type':
      return { kind: 'type', of: first };
    default:
      return type;
  }
}

const size = ({ maxElements }: ListType | MapType | OpaqueType): { maxElements?: number } =>
  maxElements === undefined ? {} : { maxElements };

/** The wider of two types that go together. */
export function moreGeneral(first: Type, second: Type): Type {
  return isAsGeneral(first, second) ? first : second;
}

function isAsGeneral(first: Type, second: Type): boolean {
  if (isWild(first) || first.kind === 'param') return true;
  if (isWild(second) || second.kind === 'param') return false;
  if (first.kind === 'null' || first.kind !== second.kind) return false;
  const others = partsOf(second);
  return partsOf(first).every((part, index) => isAsGeneral(part, others[index] ?? part));
}

/** The type with parameters renamed, so that two uses of one function do not share them. */
export function freshen(type: Type, suffix: string): Type {
  if (type.kind === 'param') return { kind: 'param', name: `${type.name}${suffix}` };
  const parts = partsOf(type);
  return parts.length === 0
    ? type
    : withParts(
        type,
        parts.map((part) => freshen(part, suffix)),
      );
}
