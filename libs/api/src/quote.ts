const named: Readonly<Record<string, string>> = {
  ...{ '"': '\\"', '\\': '\\\\', '\x07': '\\a', '\b': '\\b', '\f': '\\f' },
  ...{ '\n': '\\n', '\r': '\\r', '\t': '\\t', '\v': '\\v' },
};

/** What Go prints as it is: letters, marks, numbers, punctuation, symbols, and of spaces the usual one. */
const special = /["\\]|[^\p{L}\p{M}\p{N}\p{P}\p{S} ]/gu;

const hex = (code: number, digits: number): string => code.toString(16).padStart(digits, '0');

function escaped(char: string): string {
  const code = char.codePointAt(0) ?? 0;
  if (named[char] !== undefined) return named[char];
  if (code < 0x20 || code === 0x7f) return `\\x${hex(code, 2)}`;
  if (code >= 0xd800 && code < 0xe000) return '\ufffd';
  return code < 0x10000 ? `\\u${hex(code, 4)}` : `\\U${hex(code, 8)}`;
}

/** A text as upstream's messages quote it: Go's `%q`. */
export const quote = (text: string): string => `"${text.replace(special, escaped)}"`;

/** JSON as Go writes it, which could stand in HTML. */
export const quoteJson = (value: unknown): string =>
  JSON.stringify(value).replace(/[<>&\u2028\u2029]/g, (char) => `\\u${hex(char.charCodeAt(0), 4)}`);
