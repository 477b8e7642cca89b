import { StatusError } from '@kubephant/api';

export const json = 'application/json';
export const yaml = 'application/yaml';
export const protobuf = 'application/vnd.kubernetes.protobuf';

export type MediaType = typeof json | typeof yaml | typeof protobuf;

export const objectMediaTypes: readonly MediaType[] = [json, yaml, protobuf];
export const watchMediaTypes: readonly MediaType[] = [json, protobuf];

/** Another form the client wants the answer in: `as=Table;g=meta.k8s.io;v=v1`. */
export interface Transform {
  readonly kind: string;
  readonly group: string;
  readonly version: string;
}

export interface Accepted {
  readonly mediaType: MediaType;
  readonly as?: Transform;
}

export interface Offers {
  readonly mediaTypes: readonly MediaType[];
  /** Whether a transform can be served; without it none can. */
  readonly transforms?: (as: Transform) => boolean;
  /** Of collections: what a watch of it can be in, which is named with `;stream=watch`. */
  readonly streams?: readonly MediaType[];
  /** The answer is a watch. */
  readonly watch?: boolean;
  /** What refusals name instead, whatever is wrong. */
  readonly told?: readonly MediaType[];
}

export interface Clause {
  readonly type: string;
  readonly parameters: ReadonlyMap<string, string>;
  readonly quality: number;
}

/** The clauses of an Accept header, best first; equal ones in the client's order. Malformed clauses match nothing. */
export function parseAccept(accept: string): readonly Clause[] {
  return accept
    .split(',')
    .map(parseClause)
    .filter(({ quality }) => quality > 0)
    .sort((a, b) => b.quality - a.quality);
}

function parseClause(text: string): Clause {
  const [type = '', ...pairs] = text.split(';').map((part) => part.trim());
  const parameters = new Map(
    pairs.map((pair) => {
      const [name = '', value = ''] = pair.split('=', 2);
      return [name.toLowerCase(), value] as const;
    }),
  );
  const quality = Number(parameters.get('q') ?? 1);
  return { type: type.toLowerCase(), parameters, quality: Number.isNaN(quality) ? 0 : quality };
}

/**
 * Which offer an Accept header asks for. Throws NotAcceptable in upstream's two wordings: one when no media type is
 * known at all, the other when none fits with its parameters (an unknown transform, YAML for a watch).
 */
export function negotiate(accept: string | null, offers: Offers): Accepted {
  if (!accept || accept === '*/*' || accept === json) return { mediaType: json };
  const clauses = parseAccept(accept);
  const { mediaTypes, streams = [], watch, told } = offers;
  if (!told && !clauses.some(({ type }) => type === '*/*' || objectMediaTypes.includes(type as MediaType))) {
    throw noRepresentation([...mediaTypes, ...streams.map(named)]);
  }
  const accepted = firstSatisfied(clauses, offers) ?? notAcceptable(told ?? mediaTypes);
  if (!watch) return accepted;
  return firstSatisfied(clauses, { ...offers, mediaTypes: streams }) ?? notAcceptable(streams.map(named));
}

const named = (mediaType: string): string => `${mediaType};stream=watch`;

const notAcceptable = (names: readonly string[]): never => {
  throw new StatusError('NotAcceptable', `only the following media types are accepted: ${names.join(', ')}`);
};

function firstSatisfied(clauses: readonly Clause[], offers: Offers): Accepted | undefined {
  for (const clause of clauses) {
    const accepted = satisfy(clause, offers);
    if (accepted) return accepted;
  }
  return undefined;
}

function satisfy({ type, parameters }: Clause, { mediaTypes, transforms }: Offers): Accepted | undefined {
  const mediaType = mediaTypes.find((offered) => type === '*/*' || type === 'application/*' || type === offered);
  if (!mediaType || (parameters.get('stream') ?? 'watch') !== 'watch') return undefined;
  const kind = parameters.get('as');
  if (!kind) return { mediaType };
  const as = { kind, group: parameters.get('g') ?? '', version: parameters.get('v') ?? '' };
  return transforms?.(as) ? { mediaType, as } : undefined;
}

/** 406 for an Accept header that names no known media type. */
export function noRepresentation(available: readonly string[]): StatusError {
  const message = `406: Not Acceptable\n\nAvailable representations: ${available.join(', ')}`;
  return new StatusError('NotAcceptable', message, {});
}

/**
 * For errors and other small answers, which are never refused: the first known media type asked for, or JSON. An error
 * is in no other form than its own, so what is asked for in another (`as=Table`) is not asked for it.
 */
export function preferred(accept: string | null, isError = false): MediaType {
  if (!accept || (accept.startsWith(json) && !accept.includes('q='))) return json;
  const known = parseAccept(accept).find(
    ({ type, parameters }) => objectMediaTypes.includes(type as MediaType) && !(isError && parameters.has('as')),
  );
  return known ? (known.type as MediaType) : json;
}

/** The media type of a body sent with POST or PUT: JSON when unnamed. Throws UnsupportedMediaType. */
export function bodyMediaType(contentType: string | null): MediaType {
  if (!contentType) return json;
  const bare = bareMediaType(contentType);
  const known = objectMediaTypes.find((mediaType) => mediaType === bare);
  if (known && hasReadableParameters(contentType)) return known;
  const accepted = objectMediaTypes.join(', ');
  const message = `the body of the request was in an unknown format - accepted media types include: ${accepted}`;
  throw new StatusError('UnsupportedMediaType', message);
}

/** A parameter is `name=value`; one that is not makes the media type unknown. */
const hasReadableParameters = (contentType: string): boolean =>
  !contentType.includes(';') ||
  contentType
    .split(';')
    .slice(1)
    .every((one) => /^\s*(?:[^=\s]+=.*)?$/.test(one));

/** A media type without its parameters, in lower case. */
export function bareMediaType(contentType: string): string {
  const semicolon = contentType.indexOf(';');
  return (semicolon < 0 ? contentType : contentType.slice(0, semicolon)).trim().toLowerCase();
}
