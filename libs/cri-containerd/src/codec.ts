import protobuf from 'protobufjs';
import { enums, messages } from './messages';

/** Encodes and decodes CRI messages by name; a name without a line in the table is the empty message. */
export interface Codec {
  encode(message: string, value: object): Buffer;
  /** Every field is there: zero, empty or, for a message, null. 64-bit integers are numbers. */
  decode(message: string, data: Uint8Array): object;
}

export function newCodec(): Codec {
  const root = protobuf.Root.fromJSON({ nested: { ...enumDescriptors(), ...messageDescriptors() } });
  const typeOf = (name: string): protobuf.Type => root.lookupType(Object.hasOwn(messages, name) ? name : emptyMessage);
  return {
    encode(name, value) {
      const type = typeOf(name);
      return Buffer.from(type.encode(type.fromObject(value)).finish());
    },
    decode(name, data) {
      const type = typeOf(name);
      return type.toObject(type.decode(data), { longs: Number, enums: String, defaults: true, bytes: Buffer });
    },
  };
}

const emptyMessage = 'Empty';

function messageDescriptors(): Record<string, protobuf.IType> {
  const described = Object.entries(messages).map(([name, line]) => [name, { fields: fieldsOf(line) }] as const);
  return { [emptyMessage]: { fields: {} }, ...Object.fromEntries(described) };
}

function fieldsOf(line: string): Record<string, protobuf.IField> {
  return Object.fromEntries(
    line.split(', ').map((field) => {
      const [, name = '', id = '', type = '', repeated = ''] = /^(\w+)=(\d+) (\w+)(\[\])?$/.exec(field) ?? [];
      return [name, fieldOf(Number(id), type, repeated !== '')];
    }),
  );
}

function fieldOf(id: number, type: string, repeated: boolean): protobuf.IField {
  if (type === 'map') return { id, keyType: 'string', type: 'string' } as protobuf.IMapField;
  return repeated ? { id, type, rule: 'repeated' } : { id, type };
}

function enumDescriptors(): Record<string, protobuf.IEnum> {
  return Object.fromEntries(
    Object.entries(enums).map(([name, values]) => [
      name,
      { values: Object.fromEntries(values.map((value, number) => [value, number])) },
    ]),
  );
}
