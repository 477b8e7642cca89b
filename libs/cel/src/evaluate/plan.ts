import type { Checked } from '../check/checker';
import { present } from '../library/collections';
import { accepts, type Overload } from '../library/declare';
import type { Call, Expr, ListLiteral, MapLiteral, Select, StructLiteral } from '../syntax/ast';
import type { Type } from '../types';
import { ArrayList, EntryMap } from '../values/collections';
import {
  type CelMap,
  Failure,
  isMap,
  noSuchKey,
  noSuchOverload,
  Optional,
  TypeValue,
  typeNameOf,
  type Value,
} from '../values/value';
import type { Meter } from './meter';
import { planFold } from './fold';

/** Where an evaluation stands: what it has cost, what it was given, what its macros have bound. */
export interface Frame {
  readonly meter: Meter;
  readonly variable: (name: string) => Value;
  readonly locals: Value[];
}

/** A part of an expression, ready to run. */
export type Step = (frame: Frame) => Value;

/** Names bound by macros, innermost last; the place of a name is its slot in `Frame.locals`. */
export type Scope = readonly string[];

/** Upstream's price of making a list, a map, an object. */
const creation = { list: 10, map: 30, struct: 40 };

/** Turns an expression into a function once, so that running it costs nothing but the run. */
export class Planner {
  readonly #checked: Checked;
  readonly #construct: (name: string, fields: EntryMap) => Value;

  constructor(checked: Checked, construct: (name: string, fields: EntryMap) => Value) {
    this.#checked = checked;
    this.#construct = construct;
  }

  plan(expr: Expr, scope: Scope): Step {
    switch (expr.kind) {
      case 'literal': {
        const { value } = expr;
        return () => value;
      }
      case 'ident':
        return this.#word(expr, scope);
      case 'select':
        return this.#select(expr, scope);
      case 'call':
        return this.#call(expr, scope);
      case 'list':
        return this.#list(expr, scope);
      case 'map':
        return this.#map(expr, scope);
      case 'struct':
        return this.#struct(expr, scope);
      case 'fold':
        return planFold(this, expr, scope);
    }
  }

  #word(expr: Expr, scope: Scope): Step {
    const meaning = this.#checked.meaningOf(expr);
    if (!meaning) return () => noSuchOverload;
    const { kind, name } = meaning;
    if (kind === 'type') {
      const type = new TypeValue(runtimeTypeName(this.#checked.typeOf(expr), name));
      return () => type;
    }
    const slot = scope.lastIndexOf(name);
    if (kind === 'local') {
      return (frame) => {
        frame.meter.charge(1);
        return frame.locals[slot] ?? null;
      };
    }
    return (frame) => {
      frame.meter.charge(1);
      return frame.variable(name);
    };
  }

  #select(expr: Select, scope: Scope): Step {
    if (this.#checked.meaningOf(expr)) return this.#word(expr, scope);
    const operand = this.plan(expr.operand, scope);
    const { field } = expr;
    if (expr.test) return (frame) => isPresent(operand(frame), field);
    const read = expr.optional ? optionalField : fieldOf;
    return (frame) => {
      const value = operand(frame);
      frame.meter.charge(1);
      return read(value, field);
    };
  }

  #call(call: Call, scope: Scope): Step {
    const namespaced = !call.target || this.#checked.isNamespaced(call);
    const operands = call.target && !namespaced ? [call.target, ...call.args] : call.args;
    const steps = operands.map((operand) => this.plan(operand, scope));
    const lazy = Object.hasOwn(lazyOperators, call.name) ? lazyOperators[call.name] : undefined;
    if (lazy) return lazy(steps);
    const types = operands.map((operand) => this.#checked.typeOf(operand));
    const overloads = this.#checked.overloadsOf(call).map((overload) => prepared(overload, operands));
    return invocation(call.name, steps, overloads, types);
  }

  #list({ items, optional }: ListLiteral, scope: Scope): Step {
    const steps = items.map((item) => this.plan(item, scope));
    return (frame) => {
      const values: Value[] = [];
      for (let index = 0; index < steps.length; index++) {
        const value = steps[index]?.(frame) ?? null;
        if (value instanceof Failure) return value;
        if (!optional.has(index)) values.push(value);
        else if (!(value instanceof Optional)) return noSuchOverload;
        else if (value.value !== undefined) values.push(value.value);
      }
      frame.meter.charge(creation.list);
      return new ArrayList(values);
    };
  }

  #map({ entries }: MapLiteral, scope: Scope): Step {
    const fill = this.#entries(
      entries.map(({ key, value, optional }) => ({
        key: this.plan(key, scope),
        value: this.plan(value, scope),
        optional,
      })),
    );
    return (frame) => {
      const map = fill(frame);
      frame.meter.charge(creation.map);
      return map;
    };
  }

  #struct({ name, fields }: StructLiteral, scope: Scope): Step {
    const fill = this.#entries(
      fields.map((field) => ({
        key: () => field.name,
        value: this.plan(field.value, scope),
        optional: field.optional,
      })),
    );
    return (frame) => {
      const map = fill(frame);
      frame.meter.charge(creation.struct);
      return map instanceof Failure ? map : this.#construct(name, map);
    };
  }

  #entries(entries: readonly { key: Step; value: Step; optional: boolean }[]): (frame: Frame) => EntryMap | Failure {
    return (frame) => {
      const map = new EntryMap();
      for (const { key, value, optional } of entries) {
        const failure = addEntry(map, key(frame), value(frame), optional);
        if (failure) return failure;
      }
      return map;
    };
  }
}

function addEntry(map: EntryMap, key: Value, value: Value, optional: boolean): Failure | undefined {
  if (key instanceof Failure) return key;
  if (value instanceof Failure) return value;
  if (!optional) return map.insert(key, value);
  if (!(value instanceof Optional)) return noSuchOverload;
  return value.value === undefined ? undefined : map.insert(key, value.value);
}

const runtimeNames: Readonly<Record<string, string>> = {
  null: 'null_type',
  duration: 'google.protobuf.Duration',
  timestamp: 'google.protobuf.Timestamp',
};

function runtimeTypeName(type: Type, name: string): string {
  return type.kind === 'type' && type.of ? (runtimeNames[type.of.kind] ?? name) : name;
}

function mapIn(value: Value): CelMap | undefined {
  if (isMap(value)) return value;
  return value instanceof Optional && value.value !== undefined && isMap(value.value) ? value.value : undefined;
}

function isPresent(value: Value, field: string): Value {
  return value instanceof Failure ? value : (mapIn(value)?.has(field) ?? false);
}

function fieldOf(value: Value, field: string): Value {
  if (value instanceof Failure) return value;
  if (value instanceof Optional) return optionalField(value, field);
  return present(isMap(value) ? value.get(field) : undefined, () => noSuchKey(field));
}

function optionalField(value: Value, field: string): Value {
  if (value instanceof Failure) return value;
  const found = mapIn(value)?.get(field);
  if (found === undefined) return Optional.none;
  return found instanceof Failure || found instanceof Optional ? found : new Optional(found);
}

/** `&&` decides on false, `||` on true: whoever of the two decides makes errors of the other go away. */
function logical(left: Step, right: Step, decisive: boolean): Step {
  return (frame) => {
    const first = left(frame);
    if (first === decisive) return decisive;
    const second = right(frame);
    if (second === decisive) return decisive;
    if (first === !decisive && second === !decisive) return !decisive;
    if (first instanceof Failure) return first;
    return second instanceof Failure ? second : noSuchOverload;
  };
}

function conditional(condition: Step, yes: Step, no: Step): Step {
  return (frame) => {
    const value = condition(frame);
    if (typeof value === 'boolean') return value ? yes(frame) : no(frame);
    return value instanceof Failure ? value : noSuchOverload;
  };
}

function notStrictlyFalse(operand: Step): Step {
  return (frame) => {
    const value = operand(frame);
    frame.meter.charge(1);
    return value !== false;
  };
}

const constant =
  (value: Value): Step =>
  () =>
    value;
const failing = constant(noSuchOverload);

/** What does not evaluate all of its operands, or takes errors for operands. */
const lazyOperators: Readonly<Record<string, (operands: readonly Step[]) => Step>> = {
  '_&&_': ([left = failing, right = failing]) => logical(left, right, false),
  '_||_': ([left = failing, right = failing]) => logical(left, right, true),
  '_?_:_': ([condition = failing, yes = failing, no = failing]) => conditional(condition, yes, no),
  '@not_strictly_false': ([operand = failing]) => notStrictlyFalse(operand),
};

/** Operators complain without the types of what they were given. */
const isOperator = (name: string): boolean => /^[@_!-]/.test(name);

function noOverload(name: string, values: readonly Value[]): Failure {
  if (isOperator(name)) return noSuchOverload;
  return new Failure(`no such overload: ${name}(${values.map(typeNameOf).join(', ')})`);
}

const isOpen = ({ kind }: Type): boolean => kind === 'dyn' || kind === 'param';

/** The overload with what depends on literals done already. */
function prepared(overload: Overload, operands: readonly Expr[]): Overload {
  const literals = operands.map((operand) => (operand.kind === 'literal' ? operand.value : undefined));
  const call = overload.prepare?.(literals);
  return call ? { ...overload, call } : overload;
}

function invocation(
  name: string,
  steps: readonly Step[],
  overloads: readonly Overload[],
  types: readonly Type[],
): Step {
  const [only] = overloads;
  const fits = (overload: Overload, values: readonly Value[]): boolean =>
    overload.params.every((param, index) => accepts(param, values[index] ?? null));
  const certain =
    overloads.length === 1 && only?.params.every((param, index) => isOpen(param) || !isOpen(types[index] ?? param));
  return (frame) => {
    const values: Value[] = [];
    for (const step of steps) {
      const value = step(frame);
      if (value instanceof Failure) return value;
      values.push(value);
    }
    const overload = certain ? only : overloads.find((each) => fits(each, values));
    if (!overload) return noOverload(name, values);
    frame.meter.charge(overload.cost.runtime(values));
    return overload.call(values, frame.meter);
  };
}
