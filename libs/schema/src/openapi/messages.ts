import { tagOf } from '../protobuf/scalars';
import { BackwardWriter } from '../protobuf/writer';
import type { Json } from './row';

/** Writes the value of one field of a message, tags included, if there is one. */
export type Write = (writer: BackwardWriter, number: number, value: unknown) => void;

export const text: Write = (writer, number, value) => {
  if (typeof value !== 'string') return;
  const before = writer.length;
  writer.string(value);
  writer.unsigned(writer.length - before);
  writer.unsigned(tagOf(number, 2));
};

export const flag: Write = (writer, number, value) => {
  if (value !== true) return;
  writer.unsigned(1);
  writer.unsigned(tagOf(number, 0));
};

export const integer: Write = (writer, number, value) => {
  if (typeof value !== 'number' || value === 0) return;
  writer.integer(value);
  writer.unsigned(tagOf(number, 0));
};

export const double: Write = (writer, number, value) => {
  if (typeof value !== 'number' || value === 0) return;
  writer.double(value);
  writer.unsigned(tagOf(number, 1));
};

export const list =
  (write: Write): Write =>
  (writer, number, value) => {
    if (!Array.isArray(value)) return;
    for (const item of value.toReversed() as unknown[]) write(writer, number, item);
  };

/** A message made of an object: number, key and form of each field. */
export const message =
  (...fields: readonly (readonly [number, string, Write])[]): Write =>
  (writer, number, value) => {
    if (typeof value !== 'object' || value === null) return;
    const before = writer.length;
    for (const [field, key, write] of fields.toReversed()) write(writer, field, key ? (value as Json)[key] : value);
    writer.unsigned(writer.length - before);
    writer.unsigned(tagOf(number, 2));
  };

/** A message around one form, which is the whole value. */
export const wrapped = (number: number, write: Write): Write => message([number, '', write]);

/** An object as a list of names and values. */
export const named =
  (write: Write): Write =>
  (writer, number, value) => {
    if (typeof value !== 'object' || value === null) return;
    for (const [name, item] of Object.entries(value).reverse())
      entry(write)(writer, number, { name, value: item as unknown });
  };

const entry = (write: Write): Write => message([1, 'name', text], [2, 'value', write]);

/** Open values travel as YAML, of which JSON is a part. */
export const any: Write = (writer, number, value) => {
  message([2, 'yaml', text])(writer, number, { yaml: JSON.stringify(value) });
};

export const extensions: Write = (writer, number, value) => {
  const found = Object.entries(value as Json).filter(([key]) => key.startsWith('x-'));
  named(any)(writer, number, Object.fromEntries(found));
};

/** The bytes of a document. */
export function encodeDocument(document: Write, value: Json): Buffer {
  const writer = new BackwardWriter();
  document(writer, 1, value);
  const framed = writer.finish();
  return framed.subarray(1 + lengthOfVarint(framed, 1));
}

function lengthOfVarint(bytes: Buffer, start: number): number {
  let length = 1;
  while ((bytes[start + length - 1] ?? 0) >= 0x80) length++;
  return length;
}
