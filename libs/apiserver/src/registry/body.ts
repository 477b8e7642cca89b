import type { KubeObject } from '@kubephant/api';
import { decodeBody, knowingAsGiven, type Expected } from '@kubephant/schema';
import { bodyMediaType, json, protobuf, yaml } from '@kubephant/serving';
import { unknownFormat } from './malformed';
import type { FieldValidation } from './options';
import type { Resource } from './resource';
import type { Scope } from './scope';

export const expectedOf = ({ row, schema, apiVersion }: Resource): Expected => ({ apiVersion, kind: row.kind, schema });

/** The body as an object of the row's kind, with its defaults. */
export async function readObject(scope: Scope, validation: FieldValidation): Promise<KubeObject> {
  const object = await readBody(scope, expectedOf(scope.resource), validation);
  scope.resource.row.defaults?.(object);
  return object;
}

/** The body as an object of the expected kind. Unknown and duplicate fields are told to the client with `Warn`. */
export async function readBody(
  { req }: Pick<Scope, 'req'>,
  expected: Expected,
  validation: FieldValidation,
): Promise<KubeObject> {
  const mediaType = bodyMediaType(req.headers.get('content-type'));
  if (mediaType === protobuf && expected.schema.read) throw unknownFormat(textTypes);
  const body = await req.body();
  const form = mediaType === protobuf ? 'protobuf' : mediaType === yaml ? 'yaml' : 'json';
  const { object, problems } = decodeBody(body, form, expected, validation);
  for (const problem of problems) req.warn(problem);
  return asObject(object, expected);
}

/** What custom resources are written in: they have no protobuf form. */
const textTypes = [json, yaml];

/** A decoded value as an object: with its kind, which comes first in what is stored, and with metadata. */
export function asObject(decoded: Readonly<Record<string, unknown>>, { apiVersion, kind }: Expected): KubeObject {
  const { kind: _kind, apiVersion: _apiVersion, metadata = {}, ...rest } = decoded;
  return knowingAsGiven({ kind, apiVersion, metadata: metadata as KubeObject['metadata'], ...rest }, decoded);
}
