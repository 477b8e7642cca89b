import { type CostRule, nominal } from '../cost/rules';
import type { Meter } from '../evaluate/meter';
import { readType, type Type } from '../types';
import { Duration, isList, isMap, isOpaque, Optional, Timestamp, TypeValue, Uint, type Value } from '../values/value';

export type Call = (args: readonly Value[], meter: Meter) => Value;

/** One form of a function. `params` begin with the receiver where there is one. */
export interface Overload {
  readonly member: boolean;
  readonly params: readonly Type[];
  readonly result: Type;
  readonly cost: CostRule;
  readonly call: Call;
  /** Does once what depends on arguments that are literals; undefined when it is none of those given. */
  readonly prepare?: (literals: readonly (Value | undefined)[]) => Call | undefined;
}

/** Functions by name: `size`, `_+_`, `ip.isCanonical`. */
export type Library = Readonly<Record<string, readonly Overload[]>>;

function splitTypes(text: string): readonly Type[] {
  const parts: string[] = [];
  let depth = 0;
  let start = 0;
  for (let at = 0; at <= text.length; at++) {
    depth += text[at] === '(' ? 1 : text[at] === ')' ? -1 : 0;
    if (at < text.length && (text[at] !== ',' || depth > 0)) continue;
    parts.push(text.slice(start, at).trim());
    start = at + 1;
  }
  return parts.filter((part) => part !== '').map(readType);
}

/** Reads `string.(int) -> string` (with a receiver) and `(string) -> int`. */
function readSignature(signature: string): Pick<Overload, 'member' | 'params' | 'result'> {
  const [left = '', result = 'dyn'] = signature.split(' -> ');
  const at = left.search(/(?<=\.|^)\(/);
  const receiver = left.slice(0, Math.max(0, at - 1));
  const params = splitTypes(left.slice(at + 1, -1));
  return {
    member: receiver !== '',
    params: receiver === '' ? params : [readType(receiver), ...params],
    result: readType(result),
  };
}

/**
 * A form of a function. The signature is upstream's notation; arguments arrive as it says (what is dyn at compile time
 * is checked at run time), which is why the types of `call` may be narrower than any value.
 */
export function overload<Args extends readonly (Value | undefined)[]>(
  signature: string,
  call: (...args: Args) => Value,
  cost: CostRule = nominal,
): Overload {
  const plain = call as unknown as (...args: readonly Value[]) => Value;
  return { ...readSignature(signature), cost, call: (args) => plain(...args) };
}

/** The same for functions that count their steps. */
export function metered<Args extends readonly (Value | undefined)[]>(
  signature: string,
  call: (meter: Meter, ...args: Args) => Value,
  cost: CostRule = nominal,
): Overload {
  const plain = call as unknown as (meter: Meter, ...args: readonly Value[]) => Value;
  return { ...readSignature(signature), cost, call: (args, meter) => plain(meter, ...args) };
}

type Test = (value: Value) => boolean;

const tests: Readonly<Partial<Record<Type['kind'], Test>>> = {
  bool: (value) => typeof value === 'boolean',
  int: (value) => typeof value === 'bigint',
  uint: (value) => value instanceof Uint,
  double: (value) => typeof value === 'number',
  string: (value) => typeof value === 'string',
  bytes: (value) => value instanceof Uint8Array,
  null: (value) => value === null,
  duration: (value) => value instanceof Duration,
  timestamp: (value) => value instanceof Timestamp,
  list: isList,
  map: isMap,
  object: isMap,
  type: (value) => value instanceof TypeValue,
};

/** Whether a value may be an argument of this type, as far as that shows at run time. */
export function accepts(type: Type, value: Value): boolean {
  if (type.kind === 'opaque') {
    if (type.name === 'optional_type') return value instanceof Optional;
    return isOpaque(value) && value.typeName === type.name;
  }
  return tests[type.kind]?.(value) ?? true;
}
