import type { Problem } from '../source';

export type TokenKind = 'identifier' | 'int' | 'uint' | 'float' | 'string' | 'bytes' | 'symbol' | 'end';

export interface Token {
  readonly kind: TokenKind;
  readonly text: string;
  readonly offset: number;
}

const symbols = new Set(['==', '!=', '<=', '>=', '&&', '||', ...Array.from('<>[]{}().,-!?:+*/%')]);

const space = /[\t\n\f\r ]+|\/\/[^\n]*/y;
const word = /[_a-zA-Z]\w*/y;
const hexadecimal = /0x[0-9a-fA-F]+([uU])?/y;
const float = /(?:\d+\.\d+(?:[eE][+-]?\d+)?|\d+[eE][+-]?\d+|\.\d+(?:[eE][+-]?\d+)?)/y;
const integer = /\d+([uU])?/y;
const quoteStart = /([bB]?[rR]?|[rR][bB])("""|'''|"|')/y;
const escape = /\\(?:[abfnrtv"'\\?`]|u[0-9a-fA-F]{4}|U[0-9a-fA-F]{8}|[xX][0-9a-fA-F]{2}|[0-3][0-7]{2})/y;

function matchAt(pattern: RegExp, text: string, offset: number): RegExpExecArray | null {
  pattern.lastIndex = offset;
  return pattern.exec(text);
}

type Scan = { readonly token: Token } | { readonly bad: string };

function scanNumber(source: string, offset: number): Token | undefined {
  const hex = matchAt(hexadecimal, source, offset);
  if (hex) return { kind: hex[1] === undefined ? 'int' : 'uint', text: hex[0], offset };
  const real = matchAt(float, source, offset);
  if (real) return { kind: 'float', text: real[0], offset };
  const whole = matchAt(integer, source, offset);
  return whole ? { kind: whole[1] === undefined ? 'int' : 'uint', text: whole[0], offset } : undefined;
}

/** How far the text of a literal goes: the end of it, or where it stops to be one. */
function quotedEnd(source: string, start: number, quote: string, raw: boolean): { end: number; closed: boolean } {
  for (let at = start; at < source.length;) {
    if (source.startsWith(quote, at)) return { end: at + quote.length, closed: true };
    const character = source[at];
    if (quote.length === 1 && (character === '\n' || character === '\r')) return { end: at + 1, closed: false };
    if (raw || character !== '\\') {
      at++;
      continue;
    }
    const found = matchAt(escape, source, at);
    if (!found) return { end: Math.min(at + 2, source.length), closed: false };
    at += found[0].length;
  }
  return { end: source.length, closed: false };
}

function scanQuoted(source: string, offset: number): Scan | undefined {
  const start = matchAt(quoteStart, source, offset);
  if (!start) return undefined;
  const prefix = (start[1] ?? '').toLowerCase();
  const { end, closed } = quotedEnd(source, offset + start[0].length, start[2] ?? '', prefix.includes('r'));
  const text = source.slice(offset, end);
  return closed ? { token: { kind: prefix.includes('b') ? 'bytes' : 'string', text, offset } } : { bad: text };
}

function scan(source: string, offset: number): Scan {
  const quoted = scanQuoted(source, offset);
  if (quoted) return quoted;
  const identifier = matchAt(word, source, offset);
  if (identifier) return { token: { kind: 'identifier', text: identifier[0], offset } };
  const number = scanNumber(source, offset);
  if (number) return { token: number };
  const pair = source.slice(offset, offset + 2);
  if (symbols.has(pair)) return { token: { kind: 'symbol', text: pair, offset } };
  const single = String.fromCodePoint(source.codePointAt(offset) ?? 0);
  if (symbols.has(single)) return { token: { kind: 'symbol', text: single, offset } };
  return { bad: '&|='.includes(single) ? pair : single };
}

const shown: Readonly<Record<string, string>> = { '\n': '\\n', '\r': '\\r', '\t': '\\t' };

/** Splits an expression into tokens, always with an `end`; what is no token is a problem and left out. */
export function tokenize(source: string, problems: Problem[]): readonly Token[] {
  const tokens: Token[] = [];
  let offset = 0;
  for (;;) {
    for (let blank; (blank = matchAt(space, source, offset));) offset += blank[0].length;
    if (offset >= source.length) break;
    const found = scan(source, offset);
    if ('token' in found) tokens.push(found.token);
    else {
      const text = found.bad.replaceAll(/[\n\r\t]/g, (character) => shown[character] ?? character);
      problems.push({ offset, message: `Syntax error: token recognition error at: '${text}'` });
    }
    offset += 'token' in found ? found.token.text.length : found.bad.length;
  }
  tokens.push({ kind: 'end', text: '<EOF>', offset: source.length });
  return tokens;
}
