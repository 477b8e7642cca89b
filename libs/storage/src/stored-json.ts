import { sameJson, type KubeObject } from '@kubephant/api';
import type { Value } from './log';
import type { Revision, Stored } from './store';

/** Where upstream writes the resourceVersion: behind these of metadata, as far as they come first. */
const before = /"metadata":\{(?:"(?:name|generateName|namespace|selfLink|uid)":"[^"\\]*(?:\\.[^"\\]*)*",?)*/;
const begun = /^"(?:name|generateName|namespace|selfLink|uid)":"/;
const longestBeginning = '"generateName":"'.length;
/** More than a kind, its version, and names and a uid of usual lengths take. */
const headBytes = 1024;
const closingBrace = 0x7d;
const comma = 0x2c;

/**
 * The stored form of an object: compact JSON without resourceVersion, and with kind, apiVersion and metadata first, so
 * that the place of the resourceVersion is found by looking at a few bytes. Own `__proto__` keys stay data.
 */
export function serialize(obj: KubeObject): string {
  const { kind, apiVersion, metadata, ...rest } = obj;
  return JSON.stringify({ kind, apiVersion, metadata: inOrder(metadata), ...rest });
}

/** In the order of the API, whatever was filled in last. */
function inOrder({ resourceVersion: _version, ...metadata }: KubeObject['metadata']): object {
  const { name, generateName, namespace, uid, generation, creationTimestamp, ...rest } = metadata;
  const { deletionTimestamp, deletionGracePeriodSeconds, labels, annotations, ...others } = rest;
  const { ownerReferences, finalizers, managedFields, ...more } = others;
  return {
    ...{ name, generateName, namespace, uid, generation, creationTimestamp },
    ...{ deletionTimestamp, deletionGracePeriodSeconds, labels, annotations },
    ...{ ownerReferences, finalizers, managedFields },
    ...more,
  };
}

/** The first `"metadata":{` is the right one: before it are two strings, and a quote inside a string is escaped. */
function revisionOffset(head: string): number {
  const found = before.exec(head);
  if (!found) throw new Error('a stored object has no metadata');
  return found.index + found[0].length;
}

function offsetIn(bytes: Buffer): number {
  const head = bytes.toString('latin1', 0, headBytes);
  const at = revisionOffset(head);
  const isCut = head.length < bytes.length && (begun.test(head.slice(at)) || head.length - at < longestBeginning);
  return isCut ? revisionOffset(bytes.toString('latin1')) : at;
}

/** With the comma that it needs: behind the last of metadata, or before what follows. */
function insertion(revision: Revision, previous: number | undefined, next: number | undefined): string {
  const own = `"resourceVersion":"${revision}"`;
  if (next !== closingBrace) return `${own},`;
  return previous === quote ? `,${own}` : own;
}

const quote = 0x22;

/** What clients are served: the stored form with its resourceVersion. Memory of its own, exactly as long as needed. */
export function withRevision(value: Value, revision: Revision): Buffer {
  return typeof value === 'string'
    ? spliceText(value, revision)
    : spliceBytes(Buffer.from(value.buffer, value.byteOffset, value.byteLength), revision);
}

function spliceText(value: string, revision: Revision): Buffer {
  const at = revisionOffset(value);
  const inserted = insertion(revision, value.charCodeAt(at - 1), value.charCodeAt(at));
  const text = `${value.slice(0, at)}${inserted}${value.slice(at)}`;
  const bytes = Buffer.allocUnsafeSlow(Buffer.byteLength(text));
  bytes.write(text);
  return bytes;
}

function spliceBytes(value: Buffer, revision: Revision): Buffer {
  const at = offsetIn(value);
  const inserted = insertion(revision, value[at - 1], value[at]);
  const bytes = Buffer.allocUnsafeSlow(value.length + inserted.length);
  bytes.set(value.subarray(0, at));
  bytes.write(inserted, at, 'latin1');
  bytes.set(value.subarray(at), at + inserted.length);
  return bytes;
}

/** The stored form back from what clients are served. */
export function withoutRevision(json: Buffer): Buffer {
  const at = offsetIn(json);
  const end = json.indexOf('"', at + '"resourceVersion":"'.length) + 1;
  const isLast = json[end] === closingBrace;
  const start = isLast && json[at - 1] === comma ? at - 1 : at;
  return Buffer.concat([json.subarray(0, start), json.subarray(isLast ? end : end + 1)]);
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
