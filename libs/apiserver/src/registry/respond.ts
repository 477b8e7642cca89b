import { StatusError, type KubeObject } from '@kubephant/api';
import {
  json,
  negotiate,
  objectMediaTypes,
  protobuf,
  watchMediaTypes,
  type Accepted,
  type Incoming,
  type MediaType,
  type Offers,
  type Reply,
  type Transform,
} from '@kubephant/serving';
import type { Resource, Served } from './resource';
import { includeObject, partialMetadata, partialMetadataList, tableOf, type ListMeta } from './table';

const transforms = ({ kind, group, version }: Transform): boolean =>
  group === 'meta.k8s.io' && (version === 'v1' || version === 'v1beta1') && known.has(kind);
const known = new Set(['Table', 'PartialObjectMetadata', 'PartialObjectMetadataList']);

/** What the client accepts of an object; NotAcceptable before anything is done. */
export function acceptObject({ headers }: Pick<Incoming, 'headers'>, resource?: Resource): Accepted {
  const mediaTypes = formsOf(resource, objectMediaTypes);
  return withoutBinaryTable(negotiate(headers.get('accept'), { mediaTypes, transforms, ...toldOf(resource) }));
}

/** The same of what is only ever sent, as reviews are: such a kind has no columns to be printed in. */
export function acceptInput({ headers }: Pick<Incoming, 'headers'>): Accepted {
  const plain = (as: Transform): boolean => as.kind !== 'Table' && transforms(as);
  return negotiate(headers.get('accept'), { mediaTypes: objectMediaTypes, transforms: plain });
}

/** The same of a list, or of the watch of one. */
export function acceptCollection({ headers }: Pick<Incoming, 'headers'>, resource: Resource, watch = false): Accepted {
  const [mediaTypes, streams] = [formsOf(resource, objectMediaTypes), formsOf(resource, watchMediaTypes)];
  const offers = { mediaTypes, transforms, streams, watch, ...toldOf(resource) };
  return withoutBinaryTable(negotiate(headers.get('accept'), offers));
}

/** Upstream promises protobuf in refusals that are about custom resources, too. */
const toldOf = (resource: Resource | undefined): Pick<Offers, 'told'> =>
  resource?.conversion ? { told: objectMediaTypes } : {};

/** Custom resources have no protobuf form. */
const formsOf = (resource: Resource | undefined, forms: readonly MediaType[]): readonly MediaType[] =>
  resource?.conversion ? forms.filter((form) => form !== protobuf) : forms;

/** Cells are any JSON, so a Table has no protobuf form. */
function withoutBinaryTable(accepted: Accepted): Accepted {
  if (accepted.as?.kind !== 'Table' || !accepted.mediaType.endsWith('protobuf')) return accepted;
  const types = objectMediaTypes.join(', ');
  throw new StatusError('NotAcceptable', `only the following media types are accepted: ${types}`);
}

const newline = Buffer.from('\n');

/** Answers with one object in the form the client asked for; its ready bytes for plain JSON. */
export function respond(req: Incoming, resource: Resource, item: Served, options: RespondOptions): Reply {
  const { accepted, status = 200, now } = options;
  const { as, mediaType } = accepted;
  if (!as) {
    if (mediaType === json) return { kind: 'bytes', status, contentType: json, chunks: [item.json, newline] };
    return { kind: 'object', status, body: item.object };
  }
  return { kind: 'object', status, body: transformed(resource, item, { req, as, now }) };
}

export interface RespondOptions {
  readonly accepted: Accepted;
  readonly status?: number;
  readonly now: Date;
}

interface Transforming {
  readonly req: Incoming;
  readonly as: Transform;
  readonly now: Date;
}

function transformed(resource: Resource, item: Served, { req, as, now }: Transforming): object {
  if (as.kind !== 'Table') return metadataOf(resource.row, item.object, as);
  const meta = { resourceVersion: item.object.metadata.resourceVersion };
  const table = { version: as.version, includeObject: includeObject(req.url.searchParams), now };
  return tableOf(resource, [item], meta, table);
}

interface GroupKind {
  readonly group: string;
  readonly kind: string;
}

/** One object's metadata alone, where the client asks for no more. */
export function metadataOf(type: GroupKind, object: KubeObject, as: Transform): object {
  if (as.kind === 'PartialObjectMetadata') return partialMetadata(object, as.version);
  const message = `you requested PartialObjectMetadataList, but the requested object is not a list (${goType(type)})`;
  throw new StatusError('NotAcceptable', message);
}

/** How upstream names the type in messages. */
const goType = ({ group, kind }: GroupKind, suffix = ''): string =>
  `*${group.split('.', 1).join('') || 'core'}.${kind}${suffix}`;

export interface Items {
  readonly items: readonly Served[];
  readonly meta: ListMeta;
}

/** Answers with a list: for plain JSON the items' stored bytes between a head and commas. */
export function respondList(req: Incoming, resource: Resource, list: Items, { accepted, now }: RespondOptions): Reply {
  const { as, mediaType } = accepted;
  if (as) return { kind: 'object', status: 200, body: transformedList(resource, list, { req, as, now }) };
  const { row, apiVersion } = resource;
  // Lists of custom resources, which have no type in Go, say always whether they go on, and of each item what it is.
  const custom = resource.conversion !== undefined;
  const metadata = custom ? { continue: '', ...list.meta } : list.meta;
  const head = { kind: `${row.kind}List`, apiVersion, metadata };
  if (mediaType !== json) {
    const items = list.items.map(({ object }) => (custom ? object : withoutType(object)));
    return { kind: 'object', status: 200, body: { ...head, items } };
  }
  const opening = Buffer.from(`${JSON.stringify(head).slice(0, -1)},"items":[`);
  const chunks = [opening, ...itemChunks(resource, list.items), closing];
  return { kind: 'bytes', status: 200, contentType: json, chunks };
}

const closing = Buffer.from(']}\n');
const firstItem = Buffer.from('{');
const nextItem = Buffer.from(',{');

/**
 * Items of a list do not repeat kind and apiVersion. Stored bytes begin with them, so each item is the same buffer
 * without its first bytes; one that begins otherwise is written whole.
 */
function* itemChunks({ row, apiVersion }: Resource, items: readonly Served[]): Generator<Buffer> {
  const typeMeta = Buffer.from(`{"kind":"${row.kind}","apiVersion":"${apiVersion}",`);
  const start = typeMeta.length;
  let opening = firstItem;
  for (const { json: bytes } of items) {
    yield opening;
    yield bytes.subarray(typeMeta.compare(bytes, 0, start) === 0 ? start : 1);
    opening = nextItem;
  }
}

const withoutType = ({ kind: _kind, apiVersion: _apiVersion, ...rest }: KubeObject): object => rest;

function transformedList(resource: Resource, { items, meta }: Items, { req, as, now }: Transforming): object {
  if (as.kind === 'PartialObjectMetadata') {
    const message = `you requested PartialObjectMetadata, but the requested object is a list (${goType(resource.row, 'List')})`;
    throw new StatusError('NotAcceptable', message);
  }
  if (as.kind === 'PartialObjectMetadataList') return partialMetadataList(items, meta, as.version);
  return tableOf(resource, items, meta, {
    version: as.version,
    includeObject: includeObject(req.url.searchParams),
    now,
  });
}
