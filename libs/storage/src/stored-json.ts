import { sameJson, type KubeObject } from '@kubephant/api';
import type { Value } from './log';
import type { Revision, Stored } from './store';

const opening = '"metadata":{';
const openingBytes = Buffer.from(opening);
const closingBrace = 0x7d;

/**
 * The stored form of an object: compact JSON without resourceVersion, and with kind, apiVersion and metadata first, so
 * that the place of the resourceVersion is found by looking at a few bytes. Own `__proto__` keys stay data.
 */
export function serialize(obj: KubeObject): string {
  const { kind, apiVersion, metadata, ...rest } = obj;
  return JSON.stringify({ kind, apiVersion, metadata: { ...metadata, resourceVersion: undefined }, ...rest });
}

/** The first `"metadata":{` is the right one: before it are two strings, and a quote inside a string is escaped. */
function metadataOffset(bytes: Uint8Array): number {
  const at = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).indexOf(openingBytes);
  if (at < 0) throw new Error('a stored object has no metadata');
  return at + openingBytes.length;
}

/** What clients are served: the stored form with its resourceVersion. Memory of its own, exactly as long as needed. */
export function withRevision(value: Value, revision: Revision): Buffer {
  return typeof value === 'string' ? spliceText(value, revision) : spliceBytes(value, revision);
}

function spliceText(value: string, revision: Revision): Buffer {
  const at = value.indexOf(opening) + opening.length;
  if (at < opening.length) throw new Error('a stored object has no metadata');
  const comma = value.charCodeAt(at) === closingBrace ? '' : ',';
  const text = `${value.slice(0, at)}"resourceVersion":"${revision}"${comma}${value.slice(at)}`;
  const bytes = Buffer.allocUnsafeSlow(Buffer.byteLength(text));
  bytes.write(text);
  return bytes;
}

function spliceBytes(value: Uint8Array, revision: Revision): Buffer {
  const at = metadataOffset(value);
  const inserted = `"resourceVersion":"${revision}"${value[at] === closingBrace ? '' : ','}`;
  const bytes = Buffer.allocUnsafeSlow(value.length + inserted.length);
  bytes.set(value.subarray(0, at));
  bytes.write(inserted, at, 'latin1');
  bytes.set(value.subarray(at), at + inserted.length);
  return bytes;
}

/** The stored form back from what clients are served. */
export function withoutRevision(json: Buffer): Buffer {
  const start = metadataOffset(json);
  const end = json.indexOf('"', start + '"resourceVersion":"'.length) + 1;
  return Buffer.concat([json.subarray(0, start), json.subarray(json[end] === closingBrace ? end : end + 1)]);
}

/** Whether writing `value`, which is of `obj`, would change nothing but the order of keys in what is stored. */
export function isSameState(value: string, obj: KubeObject, stored: Stored): boolean {
  const spliced = `"resourceVersion":"${stored.revision}",`.length;
  // One byte less where the comma was not needed, which is not worth telling apart.
  const difference = stored.json.length - spliced - Buffer.byteLength(value);
  if (difference !== 0 && difference !== -1) return false;
  return sameJson(withoutVersion(obj), withoutVersion(stored.object));
}

const withoutVersion = ({ metadata, ...rest }: KubeObject): object => ({
  ...rest,
  metadata: { ...metadata, resourceVersion: undefined },
});
