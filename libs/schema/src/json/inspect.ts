/** Objects and lists inside each other beyond this are refused, so that no walk over a value can exhaust the stack. */
export const maxDepth = 1000;

export interface TextFacts {
  /** How many `key: value` members the text has, so that a parsed value with fewer betrays duplicates. */
  readonly members: number;
  /** How deep objects and lists nest. */
  readonly depth: number;
}

const quote = 0x22;
const backslash = 0x5c;
const colon = 0x3a;
const openBrace = 0x7b;
const openBracket = 0x5b;
const closeBrace = 0x7d;
const closeBracket = 0x5d;

/** One cheap pass over JSON text, also over malformed text. */
export function inspectJson(text: string): TextFacts {
  let [members, depth, deepest] = [0, 0, 0];
  for (let at = 0; at < text.length; at++) {
    const code = text.charCodeAt(at);
    if (code === quote) {
      at = endOfString(text, at);
    } else if (code === colon) {
      members++;
    } else if (code === openBrace || code === openBracket) {
      if (++depth > deepest) deepest = depth;
    } else if (code === closeBrace || code === closeBracket) {
      depth--;
    }
  }
  return { members, depth: deepest };
}

/** Where the string that begins at `start` has its closing quote; the end of the text if it has none. */
export function endOfString(text: string, start: number): number {
  for (let end = text.indexOf('"', start + 1); end >= 0; end = text.indexOf('"', end + 1)) {
    let escapes = 0;
    while (text.charCodeAt(end - 1 - escapes) === backslash) escapes++;
    if (escapes % 2 === 0) return end;
  }
  return text.length;
}
