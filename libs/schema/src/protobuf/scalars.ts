import type { ScalarSchema } from '../schema';
import type { BackwardWriter } from './writer';
import type { Reader, WireType } from './reader';

/** How one value is written and read, without the number of its field. */
export interface Codec {
  readonly wire: WireType;
  write(writer: BackwardWriter, value: unknown): void;
  read(reader: Reader): unknown;
}

/** A value in length-delimited bytes. */
export function delimited(
  write: (writer: BackwardWriter, value: unknown) => void,
  read: (reader: Reader) => unknown,
): Codec {
  return {
    wire: 2,
    write(writer, value) {
      const before = writer.length;
      write(writer, value);
      writer.unsigned(writer.length - before);
    },
    read,
  };
}

export const tagOf = (number: number, wire: WireType): number => number * 8 + wire;

const string = delimited(
  (writer, value) => writer.string(value as string),
  (reader) => reader.string(),
);

const quantity = delimited(
  (writer, value) => {
    string.write(writer, value);
    writer.unsigned(tagOf(1, 2));
  },
  (reader) => {
    let text = '0';
    const message = reader.message();
    message.fields((number, wire) => number === 1 && wire === 2 && ((text = message.string()), true));
    return text || '0';
  },
);

const time = (digits: 0 | 6): Codec =>
  delimited(
    (writer, value) => {
      const text = value as string;
      writer.integer(digits ? microsecondsOf(text) * 1000 : 0);
      writer.unsigned(tagOf(2, 0));
      writer.integer(Date.parse(`${text.slice(0, 19)}Z`) / 1000);
      writer.unsigned(tagOf(1, 0));
    },
    (reader) => readTime(reader.message(), digits),
  );

const microsecondsOf = (text: string): number => Number((/\.(\d{1,6})/.exec(text)?.[1] ?? '').padEnd(6, '0'));

/** The seconds of the years 1 to 9999, which is what a date can be written in. */
const [firstSecond, lastSecond] = [-62135596800, 253402300799];

function readTime(message: Reader, digits: 0 | 6): string | null {
  if (message.isDone) return null;
  let [seconds, nanos] = [0, 0];
  message.fields((number, wire) => {
    if (wire !== 0 || number > 2) return false;
    if (number === 1) seconds = message.integer();
    else nanos = message.int32();
    return true;
  });
  const bounded = Math.min(Math.max(seconds, firstSecond), lastSecond);
  const text = new Date(bounded * 1000).toISOString().slice(0, 19);
  return digits
    ? `${text}.${String(Math.floor(nanos / 1000))
        .padStart(6, '0')
        .slice(-6)}Z`
    : `${text}Z`;
}

const intOrString = delimited(
  (writer, value) => {
    const isText = typeof value === 'string';
    string.write(writer, isText ? value : '');
    writer.unsigned(tagOf(3, 2));
    writer.integer(isText ? 0 : (value as number));
    writer.unsigned(tagOf(2, 0));
    writer.unsigned(isText ? 1 : 0);
    writer.unsigned(tagOf(1, 0));
  },
  (reader) => {
    const message = reader.message();
    let [isText, number, text] = [false, 0, ''];
    message.fields((field, wire) => {
      if (field === 1 && wire === 0) isText = message.unsigned() !== 0;
      else if (field === 2 && wire === 0) number = message.int32();
      else if (field === 3 && wire === 2) text = message.string();
      else return false;
      return true;
    });
    return isText ? text : number;
  },
);

const integer = (read: (reader: Reader) => number): Codec => ({
  wire: 0,
  write: (writer, value) => writer.integer(value as number),
  read,
});

const codecs: Readonly<Record<Exclude<ScalarSchema['type'], 'integer'>, Codec>> = {
  string,
  quantity,
  intOrString,
  time: time(0),
  microTime: time(6),
  bytes: delimited(
    (writer, value) => writer.bytes(Buffer.from(value as string, 'base64')),
    (reader) => reader.bytes().toString('base64'),
  ),
  boolean: {
    wire: 0,
    write: (writer, value) => writer.unsigned(value === true ? 1 : 0),
    read: (reader) => reader.unsigned() !== 0,
  },
  number: { wire: 1, write: (writer, value) => writer.double(value as number), read: (reader) => reader.double() },
  duration: string,
};

const int32 = integer((reader) => reader.int32());
const int64 = integer((reader) => reader.integer());

export function scalarCodec(schema: ScalarSchema): Codec {
  if (schema.type !== 'integer') return codecs[schema.type];
  return schema.format === 'int32' ? int32 : int64;
}

/** Open JSON: a message whose only field is the JSON text. `decode` reads what else may be in there. */
export const anyCodec = (decode: (raw: Buffer) => unknown): Codec =>
  delimited(
    (writer, value) => {
      string.write(writer, JSON.stringify(value));
      writer.unsigned(tagOf(1, 2));
    },
    (reader) => {
      const message = reader.message();
      let raw: Buffer | undefined;
      message.fields((number, wire) => number === 1 && wire === 2 && ((raw = message.bytes()), true));
      return raw && raw.length > 0 ? decode(raw) : null;
    },
  );
