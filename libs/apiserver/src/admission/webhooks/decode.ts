import { parseYaml } from '@kubephant/schema';
import type { Review } from './review';

type Json = Readonly<Record<string, unknown>>;

/** An AdmissionReview as a webhook sent it: of the form of one, whatever it says. */
export interface ReviewAnswer {
  readonly apiVersion: string;
  readonly kind: string;
  readonly response: Json | undefined;
}

const group = 'admission.k8s.io';
const isObject = (value: unknown): value is Json =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
const textOf = (value: unknown): string => (typeof value === 'string' ? value : '');

/** How Go names the types of JSON. */
const typeName = (value: unknown): string =>
  Array.isArray(value) ? 'array' : typeof value === 'boolean' ? 'bool' : typeof value;

/** Reads an answer, JSON or YAML. Throws in upstream's words what makes it no AdmissionReview of the version asked in. */
export function decodeAnswer(body: Buffer, { version }: Review): ReviewAnswer {
  const value = parse(body);
  const [apiVersion, kind] = [textOf(value['apiVersion']), textOf(value['kind'])];
  demandKind(apiVersion, kind, version);
  const { response } = value;
  if (response === undefined || response === null) return { apiVersion, kind, response: undefined };
  if (!isObject(response)) throw unfit(response, 'AdmissionReview.response', 'v1.AdmissionResponse');
  demandFields(response);
  return { apiVersion, kind, response };
}

function parse(body: Buffer): Json {
  const problem = "couldn't get version/kind; json parse error";
  let value: unknown;
  try {
    ({ value } = parseYaml(body.toString()));
  } catch (err) {
    throw new Error(`${problem}: ${(err as Error).message}`, { cause: err });
  }
  if (value === null || value === undefined) return {};
  if (isObject(value)) return value;
  const target =
    'struct { APIVersion string "json:\\"apiVersion,omitempty\\""; Kind string "json:\\"kind,omitempty\\"" }';
  throw new Error(`${problem}: json: cannot unmarshal ${typeName(value)} into Go value of type ${target}`);
}

/** Without a kind it is taken for what was expected; its verdict is looked at for that again. */
function demandKind(apiVersion: string, kind: string, version: string): void {
  if ((apiVersion === '' && kind === '') || (apiVersion === `${group}/${version}` && kind === 'AdmissionReview'))
    return;
  const given = apiVersion.slice(apiVersion.indexOf('/') + 1);
  const isKnown =
    (kind === 'AdmissionReview' && [`${group}/v1`, `${group}/v1beta1`].includes(apiVersion)) ||
    (kind === 'Status' && apiVersion === 'v1');
  if (isKnown) throw new Error(`converting (${given}.${kind}) to (${version}.AdmissionReview): unknown conversion`);
  if (kind === '') throw new Error(`Object 'Kind' is missing in '${apiVersion}'`);
  throw new Error(`no kind ${JSON.stringify(kind)} is registered for version ${JSON.stringify(apiVersion)}`);
}

function demandFields({ allowed, patch }: Json): void {
  if (allowed !== undefined && allowed !== null && typeof allowed !== 'boolean') {
    throw unfit(allowed, 'AdmissionResponse.response.allowed', 'bool');
  }
  if (patch === undefined || patch === null) return;
  if (typeof patch !== 'string') throw unfit(patch, 'AdmissionResponse.response.patch', '[]uint8');
  const wrong = /^(?:[A-Za-z\d+/]{4})*(?:[A-Za-z\d+/]{2}==|[A-Za-z\d+/]{3}=)?$/.test(patch) ? -1 : badByte(patch);
  if (wrong >= 0) throw new Error(`illegal base64 data at input byte ${wrong}`);
}

/** The first character that is not one of base64; else where the text ends too early. */
function badByte(text: string): number {
  const index = text.search(/[^A-Za-z\d+/]/);
  return index < 0 ? text.length - (text.length % 4) : index;
}

const unfit = (value: unknown, field: string, type: string): Error =>
  new Error(`json: cannot unmarshal ${typeName(value)} into Go struct field ${field} of type ${type}`);
