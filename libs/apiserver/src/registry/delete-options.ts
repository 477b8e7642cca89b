import { badRequest, type Cause } from '@kubephant/api';
import { decodeBody, decodeValue, parseJson, parseYaml, schemas } from '@kubephant/schema';
import { bodyMediaType, protobuf, yaml, type MediaType } from '@kubephant/serving';
import type { DeleteRequest } from './deletion';
import { dryRunCauses, throwIfInvalid, unsupported } from './options';
import { booleanParam, integerParam } from './query';
import { orBadRequest } from './malformed';
import type { Scope } from './scope';

interface DeleteOptions {
  gracePeriodSeconds?: number;
  propagationPolicy?: string;
  orphanDependents?: boolean;
  preconditions?: { uid?: string; resourceVersion?: string };
  dryRun?: string[];
}

const policies = ['Foreground', 'Background', 'Orphan', 'nil'];
type Policy = NonNullable<DeleteRequest['propagationPolicy']>;

/** DeleteOptions of the body when there is one, else of the query: never of both. */
export async function deleteOptions(scope: Scope): Promise<DeleteRequest> {
  const body = await scope.req.body();
  const given = body.length > 0 ? fromBody(scope, body) : fromQuery(scope.req.url.searchParams);
  const { propagationPolicy, orphanDependents, gracePeriodSeconds, preconditions, dryRun = [] } = given;
  throwIfInvalid('DeleteOptions', causesOf(given));
  if (propagationPolicy === undefined && orphanDependents === undefined) warnOfDependents(scope);
  return {
    dryRun: dryRun.length > 0,
    ...(gracePeriodSeconds !== undefined && { gracePeriodSeconds }),
    ...(propagationPolicy !== undefined && { propagationPolicy: propagationPolicy as Policy }),
    ...(orphanDependents !== undefined && { orphanDependents }),
    ...(preconditions?.uid !== undefined && { uid: preconditions.uid }),
    ...(preconditions?.resourceVersion !== undefined && { resourceVersion: preconditions.resourceVersion }),
  };
}

function warnOfDependents({ req, resource }: Scope): void {
  if (resource.row.propagationWarning !== undefined) req.warn(resource.row.propagationWarning);
}

function causesOf({ propagationPolicy, orphanDependents, dryRun = [] }: DeleteOptions): readonly Cause[] {
  const causes: Cause[] = [];
  const shown = JSON.stringify(propagationPolicy);
  if (propagationPolicy !== undefined && orphanDependents !== undefined) {
    const message = `Invalid value: ${shown}: orphanDependents and deletionPropagation cannot be both set`;
    causes.push({ reason: 'FieldValueInvalid', field: 'propagationPolicy', message });
  }
  if (propagationPolicy !== undefined && (!policies.includes(propagationPolicy) || propagationPolicy === 'nil')) {
    causes.push(unsupported('propagationPolicy', propagationPolicy, policies));
  }
  return [...causes, ...dryRunCauses(dryRun)];
}

function fromQuery(query: URLSearchParams): DeleteOptions {
  const gracePeriodSeconds = integerParam(query, 'gracePeriodSeconds');
  const orphanDependents = booleanParam(query, 'orphanDependents');
  const propagationPolicy = query.get('propagationPolicy') ?? undefined;
  return {
    dryRun: query.getAll('dryRun'),
    ...(gracePeriodSeconds !== undefined && { gracePeriodSeconds }),
    ...(orphanDependents !== undefined && { orphanDependents }),
    ...(propagationPolicy !== undefined && { propagationPolicy }),
  };
}

const schema = schemas.get('io.k8s.apimachinery.pkg.apis.meta.v1.DeleteOptions');
const expected = { apiVersion: 'v1', kind: 'DeleteOptions', schema };
const scheme = 'k8s.io/apimachinery/pkg/apis/meta/internalversion/scheme/register.go:27';

/** Every group knows DeleteOptions under its own name, so only the kind counts; unknown fields are ignored. */
function fromBody({ req }: Scope, body: Buffer): DeleteOptions {
  const mediaType = bodyMediaType(req.headers.get('content-type'));
  if (mediaType === protobuf) return decodeBody(body, 'protobuf', expected).object;
  const value = parseBody(body.toString(), mediaType);
  demandRecord(value);
  const { kind = 'DeleteOptions', apiVersion = 'v1' } = (value ?? {}) as { kind?: unknown; apiVersion?: unknown };
  if (kind !== 'DeleteOptions') {
    const [shownKind, shownVersion] = [JSON.stringify(kind), JSON.stringify(apiVersion)];
    throw badRequest(
      `no kind ${shownKind} is registered for version ${shownVersion} in scheme ${JSON.stringify(scheme)}`,
    );
  }
  return orBadRequest('', () => decodeValue(schema, value, 'Ignore').object);
}

/** What the kind and version are read into first. */
const typeMeta =
  'struct { APIVersion string "json:\\"apiVersion,omitempty\\""; Kind string "json:\\"kind,omitempty\\"" }';

function demandRecord(value: unknown): void {
  if (value === undefined || value === null || (typeof value === 'object' && !Array.isArray(value))) return;
  const what = Array.isArray(value) ? 'array' : typeof value === 'boolean' ? 'bool' : typeof value;
  throw badRequest(
    `couldn't get version/kind; json parse error: json: cannot unmarshal ${what} into Go value of type ${typeMeta}`,
  );
}

function parseBody(text: string, mediaType: MediaType): unknown {
  if (mediaType === yaml) return orBadRequest('', () => parseYaml(text).value);
  return orBadRequest("couldn't get version/kind; json parse error: ", () => parseJson(text).value);
}
