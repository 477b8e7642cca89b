import { DecodeError } from '../json/error';
import { maxDepth } from '../json/inspect';

export type WireType = 0 | 1 | 2 | 5;

/** Reads protobuf from bytes that anybody may have sent. Throws DecodeError, never reads beyond its end. */
export class Reader {
  readonly #bytes: Buffer;
  readonly #end: number;
  readonly #depth: number;
  #at: number;

  constructor(bytes: Buffer, start = 0, end = bytes.length, depth = 0) {
    if (depth > maxDepth) throw new DecodeError('exceeded max depth');
    this.#bytes = bytes;
    this.#at = start;
    this.#end = end;
    this.#depth = depth;
  }

  get isDone(): boolean {
    return this.#at >= this.#end;
  }

  /** Hands out number and wire type of each field; those that `read` does not take are skipped. */
  fields(read: (number: number, wire: WireType) => boolean): void {
    while (this.#at < this.#end) {
      const tag = this.unsigned();
      const wire = tag % 8;
      const number = Math.floor(tag / 8);
      if (wire !== 0 && wire !== 1 && wire !== 2 && wire !== 5)
        throw new DecodeError(`proto: illegal wireType ${wire}`);
      if (number < 1) throw new DecodeError(`proto: illegal tag ${number} (wire type ${wire})`);
      if (!read(number, wire)) this.#skip(wire);
    }
  }

  unsigned(): number {
    const first = this.#bytes[this.#at] ?? 0x80;
    if (first < 0x80 && this.#at < this.#end) {
      this.#at++;
      return first;
    }
    const { low, high } = this.#varint();
    return high * 2 ** 32 + low;
  }

  /** A 64-bit integer; one beyond 53 bits comes as the nearest number that is within 64 bits. */
  integer(): number {
    const { low, high } = this.#varint();
    const value = (high | 0) * 2 ** 32 + low;
    return Math.min(value, greatest);
  }

  int32(): number {
    return this.#varint().low | 0;
  }

  double(): number {
    return this.#bytes.readDoubleLE(this.#take(8));
  }

  bytes(): Buffer {
    const length = this.unsigned();
    const start = this.#take(length);
    return this.#bytes.subarray(start, start + length);
  }

  string(): string {
    const length = this.unsigned();
    const start = this.#take(length);
    return length <= shortText ? this.#shortString(start, length) : this.#bytes.toString('utf8', start, start + length);
  }

  /** A reader of a nested message. */
  message(): Reader {
    const length = this.unsigned();
    const start = this.#take(length);
    return new Reader(this.#bytes, start, start + length, this.#depth + 1);
  }

  /** For short plain texts a loop is quicker than a call into the runtime. */
  #shortString(start: number, length: number): string {
    let text = '';
    for (let at = start; at < start + length; at++) {
      const byte = this.#bytes[at] ?? 0;
      if (byte >= 0x80) return this.#bytes.toString('utf8', start, start + length);
      text += String.fromCharCode(byte);
    }
    return text;
  }

  #skip(wire: WireType): void {
    if (wire === 0) this.#varint();
    else this.#take(wire === 1 ? 8 : wire === 5 ? 4 : this.unsigned());
  }

  #varint(): { readonly low: number; readonly high: number } {
    let [low, high] = [0, 0];
    for (let shift = 0; shift < 70; shift += 7) {
      const byte = this.#bytes[this.#take(1)] ?? 0;
      const bits = byte & 0x7f;
      if (shift < 28) low |= bits << shift;
      else if (shift === 28) [low, high] = [low | (bits << 28), bits >> 4];
      else high |= bits << (shift - 32);
      if (byte < 0x80) return { low: low >>> 0, high: high >>> 0 };
    }
    throw new DecodeError('proto: integer overflow');
  }

  #take(length: number): number {
    const start = this.#at;
    if (length > this.#end - start) throw new DecodeError('unexpected EOF');
    this.#at = start + length;
    return start;
  }
}

const shortText = 16;

const greatest = 2 ** 63 - 1024;
