import { maxDepth } from './inspect';

const whitespace = /[ \t\r\n]*/y;
const number = /-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?/y;
const plainText = /[ !#-[\]-\u{10ffff}]*/uy;

class SyntaxProblem extends Error {}

/** What upstream says about JSON text that is malformed; undefined when nothing is wrong with it. */
export function syntaxProblem(text: string): string | undefined {
  try {
    new Checker(text).document();
    return undefined;
  } catch (err) {
    if (err instanceof SyntaxProblem) return err.message;
    throw err;
  }
}

/** Reads JSON strictly and stops at the first mistake. */
class Checker {
  readonly #text: string;
  #at = 0;
  #depth = 0;

  constructor(text: string) {
    this.#text = text;
  }

  document(): void {
    this.#value();
    this.#skip(whitespace);
    if (this.#at < this.#text.length) this.#fail('after top-level value');
  }

  #value(): void {
    this.#skip(whitespace);
    const next = this.#peek();
    if (next === '{') this.#nested('}', () => this.#member());
    else if (next === '[') this.#nested(']', () => this.#value());
    else if (next === '"') this.#string();
    else if (next === 't' || next === 'f' || next === 'n') this.#literal({ t: 'true', f: 'false', n: 'null' }[next]);
    else if (next === '-' || (next >= '0' && next <= '9')) this.#number();
    else this.#fail('looking for beginning of value');
  }

  #nested(close: '}' | ']', element: () => void): void {
    if (++this.#depth > maxDepth) throw new SyntaxProblem('exceeded max depth');
    this.#at++;
    this.#skip(whitespace);
    if (this.#peek() !== close) this.#elements(close, element);
    this.#at++;
    this.#depth--;
  }

  #elements(close: '}' | ']', element: () => void): void {
    for (;;) {
      element();
      this.#skip(whitespace);
      const next = this.#peek();
      if (next === close) return;
      if (next !== ',') this.#fail(close === '}' ? 'after object key:value pair' : 'after array element');
      this.#at++;
    }
  }

  #member(): void {
    this.#skip(whitespace);
    if (this.#peek() !== '"') this.#fail('looking for beginning of object key string');
    this.#string();
    this.#skip(whitespace);
    if (this.#peek() !== ':') this.#fail('after object key');
    this.#at++;
    this.#value();
  }

  #string(): void {
    this.#at++;
    for (;;) {
      this.#skip(plainText);
      const next = this.#peek();
      if (next !== '"' && next !== '\\') this.#fail('in string literal');
      this.#at++;
      if (next === '"') return;
      this.#escape();
    }
  }

  #escape(): void {
    const kind = this.#peek();
    if (!'"\\/bfnrtu'.includes(kind)) this.#fail('in string escape code');
    this.#at++;
    for (let digits = kind === 'u' ? 4 : 0; digits > 0; digits--) {
      if (!/[0-9a-fA-F]/.test(this.#peek())) this.#fail('in \\u hexadecimal character escape');
      this.#at++;
    }
  }

  #literal(word: string): void {
    for (const char of word) {
      if (this.#peek() !== char) this.#fail(`in literal ${word} (expecting ${quoteChar(char)})`);
      this.#at++;
    }
  }

  #number(): void {
    const start = this.#at;
    this.#skip(number);
    if (this.#at === start) {
      this.#at++;
      this.#fail('in numeric literal');
    }
    const next = this.#text[this.#at];
    if (next === '.') this.#failAfter(1, 'after decimal point in numeric literal');
    if (next === 'e' || next === 'E') {
      const signed = /[+-]/.test(this.#text[this.#at + 1] ?? '');
      this.#failAfter(signed ? 2 : 1, 'in exponent of numeric literal');
    }
  }

  #skip(pattern: RegExp): void {
    pattern.lastIndex = this.#at;
    this.#at += pattern.exec(this.#text)?.[0].length ?? 0;
  }

  #peek(): string {
    const code = this.#text.codePointAt(this.#at);
    if (code === undefined) throw new SyntaxProblem('unexpected end of JSON input');
    return String.fromCodePoint(code);
  }

  #failAfter(characters: number, where: string): never {
    this.#at += characters;
    this.#fail(where);
  }

  #fail(where: string): never {
    throw new SyntaxProblem(`invalid character ${quoteChar(this.#peek())} ${where}`);
  }
}

function quoteChar(char: string): string {
  if (char === "'") return String.raw`'\''`;
  return char === '"' ? `'"'` : `'${JSON.stringify(char).slice(1, -1)}'`;
}
