import type { AnySchema, Field, ObjectSchema, Schema } from '../schema';
import type { BackwardWriter } from './writer';
import type { Reader, WireType } from './reader';
import { anyCodec, delimited, scalarCodec, tagOf, type Codec } from './scalars';

type JsonObject = Record<string, unknown>;

/** One field of a message, or one nested message whose fields stand in the object itself. */
interface Step {
  readonly number: number;
  /** Writes the field, with tags, if the object has it. */
  write(writer: BackwardWriter, object: JsonObject): void;
  /** Reads one occurrence into the object. False if the wire type does not fit. */
  read(reader: Reader, wire: WireType, object: JsonObject): boolean;
}

/** Writes and reads the messages of one definition. */
export interface Message {
  write(writer: BackwardWriter, object: JsonObject): void;
  read(reader: Reader): JsonObject;
}

/** Reads what is inside a RawExtension. */
export type ReadRaw = (raw: Buffer) => unknown;

/** Compiles definitions to messages, each once and when first used. */
export class Messages {
  readonly #readRaw: ReadRaw;
  readonly #known = new WeakMap<ObjectSchema, Message>();

  constructor(readRaw: ReadRaw) {
    this.#readRaw = readRaw;
  }

  get(schema: ObjectSchema): Message {
    const known = this.#known.get(schema);
    if (known) return known;
    let steps: Steps | undefined;
    const compile = (): Steps => (steps ??= new Steps(this.#stepsOf([...schema.fields.values()], 0)));
    const message: Message = {
      write: (writer, object) => compile().write(writer, object),
      read: (reader) => compile().read(reader, {}),
    };
    this.#known.set(schema, message);
    return message;
  }

  /** Steps of the fields at one level of nesting; deeper ones are grouped below the number of their message. */
  #stepsOf(fields: readonly Field[], level: number): readonly Step[] {
    const numbered = fields.filter((field) => field.number !== undefined);
    const here = numbered.filter((field) => (field.inlined?.length ?? 0) === level);
    const deeper = Map.groupBy(
      numbered.filter((field) => (field.inlined?.length ?? 0) > level),
      (field) => field.inlined?.[level] ?? 0,
    );
    const groups = [...deeper].map(([number, members]) =>
      groupStep(number, new Steps(this.#stepsOf(members, level + 1))),
    );
    return [...here.map((field) => this.#fieldStep(field)), ...groups];
  }

  #fieldStep(field: Field): Step {
    const { name, schema } = field;
    const number = field.number ?? 0;
    if (schema.type === 'map') return mapStep(number, name, this.#codec(schema.values));
    if (schema.type !== 'list') return singleStep(number, name, this.#codec(schema));
    return field.wrapped
      ? singleStep(number, name, wrappedList(this.#codec(schema.items)))
      : listStep(number, name, this.#codec(schema.items));
  }

  #codec(schema: Schema): Codec {
    switch (schema.type) {
      case 'object': {
        const message = this.get(schema);
        return delimited(
          (writer, value) => message.write(writer, value as JsonObject),
          (reader) => message.read(reader.message()),
        );
      }
      case 'list':
        return wrappedList(this.#codec(schema.items));
      case 'map':
        throw new Error('a map in a map or list has no form in protobuf');
      case 'any':
        return schema.object ? this.#alternatives(schema, schema.object) : anyCodec(this.#readRaw);
      default:
        return scalarCodec(schema);
    }
  }

  /** JSONSchemaPropsOr…: the schema in one field, what it may be instead in the other. */
  #alternatives({ name = '' }: AnySchema, object: ObjectSchema): Codec {
    const schemaAt = name.endsWith('OrBool') ? 2 : 1;
    const otherAt = 3 - schemaAt;
    const item = name.endsWith('OrStringArray') ? scalarCodec({ type: 'string' }) : this.#codec(object);
    const other = name.endsWith('OrBool')
      ? singleStep(otherAt, 'other', scalarCodec({ type: 'boolean' }))
      : listStep(otherAt, 'other', item);
    const steps = new Steps([other, singleStep(schemaAt, 'schema', this.#codec(object))]);
    const isSchema = (value: unknown): boolean => typeof value === 'object' && !Array.isArray(value);
    return delimited(
      (writer, value) => {
        const allows = schemaAt === 2 ? { other: true } : {};
        steps.write(writer, isSchema(value) ? { ...allows, schema: value } : { other: value });
      },
      (reader) => {
        const { schema, other: instead } = steps.read(reader.message(), {});
        return schema ?? instead ?? (schemaAt === 2 ? false : []);
      },
    );
  }
}

/** The fields of a message in the order of their numbers. */
class Steps {
  readonly #descending: readonly Step[];
  readonly #byNumber: ReadonlyMap<number, Step>;

  constructor(steps: readonly Step[]) {
    this.#descending = steps.toSorted((a, b) => b.number - a.number);
    this.#byNumber = new Map(steps.map((step) => [step.number, step]));
  }

  write(writer: BackwardWriter, object: JsonObject): void {
    for (const step of this.#descending) step.write(writer, object);
  }

  read(reader: Reader, object: JsonObject): JsonObject {
    reader.fields((number, wire) => this.#byNumber.get(number)?.read(reader, wire, object) ?? false);
    return object;
  }
}

function groupStep(number: number, steps: Steps): Step {
  return {
    number,
    write(writer, object) {
      const before = writer.length;
      steps.write(writer, object);
      if (writer.length === before) return;
      writer.unsigned(writer.length - before);
      writer.unsigned(tagOf(number, 2));
    },
    read(reader, wire, object) {
      if (wire !== 2) return false;
      steps.read(reader.message(), object);
      return true;
    },
  };
}

function singleStep(number: number, name: string, codec: Codec): Step {
  return {
    number,
    write(writer, object) {
      const value = object[name];
      if (value === undefined || value === null) return;
      codec.write(writer, value);
      writer.unsigned(tagOf(number, codec.wire));
    },
    read(reader, wire, object) {
      if (wire !== codec.wire) return false;
      object[name] = codec.read(reader);
      return true;
    },
  };
}

function listStep(number: number, name: string, codec: Codec): Step {
  return {
    number,
    write(writer, object) {
      const items = object[name];
      if (!Array.isArray(items)) return;
      for (const item of items.toReversed() as unknown[]) {
        codec.write(writer, item);
        writer.unsigned(tagOf(number, codec.wire));
      }
    },
    read(reader, wire, object) {
      const items = (object[name] ??= []) as unknown[];
      if (wire === codec.wire) items.push(codec.read(reader));
      else if (wire !== 2) return false;
      else for (const packed = reader.message(); !packed.isDone;) items.push(codec.read(packed));
      return true;
    },
  };
}

function mapStep(number: number, name: string, codec: Codec): Step {
  const entry = new Steps([singleStep(1, 'key', scalarCodec({ type: 'string' })), singleStep(2, 'value', codec)]);
  return {
    number,
    write(writer, object) {
      const map = object[name];
      if (typeof map !== 'object' || map === null) return;
      for (const [key, value] of Object.entries(map).sort(([a], [b]) => (a < b ? 1 : -1))) {
        const before = writer.length;
        entry.write(writer, { key, value: value as unknown });
        writer.unsigned(writer.length - before);
        writer.unsigned(tagOf(number, 2));
      }
    },
    read(reader, wire, object) {
      if (wire !== 2) return false;
      const map = (object[name] ??= Object.create(null)) as JsonObject;
      const { key = '', value = null } = entry.read(reader.message(), {});
      map[key as string] = value;
      return true;
    },
  };
}

/** A list as a message of its own: `map<string, []string>` and the like. */
function wrappedList(codec: Codec): Codec {
  const steps = new Steps([listStep(1, 'items', codec)]);
  return delimited(
    (writer, value) => steps.write(writer, { items: value }),
    (reader) => steps.read(reader.message(), {})['items'] ?? [],
  );
}
