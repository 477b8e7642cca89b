/** One value of DER, the binary form of ASN.1: its tag, what it holds, and all of it with head. */
export interface DerValue {
  readonly tag: number;
  readonly content: Buffer;
  readonly whole: Buffer;
}

export const sequenceTag = 0x30;
export const bitStringTag = 0x03;
export const objectIdTag = 0x06;

/** How many bytes follow, and where they begin. */
function readLength(bytes: Buffer, at: number): { readonly length: number; readonly start: number } {
  const first = bytes[at] ?? 0;
  if (first < 0x80) return { length: first, start: at + 1 };
  const size = first & 0x7f;
  if (size === 0 || size > 4 || at + 1 + size > bytes.length) throw new Error('asn1: syntax error: invalid length');
  return { length: bytes.readUIntBE(at + 1, size), start: at + 1 + size };
}

/** The values that `bytes` is made of, one after the other. Throws when they do not end where it ends. */
export function derValues(bytes: Buffer): readonly DerValue[] {
  const values: DerValue[] = [];
  for (let at = 0; at < bytes.length;) {
    const { length, start } = readLength(bytes, at + 1);
    if (start + length > bytes.length) throw new Error('asn1: syntax error: data truncated');
    values.push({
      tag: bytes[at] ?? 0,
      content: bytes.subarray(start, start + length),
      whole: bytes.subarray(at, start + length),
    });
    at = start + length;
  }
  return values;
}
