const simple: Readonly<Record<string, string>> = {
  a: '\x07',
  b: '\b',
  f: '\f',
  n: '\n',
  r: '\r',
  t: '\t',
  v: '\v',
};

interface Quoted {
  readonly body: string;
  readonly raw: boolean;
}

function unquote(text: string): Quoted {
  const [, prefix = '', quote = ''] = /^([a-zA-Z]*)("""|'''|"|')/.exec(text) ?? [];
  const start = prefix.length + quote.length;
  return { body: text.slice(start, text.length - quote.length), raw: /[rR]/.test(prefix) };
}

const escapes = /\\([xX][0-9a-fA-F]{2}|u[0-9a-fA-F]{4}|U[0-9a-fA-F]{8}|[0-3][0-7]{2}|.)/gsu;

/** The number an escape stands for; undefined when it is one character that stands for itself or a control character. */
function numberOf(code: string): number | undefined {
  if (/^[xXuU]./.test(code)) return Number.parseInt(code.slice(1), 16);
  return /^[0-3][0-7]{2}$/.test(code) ? Number.parseInt(code, 8) : undefined;
}

/** The value of a string literal, quotes and prefix included; undefined when an escape is no character. */
export function stringValue(text: string): string | undefined {
  const { body, raw } = unquote(text);
  if (raw) return body;
  const wrong: number[] = [];
  const value = body.replaceAll('\r\n', '\n').replaceAll(escapes, (_, code: string) => {
    const number = numberOf(code);
    if (number === undefined) return simple[code] ?? code;
    if (number <= 0x10ffff && !(number >= 0xd800 && number < 0xe000)) return String.fromCodePoint(number);
    wrong.push(number);
    return '';
  });
  return wrong.length === 0 ? value : undefined;
}

/** The value of a bytes literal: octal and hexadecimal escapes are bytes; undefined when it has escapes of characters. */
export function bytesValue(text: string): Uint8Array | undefined {
  const { body, raw } = unquote(text);
  if (raw) return new TextEncoder().encode(body);
  const parts: Uint8Array[] = [];
  let end = 0;
  for (const match of body.matchAll(escapes)) {
    const code = match[1] ?? '';
    if (/^[uU]./.test(code)) return undefined;
    parts.push(new TextEncoder().encode(body.slice(end, match.index)));
    const number = numberOf(code);
    parts.push(number === undefined ? new TextEncoder().encode(simple[code] ?? code) : Uint8Array.of(number));
    end = match.index + match[0].length;
  }
  parts.push(new TextEncoder().encode(body.slice(end)));
  return Uint8Array.from(parts.flatMap((part) => [...part]));
}

const int64 = { least: -(2n ** 63n), most: 2n ** 63n - 1n };

/** The value of `12` or `0x1f`, negated where asked; undefined when it does not fit into 64 bits. */
export function intValue(text: string, negative: boolean): bigint | undefined {
  if (text.length > 40) return undefined;
  const value = negative ? -BigInt(text) : BigInt(text);
  return value < int64.least || value > int64.most ? undefined : value;
}

/** The value of `12u`; undefined when it does not fit into 64 bits. */
export function uintValue(text: string): bigint | undefined {
  if (text.length > 40) return undefined;
  const value = BigInt(text.slice(0, -1));
  return value < 2n ** 64n ? value : undefined;
}
