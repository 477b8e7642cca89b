import { badRequest, parseApiVersion, StatusError, type KubeObject } from '@kubephant/api';
import { formatGo, parseYaml, strictMessage, type Expected } from '@kubephant/schema';
import type { Authenticated } from '@kubephant/serving';
import { orBadRequest } from './malformed';
import type { FieldValidation } from './options';

export interface Applying {
  readonly expected: Expected;
  readonly validation: FieldValidation;
}

/** The configuration in an apply body (YAML, so JSON too): an object of the expected kind without managedFields. */
export function readApplied(req: Authenticated, body: Buffer, { expected, validation }: Applying): KubeObject {
  const prefix = 'error decoding YAML: error converting YAML to JSON: ';
  const { value, duplicates } = orBadRequest(prefix, () => parseYaml(body.toString()));
  if (validation === 'Strict' && duplicates.length > 0) {
    const message = strictMessage(duplicates).replace('strict decoding error: ', '');
    throw badRequest(`error strict decoding YAML: error converting YAML to JSON: ${message}`);
  }
  if (validation === 'Warn') for (const duplicate of duplicates) req.warn(duplicate);
  return ofKind(recordOf(value ?? {}), expected);
}

function recordOf(value: unknown): Partial<KubeObject> {
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value;
  const type = Array.isArray(value) ? 'array' : typeof value === 'boolean' ? 'bool' : typeof value;
  const message = `json: cannot unmarshal ${type} into Go value of type map[string]interface {}`;
  throw badRequest(`error decoding YAML: error unmarshaling JSON: while decoding JSON: ${message}`);
}

function ofKind({ kind, apiVersion, metadata, ...rest }: Partial<KubeObject>, expected: Expected): KubeObject {
  if (kind !== expected.kind || apiVersion !== expected.apiVersion) {
    const { group, version } = parseApiVersion(textOf(apiVersion));
    throw badRequest(`invalid object type: ${group}/${version}, Kind=${textOf(kind)}`);
  }
  const given = (metadata as KubeObject['metadata'] | null | undefined) ?? undefined;
  if (given !== undefined && (typeof given !== 'object' || Array.isArray(given))) throw notTyped(expected, given);
  if (given?.managedFields) throw badRequest('metadata.managedFields must be nil');
  return { kind, apiVersion, metadata: given ?? ({} as KubeObject['metadata']), ...rest };
}

function notTyped({ apiVersion, kind }: Expected, metadata: unknown): StatusError {
  const gvk = `${apiVersion.includes('/') ? '' : '/'}${apiVersion}, Kind=${kind}`;
  const why = `.metadata: expected map, got &{${formatGo(metadata)}}`;
  return new StatusError('', `failed to create typed patch object (/; ${gvk}): ${why}`);
}

/** Bodies of apply are not decoded yet: anything may be anywhere. */
const textOf = (value: unknown): string => (typeof value === 'string' ? value : '');
