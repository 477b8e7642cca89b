const initialBytes = 4096;
const shortText = 40;

/**
 * Writes protobuf from the end to the start, so that the length of a nested message is known when its prefix is
 * written and nothing is measured twice. Whoever writes a message writes its last field first.
 */
export class BackwardWriter {
  #buffer = Buffer.allocUnsafe(initialBytes);
  #start = initialBytes;

  /** How many bytes are written so far: the length of a nested message is the difference of two of these. */
  get length(): number {
    return this.#buffer.length - this.#start;
  }

  finish(): Buffer {
    return this.#buffer.subarray(this.#start);
  }

  bytes(value: Uint8Array): void {
    this.#reserve(value.length);
    this.#start -= value.length;
    this.#buffer.set(value, this.#start);
  }

  string(value: string): void {
    if (value.length <= shortText && this.#plain(value)) return;
    const size = Buffer.byteLength(value);
    this.#reserve(size);
    this.#start -= size;
    this.#buffer.write(value, this.#start, size, 'utf8');
  }

  /** For short plain texts a loop is quicker than a call into the runtime. False if the text is not plain. */
  #plain(value: string): boolean {
    this.#reserve(value.length);
    const start = this.#start - value.length;
    for (let at = 0; at < value.length; at++) {
      const code = value.charCodeAt(at);
      if (code >= 0x80) return false;
      this.#buffer[start + at] = code;
    }
    this.#start = start;
    return true;
  }

  /** A non-negative integer of at most 53 bits. */
  unsigned(value: number): void {
    if (value < 0x80 && this.#start > 0) {
      this.#buffer[--this.#start] = value;
      return;
    }
    const size = varintSize(value);
    this.#reserve(size);
    this.#start -= size;
    let [at, rest] = [this.#start, value];
    for (; rest >= 0x80; at++) {
      this.#buffer[at] = (rest % 0x80) | 0x80;
      rest = Math.floor(rest / 0x80);
    }
    this.#buffer[at] = rest;
  }

  /** An integer as protobuf's int32 and int64 are: negative ones in two's complement of 64 bits. */
  integer(value: number): void {
    if (value >= 0 && value <= Number.MAX_SAFE_INTEGER) this.unsigned(value);
    else this.#bigInteger(BigInt.asUintN(64, BigInt(value)));
  }

  double(value: number): void {
    this.#reserve(8);
    this.#start -= 8;
    this.#buffer.writeDoubleLE(value, this.#start);
  }

  #bigInteger(value: bigint): void {
    const groups: number[] = [];
    for (let rest = value; groups.length === 0 || rest > 0n; rest >>= 7n) groups.push(Number(rest & 0x7fn) | 0x80);
    groups[groups.length - 1] = (groups.at(-1) ?? 0) & 0x7f;
    this.bytes(Uint8Array.from(groups));
  }

  #reserve(size: number): void {
    if (this.#start >= size) return;
    const used = this.length;
    const grown = Buffer.allocUnsafe(Math.max(this.#buffer.length * 2, used + size));
    this.#buffer.copy(grown, grown.length - used, this.#start);
    this.#start = grown.length - used;
    this.#buffer = grown;
  }
}

function varintSize(value: number): number {
  let size = 1;
  for (let rest = value; rest >= 0x80; size++) rest = Math.floor(rest / 0x80);
  return size;
}
