import type { Overload } from '../library/declare';
import type { Problem } from '../source';
import type { Call, Expr, Fold, ListLiteral, MapLiteral, Select, StructLiteral } from '../syntax/ast';
import { qualifiedName } from '../syntax/parser';
import { formatType, isOptional, listOf, mapOf, type ObjectType, optionalOf, scalar, type Type } from '../types';
import { Uint, type Constant } from '../values/value';
import { Bindings, freshen, moreGeneral } from './unify';

/** What expressions may refer to. */
export interface Declarations {
  readonly variables: ReadonlyMap<string, Type>;
  readonly functions: ReadonlyMap<string, readonly Overload[]>;
  /** A type by its name: of type literals (`string`) and of messages (`Object.spec`). */
  type(name: string): Type | undefined;
}

/** What a word of an expression means. */
export type Meaning =
  | { readonly kind: 'variable'; readonly name: string }
  | { readonly kind: 'local'; readonly name: string }
  | { readonly kind: 'type'; readonly name: string };

/** An expression with the type of each part and what its words and calls mean. */
export interface Checked {
  readonly expr: Expr;
  readonly type: Type;
  typeOf(expr: Expr): Type;
  meaningOf(expr: Expr): Meaning | undefined;
  /** The forms of the function that may be called; more than one where types are only known at run time. */
  overloadsOf(call: Call): readonly Overload[];
  /** Whether the target of a call is part of the function's name: `ip.isCanonical(…)`. */
  isNamespaced(call: Call): boolean;
}

type Check = { readonly checked: Checked } | { readonly problems: readonly Problem[] };

/** Finds out the type of an expression and of all its parts; complaints are upstream's. */
export function check(expr: Expr, declarations: Declarations): Check {
  const checker = new Checker(declarations);
  const type = checker.check(expr);
  return checker.problems.length > 0 ? { problems: checker.problems } : { checked: checker.result(expr, type) };
}

class Checker {
  readonly #declarations: Declarations;
  readonly #bindings = new Bindings();
  readonly #types = new Map<Expr, Type>();
  readonly #meanings = new Map<Expr, Meaning>();
  readonly #overloads = new Map<Expr, readonly Overload[]>();
  readonly #namespaced = new Set<Expr>();
  readonly #scopes: Map<string, Type>[] = [];
  #variables = 0;
  readonly #told = new Set<string>();
  readonly problems: Problem[] = [];

  constructor(declarations: Declarations) {
    this.#declarations = declarations;
  }

  result(expr: Expr, type: Type): Checked {
    return {
      expr,
      type: this.#bindings.resolve(type, true),
      typeOf: (part) => this.#bindings.resolve(this.#types.get(part) ?? scalar.dyn, true),
      meaningOf: (part) => this.#meanings.get(part),
      overloadsOf: (call) => this.#overloads.get(call) ?? [],
      isNamespaced: (call) => this.#namespaced.has(call),
    };
  }

  check(expr: Expr): Type {
    const type = this.#typeOf(expr);
    this.#types.set(expr, type);
    return type;
  }

  #typeOf(expr: Expr): Type {
    switch (expr.kind) {
      case 'literal':
        return typeOfConstant(expr.value);
      case 'ident':
        return this.#word(expr, expr.name) ?? this.#undeclared(expr.at, expr.name);
      case 'select':
        return this.#select(expr);
      case 'call':
        return this.#call(expr);
      case 'list':
        return this.#list(expr);
      case 'map':
        return this.#map(expr);
      case 'struct':
        return this.#struct(expr);
      case 'fold':
        return this.#fold(expr);
    }
  }

  #complain(offset: number, message: string): Type {
    const key = `${offset} ${message}`;
    if (!this.#told.has(key)) this.problems.push({ offset, message });
    this.#told.add(key);
    return scalar.error;
  }

  #undeclared(offset: number, name: string): Type {
    return this.#complain(offset, `undeclared reference to '${name}' (in container '')`);
  }

  #mismatch(offset: number, expected: Type, found: Type): Type {
    return this.#complain(offset, `expected type '${formatType(expected)}' but found '${this.#format(found)}'`);
  }

  #format(type: Type): string {
    return formatType(this.#bindings.resolve(type, false));
  }

  #assert(expr: Expr, expected: Type): boolean {
    const found = this.#types.get(expr) ?? scalar.error;
    if (this.#bindings.assign(expected, found)) return true;
    this.#mismatch(expr.at, this.#bindings.resolve(expected, false), found);
    return false;
  }

  #newVariable(): Type {
    return { kind: 'param', name: `_var${this.#variables++}` };
  }

  /** The type of a name that is declared; remembers what the expression means. */
  #word(expr: Expr, name: string): Type | undefined {
    const local = this.#scopes.findLast((scope) => scope.has(name))?.get(name);
    if (local) return this.#means(expr, { kind: 'local', name }, local);
    const variable = this.#declarations.variables.get(name);
    if (variable) return this.#means(expr, { kind: 'variable', name }, variable);
    const type = this.#declarations.type(name);
    return type && this.#means(expr, { kind: 'type', name }, { kind: 'type', of: type });
  }

  #means(expr: Expr, meaning: Meaning, type: Type): Type {
    this.#meanings.set(expr, meaning);
    return type;
  }

  #isLocal(name: string): boolean {
    const [root = ''] = name.split('.');
    return this.#scopes.some((scope) => scope.has(root));
  }

  #select(expr: Select): Type {
    const name = expr.test ? undefined : qualifiedName(expr);
    const known = name === undefined || this.#isLocal(name) ? undefined : this.#word(expr, name);
    if (known) return known;
    const operand = this.#bindings.resolve(this.check(expr.operand), false);
    const within = isOptional(operand);
    const field = this.#field(expr, within ? (operand.params[0] ?? scalar.dyn) : operand);
    if (expr.test) return scalar.bool;
    return (within || expr.optional) && field.kind !== 'error' ? optionalOf(field) : field;
  }

  #field({ at, field }: Select, type: Type): Type {
    switch (type.kind) {
      case 'dyn':
      case 'error':
        return scalar.dyn;
      case 'map':
        return type.value;
      case 'object':
        return type.field(field) ?? this.#complain(at, `undefined field '${field}'`);
      case 'param':
        this.#bindings.assign(type, scalar.dyn);
        return scalar.dyn;
      default:
        return this.#complain(at, `type '${this.#format(type)}' does not support field selection`);
    }
  }

  #call(call: Call): Type {
    for (const arg of call.args) this.check(arg);
    if (!call.target) return this.#resolve(call, call.name, call.args, false);
    const prefix = qualifiedName(call.target);
    const qualified = `${prefix ?? ''}.${call.name}`;
    if (prefix !== undefined && this.#declarations.functions.has(qualified)) {
      this.#namespaced.add(call);
      return this.#resolve(call, qualified, call.args, false);
    }
    this.check(call.target);
    return this.#resolve(call, call.name, [call.target, ...call.args], true);
  }

  #resolve(call: Call, name: string, operands: readonly Expr[], member: boolean): Type {
    const overloads = this.#declarations.functions.get(name);
    if (!overloads) return this.#undeclared(call.at, name);
    if (name === '_&&_' || name === '_||_') return this.#logical(call, operands, overloads);
    const types = operands.map((operand) => this.#types.get(operand) ?? scalar.error);
    const fitting: Overload[] = [];
    let result: Type | undefined;
    for (const overload of overloads) {
      const fresh = overload.member === member ? this.#fits(overload, types) : undefined;
      if (!fresh) continue;
      fitting.push(overload);
      const differs = result && this.#format(result) !== this.#format(fresh);
      result = differs ? scalar.dyn : (result ?? fresh);
    }
    this.#overloads.set(call, fitting);
    return result ?? this.#noOverload(call, name, types, member);
  }

  /** The type of the result, if the overload takes these arguments. */
  #fits(overload: Overload, types: readonly Type[]): Type | undefined {
    if (overload.params.length !== types.length) return undefined;
    const suffix = `#${this.#variables++}`;
    const params = overload.params.map((param) => freshen(param, suffix));
    if (!this.#bindings.assignAll(types, params)) return undefined;
    return this.#bindings.resolve(freshen(overload.result, suffix), false);
  }

  #noOverload(call: Call, name: string, types: readonly Type[], member: boolean): Type {
    const [target = '', ...args] = types.map((type) => this.#format(type));
    const signature = member
      ? `${target}.(${args.join(', ')})`
      : `(${types.length > 0 ? [target, ...args].join(', ') : ''})`;
    return this.#complain(call.at, `found no matching overload for '${name}' applied to '${signature}'`);
  }

  #logical(call: Call, operands: readonly Expr[], overloads: readonly Overload[]): Type {
    this.#overloads.set(call, overloads);
    const fine = operands.map((operand) => this.#assert(operand, scalar.bool));
    return fine.every(Boolean) ? scalar.bool : scalar.error;
  }

  /** The type that goes for both; what does not go together is a complaint. */
  #join(offset: number, previous: Type | undefined, current: Type): Type {
    if (!previous) return current;
    if (this.#bindings.assign(previous, current)) return moreGeneral(previous, current);
    return this.#mismatch(offset, this.#bindings.resolve(previous, false), current);
  }

  /** What an optional part adds: the type within its optional. */
  #part(expr: Expr, optional: boolean): Type {
    const type = this.check(expr);
    if (!optional) return type;
    const resolved = this.#bindings.resolve(type, false);
    if (isOptional(resolved)) return resolved.params[0] ?? scalar.dyn;
    return resolved.kind === 'dyn' ? scalar.dyn : this.#mismatch(expr.at, optionalOf(resolved), resolved);
  }

  #list(list: ListLiteral): Type {
    let element: Type | undefined;
    list.items.forEach((item, index) => {
      const type = this.#part(item, list.optional.has(index));
      element = this.#join(item.at, element, type);
    });
    return listOf(element ?? this.#newVariable());
  }

  #map(map: MapLiteral): Type {
    let key: Type | undefined;
    let value: Type | undefined;
    for (const entry of map.entries) {
      key = this.#join(entry.key.at, key, simpleKey(this.check(entry.key)));
      value = this.#join(entry.value.at, value, this.#part(entry.value, entry.optional));
    }
    return mapOf(key ?? this.#newVariable(), value ?? this.#newVariable());
  }

  #struct(struct: StructLiteral): Type {
    const type = this.#declarations.type(struct.name);
    if (!type) return this.#undeclared(struct.at, struct.name);
    if (type.kind !== 'object') return this.#complain(struct.at, `'${struct.name}' is not a message type`);
    for (const field of struct.fields) this.#initializer(type, field);
    return type;
  }

  #initializer(type: ObjectType, { at, name, value, optional }: StructLiteral['fields'][number]): void {
    const given = this.#part(value, optional);
    const declared = type.field(name);
    if (!declared) this.#complain(at, `undefined field '${name}'`);
    else if (!this.#bindings.assign(declared, given)) {
      const types = `'${formatType(declared)}' but provided type is '${this.#format(given)}'`;
      this.#complain(at, `expected type of field '${name}' is ${types}`);
    }
  }

  #rangeTypes(fold: Fold, range: Type): readonly [Type, Type] {
    switch (range.kind) {
      case 'list':
        return fold.variables.length === 1 ? [range.element, scalar.dyn] : [scalar.int, range.element];
      case 'map':
        return [range.key, range.value];
      case 'param':
        this.#bindings.assign(range, scalar.dyn);
        return [scalar.dyn, scalar.dyn];
      case 'dyn':
      case 'error':
        return [scalar.dyn, scalar.dyn];
      default: {
        const message = `expression of type '${this.#format(range)}' cannot be range of a comprehension`;
        this.#complain(fold.range.at, `${message} (must be list, map, or dynamic)`);
        return [scalar.error, scalar.error];
      }
    }
  }

  #fold(fold: Fold): Type {
    const range = this.#bindings.resolve(this.check(fold.range), false);
    const accumulated = this.check(fold.init);
    const [first, second] = this.#rangeTypes(fold, range);
    const [name, other] = fold.variables;
    this.#scopes.push(new Map([[fold.accumulator, accumulated]]));
    this.#scopes.push(new Map([[name, first], ...(other === undefined ? [] : [[other, second] as const])]));
    this.check(fold.condition);
    this.#assert(fold.condition, scalar.bool);
    this.check(fold.step);
    this.#assert(fold.step, accumulated);
    this.#scopes.pop();
    const result = this.check(fold.result);
    this.#scopes.pop();
    return this.#bindings.resolve(result, false);
  }
}

const keyKinds = new Set<Type['kind']>(['bool', 'int', 'uint', 'string', 'double', 'dyn', 'error', 'param']);

/** Nothing else can be a key when it runs; and a type with two parts as large as it would double with each map of maps. */
const simpleKey = (type: Type): Type => (keyKinds.has(type.kind) ? type : scalar.dyn);

function typeOfConstant(value: Constant): Type {
  if (value === null) return scalar.null;
  if (value instanceof Uint) return scalar.uint;
  if (value instanceof Uint8Array) return scalar.bytes;
  const types = { bigint: scalar.int, number: scalar.double, string: scalar.string, boolean: scalar.bool };
  return types[typeof value as keyof typeof types];
}
