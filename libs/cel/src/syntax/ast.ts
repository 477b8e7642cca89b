import type { Constant } from '../values/value';

/** An expression. `at` is where upstream points when it complains: the operator, the dot, the bracket, the word. */
export type Expr = Literal | Ident | Select | Call | ListLiteral | MapLiteral | StructLiteral | Fold;

export interface Literal {
  readonly kind: 'literal';
  readonly at: number;
  readonly value: Constant;
}

export interface Ident {
  readonly kind: 'ident';
  readonly at: number;
  readonly name: string;
}

export interface Select {
  readonly kind: 'select';
  readonly at: number;
  readonly operand: Expr;
  readonly field: string;
  /** `has(operand.field)`. */
  readonly test: boolean;
  /** `operand.?field`. */
  readonly optional: boolean;
}

export interface Call {
  readonly kind: 'call';
  readonly at: number;
  /** Operators have upstream's names: `_+_`, `_[_]`, `_?_:_`. */
  readonly name: string;
  readonly target?: Expr;
  readonly args: readonly Expr[];
}

export interface ListLiteral {
  readonly kind: 'list';
  readonly at: number;
  readonly items: readonly Expr[];
  /** Which items are optional: `[?x]`. */
  readonly optional: ReadonlySet<number>;
}

export interface Entry {
  readonly at: number;
  readonly key: Expr;
  readonly value: Expr;
  readonly optional: boolean;
}

export interface MapLiteral {
  readonly kind: 'map';
  readonly at: number;
  readonly entries: readonly Entry[];
}

export interface StructField {
  readonly at: number;
  readonly name: string;
  readonly value: Expr;
  readonly optional: boolean;
}

export interface StructLiteral {
  readonly kind: 'struct';
  readonly at: number;
  readonly name: string;
  readonly fields: readonly StructField[];
}

/** A comprehension, what the macros become: folds `range` into an accumulator that only the macro can name. */
export interface Fold {
  readonly kind: 'fold';
  readonly at: number;
  readonly range: Expr;
  /** One: the element of a list or the key of a map. Two: index and element, or key and value. */
  readonly variables: readonly [string] | readonly [string, string];
  readonly accumulator: string;
  readonly init: Expr;
  readonly condition: Expr;
  readonly step: Expr;
  readonly result: Expr;
}

/** The expressions an expression is made of. */
export function children(expr: Expr): readonly Expr[] {
  switch (expr.kind) {
    case 'literal':
    case 'ident':
      return [];
    case 'select':
      return [expr.operand];
    case 'call':
      return expr.target ? [expr.target, ...expr.args] : expr.args;
    case 'list':
      return expr.items;
    case 'map':
      return expr.entries.flatMap(({ key, value }) => [key, value]);
    case 'struct':
      return expr.fields.map(({ value }) => value);
    case 'fold':
      return [expr.range, expr.init, expr.condition, expr.step, expr.result];
  }
}
