import { badRequest, invalid, parseApiVersion } from '@kubephant/api';
import { schemaOfKind } from '../kinds';
import { decodeMessage, readEnvelope } from '../protobuf';
import type { ObjectSchema } from '../schema';
import { isRecord, knowingAsGiven } from './convert';
import { decodeJson, decodeParsedYaml, parseJson, type Decoded, type FieldValidation } from './decode';
import { DecodeError } from './error';
import { parseYaml } from './yaml';

/** What a request's body must be. */
export interface Expected {
  readonly apiVersion: string;
  readonly kind: string;
  readonly schema: ObjectSchema;
  /** Other definitions that the caller can convert from, by name. */
  readonly accepts?: readonly string[];
  /** Other versions of the kind that have the same form. */
  readonly aliases?: readonly string[];
}

export interface DecodedBody extends Decoded {
  /** The definition of what was sent: `expected.schema`, or one of `accepts`. */
  readonly schema: ObjectSchema;
}

export type MediaType = 'json' | 'yaml' | 'protobuf';

/**
 * Decodes a request's body as the kind that is expected there. `apiVersion` and `kind` may be absent. With `Strict`
 * unknown and duplicate fields are refused. Throws BadRequest with upstream's messages.
 */
export function decodeBody(
  body: Uint8Array,
  mediaType: MediaType,
  expected: Expected,
  fieldValidation: FieldValidation = 'Warn',
): DecodedBody {
  const unrecognized = (message: string): Error =>
    badRequest(`the object provided is unrecognized (must be of type ${expected.kind}): ${message} (${summary(body)})`);
  const source = readSource(body, mediaType, unrecognized);
  const meta = typeMetaOf(source.value, expected, unrecognized);
  const refuse = (message: string): Error => badRequest(`${cannotHandle(meta, expected)}: ${message}`);
  const schema = schemaFor(meta, expected, refuse);
  if (schema.read) checkCustomType(source.value, body, expected, unrecognized);
  try {
    const { object, problems } = source.decode(schema, fieldValidation);
    if (fieldValidation === 'Strict' && problems.length > 0) throw new DecodeError(strictMessage(problems));
    return { object: withTypeMeta(meta, object), problems, schema };
  } catch (err) {
    throw err instanceof DecodeError ? refuse(err.message) : err;
  }
}

/** Custom resources say what they are: nothing is filled in, and another kind is an invalid value. */
function checkCustomType(
  value: unknown,
  body: Uint8Array,
  expected: Expected,
  unrecognized: (message: string) => Error,
): void {
  const { kind, apiVersion, metadata } = (value ?? {}) as Partial<Record<string, unknown>>;
  if (!kind) throw unrecognized(`Object 'Kind' is missing in '${utf8.decode(body)}'`);
  const { group } = parseApiVersion(expected.apiVersion);
  if (apiVersion !== expected.apiVersion) {
    const wanted = `does not match the expected API version (${expected.apiVersion})`;
    throw badRequest(`the API version in the data (${(apiVersion as string | undefined) ?? ''}) ${wanted}`);
  }
  if (kind === expected.kind) return;
  const name = isRecord(metadata) && typeof metadata['name'] === 'string' ? metadata['name'] : '';
  const message = `Invalid value: ${JSON.stringify(kind)}: must be ${expected.kind}`;
  throw invalid({ group, kind: typeof kind === 'string' ? kind : '' }, name, [
    { reason: 'FieldValueInvalid', field: 'kind', message },
  ]);
}

const utf8 = new TextDecoder();

/** The message about problems that make a strict request fail; those of YAML come as one. */
export function strictMessage(problems: readonly string[]): string {
  const isYaml = (problem: string): boolean => /^line \d+: key /.test(problem);
  const yaml = problems.filter(isYaml);
  const others = problems.filter((problem) => !isYaml(problem));
  const first = yaml.length > 0 ? [`yaml: unmarshal errors:\n${yaml.map((problem) => `  ${problem}`).join('\n')}`] : [];
  return `strict decoding error: ${[...first, ...others].join(', ')}`;
}

/** A body that was read, but not yet by a schema. */
interface Source {
  /** Has at least `apiVersion` and `kind`. */
  readonly value: unknown;
  decode(schema: ObjectSchema, fieldValidation: FieldValidation): Decoded;
}

const readers: Readonly<Record<MediaType, (body: Uint8Array) => Source>> = {
  json(body) {
    const text = parseJson(utf8.decode(body));
    return { value: text.value, decode: (schema, validation) => decodeJson(schema, text, validation) };
  },
  yaml(body) {
    const yaml = parseYaml(utf8.decode(body));
    return { value: yaml.value, decode: (schema, validation) => decodeParsedYaml(schema, yaml, validation) };
  },
  protobuf(body) {
    const envelope = readEnvelope(body);
    const { apiVersion, kind } = envelope;
    return {
      value: { apiVersion, kind },
      decode: (schema) => ({ object: decodeMessage(schema, envelope), problems: [] }),
    };
  },
};

function readSource(body: Uint8Array, mediaType: MediaType, unrecognized: (message: string) => Error): Source {
  try {
    return readers[mediaType](body);
  } catch (err) {
    if (!(err instanceof DecodeError)) throw err;
    throw unrecognized(
      mediaType === 'json' ? `couldn't get version/kind; json parse error: ${err.message}` : err.message,
    );
  }
}

const withTypeMeta = (meta: TypeMeta, object: Decoded['object']): Decoded['object'] =>
  object['kind'] === undefined || object['apiVersion'] === undefined
    ? knowingAsGiven({ ...meta, ...object }, object)
    : object;

interface TypeMeta {
  readonly kind: string;
  readonly apiVersion: string;
}

const typeMetaType = String.raw`struct { APIVersion string "json:\"apiVersion,omitempty\""; Kind string "json:\"kind,omitempty\"" }`;

function typeMetaOf(value: unknown, expected: Expected, unrecognized: (message: string) => Error): TypeMeta {
  const wrong = (what: string): Error =>
    unrecognized(`couldn't get version/kind; json parse error: json: cannot unmarshal ${what}`);
  if (value !== null && !isRecord(value)) throw wrong(`${kindOf(value)} into Go value of type ${typeMetaType}`);
  const text = (name: 'apiVersion' | 'kind'): string => {
    const given = value && Object.hasOwn(value, name) ? value[name] : undefined;
    if (given === undefined || given === null || given === '') return expected[name];
    if (typeof given !== 'string') throw wrong(`${kindOf(given)} into Go struct field .${name} of type string`);
    return given;
  };
  const meta = { kind: text('kind'), apiVersion: text('apiVersion') };
  if (meta.apiVersion.split('/').length > 2) throw unrecognized(`unexpected GroupVersion string: ${meta.apiVersion}`);
  return meta;
}

const kindOf = (value: unknown): string =>
  Array.isArray(value) ? 'array' : typeof value === 'boolean' ? 'bool' : typeof value;

const cannotHandle = ({ kind, apiVersion }: TypeMeta, expected: Expected): string =>
  `${kind} in version "${parseApiVersion(apiVersion).version}" cannot be handled as a ${expected.kind}`;

const isExpected = ({ kind, apiVersion }: TypeMeta, expected: Expected): boolean =>
  kind === expected.kind && (apiVersion === expected.apiVersion || expected.aliases?.includes(apiVersion) === true);

function schemaFor(meta: TypeMeta, expected: Expected, refuse: (message: string) => Error): ObjectSchema {
  if (expected.schema.read) return expected.schema;
  if (isExpected(meta, expected)) return expected.schema;
  const other = schemaOfKind(meta.apiVersion, meta.kind);
  if (!other && !isList(meta)) {
    throw refuse(notRegistered(meta, expected));
  }
  if (other && (other === expected.schema || expected.accepts?.includes(other.name ?? ''))) return other;
  const { version } = parseApiVersion(meta.apiVersion);
  const internal = (expected.schema.name ?? '').split('.').at(-3) ?? '';
  throw refuse(`converting (${version}.${meta.kind}) to (${internal}.${expected.kind}): unknown conversion`);
}

/** A list of anything: a kind that no resource takes. */
const isList = ({ apiVersion, kind }: TypeMeta): boolean => apiVersion === 'v1' && kind === 'List';

/** What upstream says of a kind that it does not know in a version. */
export const notRegistered = ({ kind, apiVersion }: TypeMeta, expected: Pick<Expected, 'apiVersion'>): string =>
  `no kind "${kind}" is registered for version "${apiVersion}" in scheme "${schemeOf(expected.apiVersion)}"`;

/** The name upstream's messages give to the set of kinds a group belongs to. */
function schemeOf(apiVersion: string): string {
  const { group } = parseApiVersion(apiVersion);
  if (group === 'apiextensions.k8s.io') return 'k8s.io/apiextensions-apiserver/pkg/apiserver/apiserver.go:55';
  if (group === 'apiregistration.k8s.io') return 'k8s.io/kube-aggregator/pkg/apiserver/scheme/scheme.go:28';
  return 'pkg/api/legacyscheme/scheme.go:30';
}

const shown = 30;

/** The beginning of a body, as text if it looks like JSON, else in hexadecimal. */
export function summary(body: Uint8Array): string {
  if (body.length === 0) return '<empty>';
  const start = Buffer.from(body.subarray(0, shown)).toString(body[0] === 0x7b ? 'utf8' : 'hex');
  return body.length > shown ? `${start} ...` : start;
}
