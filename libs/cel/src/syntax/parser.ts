import { type Problem, SyntaxProblem } from '../source';
import type { Call, Entry, Expr, StructField } from './ast';
import { tokenize, type Token } from './lexer';
import { bytesValue, intValue, stringValue, uintValue } from './literals';
import { expandMacro } from './macros';
import { Uint } from '../values/value';

/** Upstream's limits: an expression nests at most so deep, and has at most so many characters. */
export const maxDepth = 250;
export const maxLength = 100_000;

const reserved = new Set(
  'as break const continue else for function if import let loop package namespace return var void while'.split(' '),
);

const levels: readonly (readonly string[])[] = [
  ['||'],
  ['&&'],
  ['<', '<=', '>=', '>', '==', '!=', 'in'],
  ['+', '-'],
  ['*', '/', '%'],
];
const functionOf = (operator: string): string => (operator === 'in' ? '@in' : `_${operator}_`);

const order = '[ ] { } ( ) . , - ! ? : true false null'.split(' ');
const starts = ['[', '{', '(', '.', '-', '!', 'true', 'false', 'null'];

/** The tokens an expression may begin with, as upstream lists them, and what else may stand here. */
function expecting(...more: readonly string[]): string {
  const wanted = order.filter((token) => starts.includes(token) || more.includes(token)).map((token) => `'${token}'`);
  return `{${[...wanted, 'NUM_FLOAT', 'NUM_INT', 'NUM_UINT', 'STRING', 'BYTES', 'IDENTIFIER'].join(', ')}}`;
}

export interface ParseOptions {
  /** `cel.bind` is a macro. */
  readonly bindings?: boolean;
}

type Parsed = { readonly expr: Expr } | { readonly problems: readonly Problem[] };

/** Reads an expression; macros are expanded. Ends in linear time whatever the text is. */
export function parse(source: string, options: ParseOptions = {}): Parsed {
  const size = source.length;
  if (size > maxLength) {
    return {
      problems: [{ offset: 0, message: `expression code point size exceeds limit: size: ${size}, limit ${maxLength}` }],
    };
  }
  const problems: Problem[] = [];
  const parser = new Parser(tokenize(source, problems), problems, options.bindings === true);
  try {
    const expr = parser.whole();
    return problems.length > 0 ? { problems } : { expr };
  } catch (error) {
    if (!(error instanceof SyntaxProblem)) throw error;
    return { problems: [...problems, error.problem] };
  }
}

class Parser {
  readonly #tokens: readonly Token[];
  readonly #problems: Problem[];
  readonly #bindings: boolean;
  #next = 0;
  #depth = 0;

  constructor(tokens: readonly Token[], problems: Problem[], bindings: boolean) {
    this.#tokens = tokens;
    this.#problems = problems;
    this.#bindings = bindings;
  }

  whole(): Expr {
    const expr = this.#expression();
    if (this.#token.kind !== 'end') this.#unexpected('<EOF>');
    return expr;
  }

  get #token(): Token {
    return this.#ahead(0);
  }

  #ahead(count: number): Token {
    const index = Math.min(this.#next + count, this.#tokens.length - 1);
    return this.#tokens[index] ?? { kind: 'end', text: '<EOF>', offset: 0 };
  }

  #isSymbol(text: string, ahead = 0): boolean {
    const token = this.#ahead(ahead);
    return token.kind === 'symbol' && token.text === text;
  }

  /** The offset of the symbol, if it is next; then it is taken. */
  #take(text: string): number | undefined {
    if (!this.#isSymbol(text)) return undefined;
    return this.#tokens[this.#next++]?.offset;
  }

  #fail(message: string, token = this.#token): never {
    throw new SyntaxProblem(token.offset, message);
  }

  /** Something else than the one token that must come. */
  #unexpected(wanted: string): never {
    const { text } = this.#token;
    const after = this.#ahead(1);
    const quoted = wanted === '<EOF>' ? wanted : `'${wanted}'`;
    if (after.text === wanted) this.#fail(`Syntax error: extraneous input '${text}' expecting ${quoted}`);
    const follows = this.#token.kind === 'end' || this.#token.kind === 'symbol';
    if (follows && wanted !== '<EOF>') this.#fail(`Syntax error: missing ${quoted} at '${text}'`);
    this.#fail(`Syntax error: mismatched input '${text}' expecting ${quoted}`);
  }

  #must(text: string): number {
    return this.#take(text) ?? this.#unexpected(text);
  }

  #expression(): Expr {
    if (++this.#depth > maxDepth) this.#fail(`expression recursion limit exceeded: ${maxDepth}`);
    const condition = this.#binary(0);
    const at = this.#take('?');
    if (at !== undefined) {
      const yes = this.#binary(0);
      this.#must(':');
      const no = this.#expression();
      this.#depth--;
      return { kind: 'call', at, name: '_?_:_', args: [condition, yes, no] };
    }
    this.#depth--;
    return condition;
  }

  #operatorAt(level: number): Token | undefined {
    const token = this.#token;
    const isOperator = token.kind === 'symbol' || token.text === 'in';
    return isOperator && levels[level]?.includes(token.text) === true ? token : undefined;
  }

  #binary(level: number): Expr {
    if (level === levels.length) return this.#unary();
    const operands = [this.#binary(level + 1)];
    const operators: Token[] = [];
    for (let operator; (operator = this.#operatorAt(level));) {
      this.#next++;
      operators.push(operator);
      operands.push(this.#binary(level + 1));
    }
    if (level < 2) return balance(operators, operands);
    if (operators.length > maxDepth) this.#fail(`expression recursion limit exceeded: ${maxDepth}`);
    return operators.reduce<Expr>(
      (left, { text, offset }, index) => call(functionOf(text), offset, left, operands[index + 1] ?? left),
      operands[0] as Expr,
    );
  }

  #unary(): Expr {
    for (const sign of ['!', '-']) {
      if (!this.#isSymbol(sign)) continue;
      if (sign === '-' && ['int', 'float'].includes(this.#ahead(1).kind)) break;
      const at = this.#token.offset;
      let count = 0;
      while (this.#take(sign) !== undefined) count++;
      if (sign === '-' && this.#token.kind === 'end') this.#noOperand('-'.repeat(count));
      const operand = this.#member();
      return count % 2 === 0 ? operand : call(`${sign}_`, at, operand);
    }
    return this.#member();
  }

  /** Upstream cannot tell a sign from an operator here, says so, and goes on. */
  #noOperand(signs: string): void {
    const message = `Syntax error: no viable alternative at input '${signs}'`;
    this.#problems.push({ offset: this.#token.offset, message });
  }

  #member(): Expr {
    let expr = this.#primary();
    for (let length = 0; ; length++) {
      const next = this.#suffix(expr);
      if (!next) return expr;
      if (length >= maxDepth) this.#fail(`expression recursion limit exceeded: ${maxDepth}`);
      expr = next;
    }
  }

  #suffix(expr: Expr): Expr | undefined {
    const dot = this.#take('.');
    if (dot !== undefined) return this.#selection(expr, dot);
    const bracket = this.#take('[');
    if (bracket !== undefined) return this.#index(expr, bracket);
    const name = qualifiedName(expr);
    return this.#isSymbol('{') && name !== undefined ? this.#struct(name) : undefined;
  }

  #selection(operand: Expr, at: number): Expr {
    const optional = this.#take('?') !== undefined;
    const token = this.#token;
    if (token.kind !== 'identifier' || ['in', 'true', 'false', 'null'].includes(token.text)) {
      const text = token.kind === 'end' ? '' : token.text;
      this.#fail(`Syntax error: no viable alternative at input '.${optional ? '?' : ''}${text}'`);
    }
    this.#next++;
    if (!optional && this.#isSymbol('(')) {
      const open = this.#must('(');
      const args = this.#args();
      return expandMacro({ kind: 'call', at: open, name: token.text, target: operand, args }, this.#bindings);
    }
    return { kind: 'select', at, operand, field: token.text, test: false, optional };
  }

  #index(operand: Expr, at: number): Expr {
    const optional = this.#take('?') !== undefined;
    const index = this.#expression();
    this.#must(']');
    return call(optional ? '_[?_]' : '_[_]', at, operand, index);
  }

  #args(): readonly Expr[] {
    if (this.#take(')') !== undefined) return [];
    if (!this.#startsExpression()) this.#noExpression(')');
    const args = [this.#expression()];
    while (this.#take(',') !== undefined) args.push(this.#expression());
    this.#must(')');
    return args;
  }

  #startsExpression(ahead = 0): boolean {
    const token = this.#ahead(ahead);
    if (token.kind === 'symbol') return starts.includes(token.text);
    return token.kind !== 'end' && token.text !== 'in';
  }

  /**
   * Nothing that an expression may begin with: one token too many is dropped, and an operator is taken for one whose
   * operand is missing, as upstream does.
   */
  #noExpression(...more: readonly string[]): void {
    const { text, offset } = this.#token;
    if (this.#token.kind !== 'end' && this.#startsExpression(1)) {
      const message = `Syntax error: extraneous input '${text}' expecting ${expecting(...more)}`;
      this.#problems.push({ offset, message });
      this.#next++;
      return;
    }
    const message = `Syntax error: mismatched input '${text}' expecting ${expecting(...more)}`;
    if (!this.#isOperator()) this.#fail(message);
    this.#problems.push({ offset, message });
  }

  #isOperator(): boolean {
    return levels.some((_, level) => this.#operatorAt(level) !== undefined);
  }

  #primary(): Expr {
    if (!this.#startsExpression()) this.#noExpression();
    const token = this.#token;
    if (!this.#startsExpression()) return { kind: 'literal', at: token.offset, value: null };
    this.#next++;
    if (token.kind === 'symbol') return this.#opened(token);
    return token.kind === 'identifier' ? this.#word(token) : this.#literal(token, false);
  }

  #opened({ text, offset }: Token): Expr {
    switch (text) {
      case '(': {
        const expr = this.#expression();
        this.#must(')');
        return expr;
      }
      case '[':
        return this.#list(offset);
      case '{':
        return { kind: 'map', at: offset, entries: this.#entries() };
      case '-':
        return this.#literal(this.#tokens[this.#next++] ?? this.#token, true);
      default: {
        const token = this.#token;
        if (token.kind !== 'identifier') this.#fail(`Syntax error: no viable alternative at input '.${token.text}'`);
        this.#next++;
        return this.#word(token);
      }
    }
  }

  #word({ text, offset }: Token): Expr {
    const constants: Readonly<Record<string, boolean | null>> = { true: true, false: false, null: null };
    if (Object.hasOwn(constants, text)) return { kind: 'literal', at: offset, value: constants[text] ?? null };
    if (reserved.has(text)) {
      this.#fail(`reserved identifier: ${text}`, { kind: 'identifier', text, offset });
    }
    const at = this.#take('(');
    if (at === undefined) return { kind: 'ident', at: offset, name: text };
    return expandMacro({ kind: 'call', at, name: text, args: this.#args() }, this.#bindings);
  }

  #literal(token: Token, negative: boolean): Expr {
    const value = literalValue(token, negative);
    if (typeof value === 'object' && 'wrong' in value) this.#fail(value.wrong, token);
    return { kind: 'literal', at: token.offset - (negative ? 1 : 0), value };
  }

  /** Comma-separated parts up to a closing bracket, with one trailing comma allowed. */
  #parts<Part>(close: string, part: () => Part): Part[] {
    const parts: Part[] = [];
    while (this.#take(close) === undefined) {
      parts.push(part());
      if (this.#take(',') === undefined) {
        this.#must(close);
        break;
      }
    }
    return parts;
  }

  #list(at: number): Expr {
    const optional = new Set<number>();
    let count = 0;
    const items = this.#parts(']', () => {
      if (this.#take('?') !== undefined) optional.add(count);
      else if (!this.#startsExpression()) this.#noExpression(']', ',', '?');
      count++;
      return this.#expression();
    });
    return { kind: 'list', at, items, optional };
  }

  #entries(): readonly Entry[] {
    return this.#parts('}', () => {
      const optional = this.#take('?') !== undefined;
      if (!optional && !this.#startsExpression()) this.#noExpression('}', ',', '?');
      const key = this.#expression();
      const at = this.#must(':');
      return { at, key, value: this.#expression(), optional };
    });
  }

  #struct(name: string): Expr {
    const at = this.#must('{');
    const fields = this.#parts('}', (): StructField => {
      const optional = this.#take('?') !== undefined;
      const token = this.#token;
      if (token.kind !== 'identifier') {
        this.#fail(
          `Syntax error: mismatched input '${token.text}' expecting {'}', ',', '?', IDENTIFIER, ESC_IDENTIFIER}`,
        );
      }
      this.#next++;
      const colon = this.#must(':');
      return { at: colon, name: token.text, value: this.#expression(), optional };
    });
    return { kind: 'struct', at, name, fields };
  }
}

function call(name: string, at: number, ...args: Expr[]): Call {
  return { kind: 'call', at, name, args };
}

/** Chains of `&&` and `||` become shallow trees, so that long ones do not nest deep. */
function balance(operators: readonly Token[], operands: readonly Expr[]): Expr {
  const [only] = operands;
  if (operators.length === 0) return only as Expr;
  const middle = operators.length >> 1;
  const operator = operators[middle] as Token;
  const left = balance(operators.slice(0, middle), operands.slice(0, middle + 1));
  const right = balance(operators.slice(middle + 1), operands.slice(middle + 1));
  return call(functionOf(operator.text), operator.offset, left, right);
}

/** `a.b.c`, if the expression is nothing but names. */
export function qualifiedName(expr: Expr): string | undefined {
  if (expr.kind === 'ident') return expr.name;
  if (expr.kind !== 'select' || expr.test || expr.optional) return undefined;
  const prefix = qualifiedName(expr.operand);
  return prefix === undefined ? undefined : `${prefix}.${expr.field}`;
}

type Wrong = { readonly wrong: string };

function literalValue({ kind, text }: Token, negative: boolean): bigint | number | string | Uint8Array | Uint | Wrong {
  switch (kind) {
    case 'int':
      return intValue(text, negative) ?? { wrong: 'invalid int literal' };
    case 'uint': {
      const value = uintValue(text);
      return value === undefined ? { wrong: 'invalid uint literal' } : new Uint(value);
    }
    case 'float':
      return Number.isFinite(Number(text)) ? Number(text) * (negative ? -1 : 1) : { wrong: 'invalid double literal' };
    case 'bytes':
      return bytesValue(text) ?? { wrong: 'invalid bytes literal' };
    default:
      return stringValue(text) ?? { wrong: 'invalid string literal' };
  }
}
