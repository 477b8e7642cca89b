import type { KubeObject } from '@kubephant/api';
import { encodeProtobuf, schemaOfKind } from '@kubephant/schema';
import { newJsonFraming, newProtobufFramings } from '@kubephant/serving';
import type { Framings } from './scope';

/** An object of any built-in kind in protobuf, envelope included; undefined for what has no such form (Table). */
export function protobufOf(object: object): Uint8Array | undefined {
  // Discovery of the core group says kinds without a version.
  const { apiVersion = 'v1', kind } = object as Partial<KubeObject>;
  const schema = kind ? schemaOfKind(apiVersion, kind) : undefined;
  return schema && encodeProtobuf(schema, object as Record<string, unknown>);
}

/** The frames of watches, shared by all watchers of one server. */
export function newFramings(): Framings {
  const encode = (object: object): Uint8Array => {
    const bytes = protobufOf(object);
    if (!bytes) throw new TypeError(`no protobuf form of ${(object as Partial<KubeObject>).kind ?? 'an object'}`);
    return bytes;
  };
  return { json: newJsonFraming(), protobuf: newProtobufFramings(encode) };
}
