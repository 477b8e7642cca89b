import type { Value } from '@kubephant/storage';

/**
 * One-dimensional arrays in PostgreSQL's binary form [src/backend/utils/adt/arrayfuncs.c array_recv], so that values go
 * over the wire as they are: no quoting here, no unquoting there.
 */
const headerBytes = 20;
const oids = { int8: 20, text: 25, json: 114 } as const;

function header(array: Buffer, oid: number, length: number): void {
  array.writeInt32BE(1, 0);
  array.writeInt32BE(1, 4);
  array.writeInt32BE(oid, 8);
  array.writeInt32BE(length, 12);
  array.writeInt32BE(1, 16);
}

export const textArray = (values: readonly string[]): Buffer => variableArray(oids.text, values);
export const jsonArray = (values: readonly (Value | undefined)[]): Buffer => variableArray(oids.json, values);

function variableArray(oid: number, values: readonly (Value | undefined)[]): Buffer {
  const lengths = values.map(lengthOf);
  const total = lengths.reduce((sum, length) => sum + 4 + Math.max(0, length), headerBytes);
  const array = Buffer.allocUnsafe(total);
  header(array, oid, values.length);
  let at = headerBytes;
  values.forEach((value, i) => {
    const length = lengths[i] ?? -1;
    at = array.writeInt32BE(length, at);
    if (typeof value === 'string') array.write(value, at);
    else if (value) array.set(value, at);
    at += Math.max(0, length);
  });
  return array;
}

/** -1 stands for NULL. */
function lengthOf(value: Value | undefined): number {
  if (value === undefined) return -1;
  return typeof value === 'string' ? Buffer.byteLength(value) : value.length;
}

export function int8Array(values: readonly number[]): Buffer {
  const array = Buffer.allocUnsafe(headerBytes + values.length * 12);
  header(array, oids.int8, values.length);
  let at = headerBytes;
  for (const value of values) {
    at = array.writeInt32BE(8, at);
    at = array.writeBigInt64BE(BigInt(value), at);
  }
  return array;
}
