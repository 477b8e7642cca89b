import type { Checked } from '../check/checker';
import type { Overload } from '../library/declare';
import type { Call, Expr, Fold, ListLiteral, MapLiteral } from '../syntax/ast';
import { isOptional, type Type } from '../types';
import { add, exactly, nothing, type Range, multiply, union, unknownSize } from './range';
import type { Operand } from './rules';
import { textSize } from './rules';

/** How large keys and values of a collection are that the expression itself made. */
interface EntrySizes {
  readonly key: Range;
  readonly value: Range;
}

/** What is known of a name that a macro bound. */
interface Local {
  /** Its declared type, when it is part of a variable; sizes of declared types come from schemas. */
  readonly declared: Type | undefined;
  readonly size: Range | undefined;
  readonly entries: EntrySizes | undefined;
}

const create = { list: exactly(10), map: exactly(30), struct: exactly(40) };
const one = exactly(1);

/** What the expression costs at least and at most, given how large the values of declared types may be. */
export function estimateCost(checked: Checked): Range {
  return new Estimator(checked).cost(checked.expr);
}

class Estimator {
  readonly #checked: Checked;
  readonly #sizes = new Map<Expr, Range>();
  readonly #entries = new Map<Expr, EntrySizes>();
  readonly #declared = new Map<Expr, Type>();
  readonly #locals: [name: string, local: Local][] = [];

  constructor(checked: Checked) {
    this.#checked = checked;
  }

  cost(expr: Expr): Range {
    switch (expr.kind) {
      case 'literal':
        return nothing;
      case 'ident':
        this.#word(expr);
        return one;
      case 'select':
        return this.#select(expr);
      case 'call':
        return this.#call(expr);
      case 'list':
        return this.#list(expr);
      case 'map':
        return this.#map(expr);
      case 'struct':
        return add(...expr.fields.map(({ value }) => this.cost(value)), create.struct);
      case 'fold':
        return expr.accumulator === '@result' ? this.#fold(expr) : this.#bind(expr);
    }
  }

  #local(expr: Expr): Local | undefined {
    if (expr.kind !== 'ident') return undefined;
    return this.#locals.findLast(([name]) => name === expr.name)?.[1];
  }

  #variableType(expr: Expr): Type | undefined {
    return this.#checked.meaningOf(expr)?.kind === 'variable' ? this.#checked.typeOf(expr) : undefined;
  }

  #word(expr: Expr): void {
    this.#follow(expr, this.#local(expr)?.declared ?? this.#variableType(expr));
    // Upstream takes the name of a type for a variable without a size: comparing with it is free.
    if (this.#checked.meaningOf(expr)?.kind === 'type') this.#sizes.set(expr, nothing);
  }

  #follow(expr: Expr, type: Type | undefined): void {
    if (type) this.#declared.set(expr, isOptional(type) ? (type.params[0] ?? type) : type);
  }

  #select(expr: Extract<Expr, { kind: 'select' }>): Range {
    if (this.#checked.meaningOf(expr)) {
      this.#word(expr);
      return one;
    }
    const operand = this.cost(expr.operand);
    if (expr.test) return operand;
    const within = this.#declared.get(expr.operand);
    if (within) this.#follow(expr, within.kind === 'map' ? within.value : fieldOf(within, expr.field));
    const { kind } = this.#checked.typeOf(expr.operand);
    return kind === 'map' || kind === 'object' || kind === 'opaque' ? add(operand, one) : operand;
  }

  #call(call: Call): Range {
    const operands = this.#operands(call);
    const costs = operands.map((operand) => this.cost(operand));
    if (call.name === '_&&_' || call.name === '_||_') {
      return { min: costs[0]?.min ?? 0, max: add(...costs).max };
    }
    if (call.name === '_?_:_') return this.#conditional(call, costs);
    const known = operands.map((operand) => this.#operand(operand));
    const estimates = this.#checked.overloadsOf(call).map((overload) => estimateOf(overload, known));
    this.#keepSizes(
      call,
      operands,
      estimates.flatMap(({ size }) => (size ? [size] : [])),
    );
    const own = estimates.map(({ cost }) => cost);
    return add(...costs, own.length === 0 ? one : own.reduce(union));
  }

  #operands(call: Call): readonly Expr[] {
    return call.target && !this.#checked.isNamespaced(call) ? [call.target, ...call.args] : call.args;
  }

  #keepSizes(call: Call, operands: readonly Expr[], sizes: readonly Range[]): void {
    const [first, second] = operands;
    if (sizes.length > 0) this.#sizes.set(call, sizes.reduce(union));
    if (!first) return;
    if (call.name === '_[_]') this.#index(call, first);
    else if (call.name === 'dyn') this.#copy(call, first);
    else if (call.name === '_+_' && second) this.#mergeEntries(call, first, second);
  }

  #index(call: Call, collection: Expr): void {
    const entries = this.#entriesOf(collection);
    if (entries) this.#sizes.set(call, entries.value);
    this.#follow(call, elementOf(this.#declared.get(collection)));
  }

  #mergeEntries(to: Expr, left: Expr, right: Expr): void {
    const entries = this.#entriesOf(left);
    const others = this.#entriesOf(right);
    if (entries && others) this.#entries.set(to, unionOfEntries(entries, others));
  }

  #copy(to: Expr, from: Expr): void {
    const size = this.#sizeOf(from);
    const entries = this.#entriesOf(from);
    if (size) this.#sizes.set(to, size);
    if (entries) this.#entries.set(to, entries);
  }

  #conditional(call: Call, [condition = nothing, yes = nothing, no = nothing]: readonly Range[]): Range {
    const [, left, right] = call.args;
    if (left && right) {
      this.#sizes.set(call, union(this.#size(left), this.#size(right)));
      this.#mergeEntries(call, left, right);
    }
    return add(condition, union(yes, no));
  }

  #list(list: ListLiteral): Range {
    const costs = list.items.map((item) => this.cost(item));
    this.#entries.set(list, { key: one, value: this.#sizesOf(list.items) });
    return add(...costs, create.list);
  }

  #map(map: MapLiteral): Range {
    const keys = map.entries.map(({ key }) => key);
    const values = map.entries.map(({ value }) => value);
    const costs = [...keys, ...values].map((part) => this.cost(part));
    this.#entries.set(map, { key: this.#sizesOf(keys), value: this.#sizesOf(values) });
    return add(...costs, create.map);
  }

  #sizesOf(exprs: readonly Expr[]): Range {
    return exprs.length === 0 ? nothing : exprs.map((expr) => this.#size(expr)).reduce(union);
  }

  #bind(fold: Fold): Range {
    const cost = add(this.cost(fold.range), this.cost(fold.init));
    this.#locals.push([fold.accumulator, this.#localOf(fold.init)]);
    const result = this.cost(fold.result);
    this.#locals.pop();
    this.#copy(fold, fold.result);
    return add(cost, result);
  }

  #localOf(expr: Expr): Local {
    return { declared: this.#declared.get(expr), size: this.#sizeOf(expr), entries: this.#entriesOf(expr) };
  }

  /** What the variables of a macro are: parts of its range. */
  #variables(fold: Fold): readonly Local[] {
    const entries = this.#entriesOf(fold.range);
    const declared = this.#declared.get(fold.range);
    const type = declared ?? this.#checked.typeOf(fold.range);
    const key: Local = {
      declared: declared?.kind === 'map' ? declared.key : undefined,
      size: entries?.key,
      entries: undefined,
    };
    const value: Local = { declared: elementOf(declared), size: entries?.value, entries: undefined };
    if (fold.variables.length === 2) return [key, value];
    return [type.kind === 'list' ? value : key];
  }

  #fold(fold: Fold): Range {
    const before = add(this.cost(fold.range), this.cost(fold.init));
    const size = this.#size(fold.range);
    const locals = this.#variables(fold);
    this.#locals.push([fold.accumulator, this.#localOf(fold.init)]);
    fold.variables.forEach((name, index) => this.#locals.push([name, locals[index] ?? locals[0] ?? noLocal]));
    const turn = add(this.cost(fold.condition), this.cost(fold.step));
    this.#locals.length -= fold.variables.length;
    const result = this.cost(fold.result);
    this.#locals.pop();
    this.#foldSizes(fold, size);
    return add(before, result, multiply(size, turn));
  }

  #foldSizes(fold: Fold, size: Range): void {
    if (fold.init.kind === 'literal') {
      this.#sizes.set(fold, one);
      return;
    }
    this.#sizes.set(fold, size);
    const entries = this.#entriesOf(fold.step);
    if (entries) this.#entries.set(fold, entries);
  }

  #entriesOf(expr: Expr): EntrySizes | undefined {
    return this.#entries.get(expr) ?? this.#local(expr)?.entries;
  }

  #size(expr: Expr): Range {
    return this.#sizeOf(expr) ?? unknownSize;
  }

  #sizeOf(expr: Expr): Range | undefined {
    return (
      this.#sizes.get(expr) ??
      literalSize(expr) ??
      declaredSize(this.#declared.get(expr)) ??
      scalarSize(this.#checked.typeOf(expr)) ??
      this.#local(expr)?.size
    );
  }

  #operand(expr: Expr): Operand {
    const type = this.#checked.typeOf(expr);
    const declared = this.#declared.get(expr);
    const size = this.#size(expr);
    if (type.kind === 'opaque') return { size, isList: false, opaque: type.name };
    if (type.kind !== 'list') return { size, isList: false };
    const textual = type.element.kind === 'string' || type.element.kind === 'bytes';
    const element = declared?.kind === 'list' ? declaredSize(declared.element) : undefined;
    return { size, isList: true, ...(textual && { elements: element ?? unknownSize }) };
  }
}

const noLocal: Local = { declared: undefined, size: undefined, entries: undefined };

const elementOf = (type: Type | undefined): Type | undefined =>
  type?.kind === 'list' ? type.element : type?.kind === 'map' ? type.value : undefined;

const fieldOf = (type: Type, field: string): Type | undefined =>
  type.kind === 'object' ? type.field(field) : undefined;

const estimateOf = ({ cost }: Overload, operands: readonly Operand[]): { cost: Range; size?: Range } =>
  cost.estimate(operands);

const unionOfEntries = (left: EntrySizes, right: EntrySizes): EntrySizes => ({
  key: union(left.key, right.key),
  value: union(left.value, right.value),
});

function literalSize(expr: Expr): Range | undefined {
  if (expr.kind === 'list') return exactly(expr.items.length);
  if (expr.kind === 'map') return exactly(expr.entries.length);
  if (expr.kind !== 'literal') return undefined;
  if (typeof expr.value === 'string') return exactly(textSize(expr.value));
  return exactly(expr.value instanceof Uint8Array ? expr.value.length : 1);
}

/** Part of a variable: as large as its schema lets it be; what has no size has none (upstream says 0). */
const declaredSize = (type: Type | undefined): Range | undefined =>
  type && { min: 0, max: type.kind === 'dyn' && type.maxElements === undefined ? Infinity : (type.maxElements ?? 0) };

const scalars = new Set<Type['kind']>(['bool', 'double', 'duration', 'int', 'timestamp', 'uint']);

function scalarSize(type: Type): Range | undefined {
  if (scalars.has(type.kind)) return one;
  const [within] = isOptional(type) ? type.params : [];
  return within ? scalarSize(within) : undefined;
}
