import { DecodeError } from '../json/error';
import { decodeValue, parseJson } from '../json/decode';
import { schemaOfKind } from '../kinds';
import type { ObjectSchema } from '../schema';
import { Messages } from './message';
import { Reader } from './reader';
import { delimited, scalarCodec, tagOf } from './scalars';
import { BackwardWriter } from './writer';

/** What every protobuf body begins with. */
const magic = Buffer.from('k8s\0', 'latin1');
const string = scalarCodec({ type: 'string' });

const messages = new Messages((raw) => readRaw(raw));

/**
 * The protobuf form of an object (`application/vnd.kubernetes.protobuf`): magic number, envelope, message. Its kind is
 * in its `apiVersion` and `kind`. Values must be as decoding leaves them.
 */
export function encodeProtobuf(schema: ObjectSchema, object: Record<string, unknown>): Buffer {
  const writer = new BackwardWriter();
  const text = (number: number, value: unknown): void => {
    string.write(writer, typeof value === 'string' ? value : '');
    writer.unsigned(tagOf(number, 2));
  };
  const nested = (number: number, write: () => void): void => {
    const before = writer.length;
    write();
    writer.unsigned(writer.length - before);
    writer.unsigned(tagOf(number, 2));
  };
  text(4, '');
  text(3, '');
  nested(2, () => messages.get(schema).write(writer, object));
  nested(1, () => {
    text(2, schema.isKind && object['kind']);
    text(1, schema.isKind && object['apiVersion']);
  });
  writer.bytes(magic);
  return writer.finish();
}

/** What the envelope of a protobuf body says. */
export interface ProtobufBody {
  readonly apiVersion: string;
  readonly kind: string;
  /** The message itself, or JSON where `contentType` says so. */
  readonly raw: Buffer;
  readonly contentType: string;
}

/** Opens the envelope. Throws DecodeError with upstream's messages. */
export function readEnvelope(bytes: Uint8Array): ProtobufBody {
  const body = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (body.length === 0) throw new DecodeError('empty data');
  if (!body.subarray(0, magic.length).equals(magic)) {
    throw new DecodeError(
      `provided data does not appear to be a protobuf message, expected prefix [${[...magic].join(' ')}]`,
    );
  }
  if (body.length === magic.length) throw new DecodeError('empty body');
  const envelope: Mutable<ProtobufBody> = { apiVersion: '', kind: '', raw: Buffer.alloc(0), contentType: '' };
  const reader = new Reader(body, magic.length);
  reader.fields((number, wire) => {
    if (wire !== 2) return false;
    if (number === 1) readTypeMeta(reader.message(), envelope);
    else if (number === 2) envelope.raw = reader.bytes();
    else if (number === 4) envelope.contentType = reader.string();
    else return false;
    return true;
  });
  return envelope;
}

type Mutable<T> = { -readonly [K in keyof T]: T[K] };

function readTypeMeta(reader: Reader, into: { apiVersion: string; kind: string }): void {
  reader.fields((number, wire) => {
    if (wire !== 2 || number > 2) return false;
    into[number === 1 ? 'apiVersion' : 'kind'] = reader.string();
    return true;
  });
}

/** The typed value of a message, as decoding JSON would give it. Throws DecodeError. */
export function decodeMessage(
  schema: ObjectSchema,
  { raw, contentType, apiVersion, kind }: ProtobufBody,
): Record<string, unknown> {
  const value =
    contentType === 'application/json' ? parseJson(raw.toString()).value : messages.get(schema).read(new Reader(raw));
  const { object } = decodeValue(schema, value, 'Ignore');
  return schema.isKind ? { kind, apiVersion, ...object } : object;
}

/** Decodes a body of any built-in kind. Throws DecodeError, also for a kind that is not built in. */
export function decodeProtobuf(bytes: Uint8Array): {
  readonly schema: ObjectSchema;
  readonly object: Record<string, unknown>;
} {
  const body = readEnvelope(bytes);
  const schema = schemaOfKind(body.apiVersion, body.kind);
  if (!schema) throw new DecodeError(`no kind "${body.kind}" is registered for version "${body.apiVersion}"`);
  return { schema, object: decodeMessage(schema, body) };
}

/** A RawExtension holds JSON, or a whole protobuf body. */
function readRaw(raw: Buffer): unknown {
  if (raw.subarray(0, magic.length).equals(magic)) return decodeProtobuf(raw).object;
  return parseJson(raw.toString()).value;
}

const rawObject = delimited(
  (writer, value) => writer.bytes(value as Uint8Array),
  (reader) => reader.bytes(),
);

/**
 * One event of a protobuf watch: four bytes of length, then a WatchEvent. `object` is what `encodeProtobuf` gave for the
 * object, the Status or the bookmark.
 */
export function encodeWatchFrame(type: string, object: Uint8Array): Buffer {
  const writer = new BackwardWriter();
  rawObject.write(writer, object);
  writer.unsigned(tagOf(1, 2));
  writer.unsigned(writer.length);
  writer.unsigned(tagOf(2, 2));
  string.write(writer, type);
  writer.unsigned(tagOf(1, 2));
  const length = Buffer.alloc(4);
  length.writeUInt32BE(writer.length);
  writer.bytes(length);
  return writer.finish();
}

/** Reads the event of one frame (without its four bytes of length). Throws DecodeError. */
export function decodeWatchFrame(frame: Uint8Array): {
  readonly type: string;
  readonly object: Record<string, unknown>;
} {
  const reader = new Reader(Buffer.from(frame.buffer, frame.byteOffset, frame.byteLength));
  let type = '';
  let raw: Buffer = Buffer.alloc(0);
  reader.fields((number, wire) => {
    if (wire !== 2 || number > 2) return false;
    if (number === 1) type = reader.string();
    else raw = readOnlyField(reader.message());
    return true;
  });
  return { type, object: decodeProtobuf(raw).object };
}

function readOnlyField(message: Reader): Buffer {
  let raw: Buffer = Buffer.alloc(0);
  message.fields((number, wire) => {
    if (number !== 1 || wire !== 2) return false;
    raw = message.bytes();
    return true;
  });
  return raw;
}
