import type { AnySchema, Field, ListSchema, MapSchema, ObjectSchema, ScalarSchema, Schema } from './schema';

/**
 * The notation of `facts/`. A definition is a line with its name, then one line per field, then an empty line:
 *
 *     Name [kind] [atomic] [embeds=number:Name,…] [union=discriminator(field,…)]
 *       field type number [flag…]
 *
 * - `kind`: carries apiVersion and kind. `atomic`: map type of the whole object. `embeds`: the messages
 *   that hold inlined fields. `union`: fields of which at most one is set, and the field that says which, if any.
 * - type: `string bool int32 int64 double bytes quantity intOrString time microTime`; `json` (any value);
 *   `schemaOrBool schemaOrList schemaOrStrings` (the alternatives inside JSON schemas); `Name` of this file or
 *   `alias.Name` of another (aliases: facts/index.ts); `[]type`, `map:type`.
 *   A leading `*` says that absent and zero are different things, so that a zero value is kept.
 * - number: in protobuf; `2.1` is field 1 of the nested message that is field 2 there and inlined in JSON; `-` is none.
 * - `required`; `omitempty` (required, yet left out when zero); `always` (written when zero, yet not required);
 *   `omitzero` (left out when zero although its kind is always written).
 * - `list=atomic|set|map(key,…)`, `map=atomic|granular`, `patch=merge(key)`, `default=JSON`, `go=type`,
 *   `wrapped` (see Field).
 *
 * Fields stand in the order in which the API writes them.
 */
export interface Definition {
  readonly isKind: boolean;
  readonly atomic: boolean;
  readonly unions: ObjectSchema['unions'];
  fields(refer: Refer): ReadonlyMap<string, Field>;
}

/** Finds a definition by the name used in the notation. */
export type Refer = (name: string) => ObjectSchema;

const scalars: Readonly<Record<string, ScalarSchema | AnySchema>> = {
  string: { type: 'string' },
  bool: { type: 'boolean' },
  int32: { type: 'integer', format: 'int32' },
  int64: { type: 'integer', format: 'int64' },
  double: { type: 'number', format: 'double' },
  bytes: { type: 'bytes' },
  quantity: { type: 'quantity' },
  intOrString: { type: 'intOrString' },
  time: { type: 'time' },
  microTime: { type: 'microTime' },
  rawExtension: { type: 'any', name: 'io.k8s.apimachinery.pkg.runtime.RawExtension' },
  fieldsV1: { type: 'any', name: 'io.k8s.apimachinery.pkg.apis.meta.v1.FieldsV1' },
  json: { type: 'any', name: 'io.k8s.apiextensions-apiserver.pkg.apis.apiextensions.v1.JSON' },
};

const alternatives: Readonly<Record<string, string>> = {
  schemaOrBool: 'JSONSchemaPropsOrBool',
  schemaOrList: 'JSONSchemaPropsOrArray',
  schemaOrStrings: 'JSONSchemaPropsOrStringArray',
};

/** Splits the text of a file into its definitions, without parsing the fields yet. */
export function parseDefinitions(text: string): ReadonlyMap<string, Definition> {
  const found = new Map<string, Definition>();
  for (const block of text.trim().split('\n\n')) {
    const [head = '', ...lines] = block.split('\n');
    const [name = '', ...marks] = head.split(' ');
    found.set(name, {
      isKind: marks.includes('kind'),
      atomic: marks.includes('atomic'),
      unions: unionsOf(marks),
      fields: (refer) => {
        const embeds = embedsOf(marks);
        return new Map(lines.map((line) => parseField(line, embeds, refer)).map((field) => [field.name, field]));
      },
    });
  }
  return found;
}

function unionsOf(marks: readonly string[]): ObjectSchema['unions'] {
  const mark = marks.find((each) => each.startsWith('union='));
  if (mark === undefined) return undefined;
  const [discriminator, fields] = splitCall(mark.slice('union='.length));
  return [{ ...(discriminator && { discriminator }), fields }];
}

/** Names of messages by their number: `embeds=2:RuleWithOperations,2.2:Rule`. */
type Embeds = ReadonlyMap<string, string>;

function embedsOf(marks: readonly string[]): Embeds {
  const mark = marks.find((each) => each.startsWith('embeds='));
  const pairs = mark?.slice('embeds='.length).split(',') ?? [];
  return new Map(pairs.map((pair) => [pair.slice(0, pair.indexOf(':')), pair.slice(pair.indexOf(':') + 1)]));
}

function parseField(line: string, embeds: Embeds, refer: Refer): Field {
  const [name = '', type = '', numbers = '-', ...marks] = line.trim().split(/ +/);
  const flags = new Map(marks.map((mark) => splitMark(mark)));
  const pointer = type.startsWith('*');
  const schema = typeOf(pointer ? type.slice(1) : type, flags, refer);
  const zero = zeroOf(schema, pointer, flags);
  return {
    name,
    schema,
    ...numbersOf(numbers, embeds),
    ...(flags.has('go') && { goType: flags.get('go') ?? '' }),
    ...(flags.has('required') && { required: true as const }),
    ...(flags.has('wrapped') && { wrapped: true as const }),
    ...(flags.has('default') && { default: JSON.parse(flags.get('default') ?? 'null') as unknown }),
    ...(zero && { zero }),
    ...patchOf(flags.get('patch')),
  };
}

function numbersOf(numbers: string, embeds: Embeds): Partial<Field> {
  if (numbers === '-') return {};
  const path = numbers.split('.').map(Number);
  const number = path.pop() ?? 0;
  if (path.length === 0) return { number };
  const embedded = path.map((_, depth) => embeds.get(path.slice(0, depth + 1).join('.')) ?? '');
  return { number, inlined: path, embedded };
}

function splitMark(mark: string): readonly [string, string] {
  const equals = mark.indexOf('=');
  return equals < 0 ? [mark, ''] : [mark.slice(0, equals), mark.slice(equals + 1)];
}

function typeOf(type: string, flags: ReadonlyMap<string, string>, refer: Refer): Schema {
  if (type.startsWith('[]')) return listOf(type.slice(2), flags, refer);
  if (type.startsWith('map:')) return mapOf(type.slice(4), flags, refer);
  const scalar = scalars[type];
  if (scalar) return scalar;
  const alternative = alternatives[type];
  if (alternative === undefined) return withMapType(refer(type), flags.get('map'));
  const props = refer('JSONSchemaProps');
  return { type: 'any', name: `${(props.name ?? '').replace(/[^.]*$/, '')}${alternative}`, object: props };
}

/** A definition that is atomic or granular in one place only. */
function withMapType(object: ObjectSchema, mapType: string | undefined): ObjectSchema {
  if (mapType !== 'atomic' && mapType !== 'granular') return object;
  const { name = '' } = object;
  return {
    type: 'object',
    name,
    mapType,
    get fields() {
      return object.fields;
    },
  };
}

function listOf(items: string, flags: ReadonlyMap<string, string>, refer: Refer): ListSchema {
  const schema: ListSchema = { type: 'list', items: typeOf(items, noFlags, refer) };
  const [kind, keys] = splitCall(flags.get('list'));
  if (kind === 'map') return { ...schema, listType: 'map', listMapKeys: keys };
  return kind === 'atomic' || kind === 'set' ? { ...schema, listType: kind } : schema;
}

function mapOf(values: string, flags: ReadonlyMap<string, string>, refer: Refer): MapSchema {
  const mapType = flags.get('map');
  return {
    type: 'map',
    values: typeOf(values, noFlags, refer),
    ...((mapType === 'atomic' || mapType === 'granular') && { mapType }),
  };
}

const noFlags: ReadonlyMap<string, string> = new Map();

function patchOf(patch: string | undefined): Partial<Field> {
  const [names, [patchMergeKey]] = splitCall(patch);
  if (!names) return {};
  const patchStrategy = names.split(',') as ('merge' | 'replace' | 'retainKeys')[];
  return { patchStrategy, ...(patchMergeKey && { patchMergeKey }) };
}

/** `map(a,b)` is `map` and its arguments. */
function splitCall(call = ''): readonly [string, readonly string[]] {
  const open = call.indexOf('(');
  return open < 0 ? [call, []] : [call.slice(0, open), call.slice(open + 1, -1).split(',')];
}

/** Objects and what is not a plain value of JSON are always written unless they are pointers. */
const alwaysWritten: ReadonlySet<Schema['type']> = new Set(['object', 'time', 'microTime', 'quantity', 'any']);

function zeroOf(schema: Schema, pointer: boolean, flags: ReadonlyMap<string, string>): Field['zero'] {
  const written = flags.has('always') || (flags.has('required') && !flags.has('omitempty'));
  if (pointer) return written ? 'null' : undefined;
  if (flags.has('omitzero')) return 'omit';
  return written || alwaysWritten.has(schema.type) ? 'fill' : 'omit';
}
