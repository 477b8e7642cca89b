const quote = 34;
const backslash = 92;
const opening = new Set([123, 91]);
const closing = new Set([125, 93]);
const comma = 44;
const colon = 58;

/**
 * Compact JSON with two spaces of indentation, numbers and strings kept byte for byte (re-parsing would lose integers
 * beyond 2^53). The input must be valid JSON without whitespace outside strings.
 */
export function indentJson(compact: Buffer): Buffer {
  const pieces: string[] = [];
  let depth = 0;
  let start = 0;
  const cut = (end: number, text: string): void => {
    pieces.push(compact.toString('utf8', start, end), text);
    start = end;
  };
  const newline = (): string => `\n${'  '.repeat(depth)}`;
  for (let i = 0; i < compact.length; i++) {
    const byte = compact[i] ?? 0;
    if (byte === quote) {
      i = endOfString(compact, i);
    } else if (opening.has(byte)) {
      if (closing.has(compact[i + 1] ?? 0)) {
        i++;
      } else {
        depth++;
        cut(i + 1, newline());
      }
    } else if (closing.has(byte)) {
      depth--;
      cut(i, newline());
    } else if (byte === comma) {
      cut(i + 1, newline());
    } else if (byte === colon) {
      cut(i + 1, ' ');
    }
  }
  cut(compact.length, '');
  return Buffer.from(pieces.join(''));
}

function endOfString(json: Buffer, start: number): number {
  let i = start + 1;
  while (i < json.length && json[i] !== quote) i += json[i] === backslash ? 2 : 1;
  return i;
}
