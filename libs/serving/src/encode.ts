import type { Filter, Incoming, Reply, RequestHeaders } from './handler';
import { json, preferred, protobuf, yaml } from './accept';
import { indentJson } from './indent-json';
import { queryFlag } from './request-info';
import { writeYaml } from './yaml/write';

/** Protobuf bytes of an object, envelope included; undefined for objects without a protobuf form. */
export type ProtobufEncoder = (object: object) => Uint8Array | undefined;

const newline = Buffer.from('\n');

/** Compact JSON and a final newline, as upstream ends its answers. */
export const encodeJson = (object: object): Buffer => Buffer.from(`${JSON.stringify(object)}\n`);

/** YAML as upstream lays it out. */
export const encodeYaml = (object: object): Buffer => Buffer.from(writeYaml(object));

/**
 * Turns `object` replies into bytes in the media type the client prefers, and indents JSON for people. Outermost, so
 * that errors too are encoded as asked.
 */
export function withEncoding(encodeProtobuf: ProtobufEncoder = () => undefined): Filter<Incoming> {
  return (next) => async (req) => {
    const reply = await next(req);
    if (reply.kind === 'object') return encodeObject(req, reply, encodeProtobuf);
    return reply.kind === 'bytes' && isPlainJson(reply) && wantsPretty(req) ? indented(reply) : reply;
  };
}

type ObjectReply = Extract<Reply, { kind: 'object' }>;
type BytesReply = Extract<Reply, { kind: 'bytes' }>;

function encodeObject(req: Incoming, reply: ObjectReply, encodeProtobuf: ProtobufEncoder): BytesReply {
  const { contentType, bytes } = encodeAs(
    preferred(req.headers.get('accept'), reply.status >= 400),
    reply.body,
    encodeProtobuf,
  );
  const encoded: BytesReply = { ...head(reply), contentType, chunks: [bytes] };
  return contentType === json && wantsPretty(req) ? indented(encoded) : encoded;
}

const head = ({ status, headers }: ObjectReply): Pick<BytesReply, 'kind' | 'status' | 'headers'> => ({
  kind: 'bytes',
  status,
  ...(headers && { headers }),
});

function encodeAs(mediaType: string, body: object, encodeProtobuf: ProtobufEncoder): EncodedObject {
  if (mediaType === yaml) return { contentType: yaml, bytes: encodeYaml(body) };
  const binary = mediaType === protobuf ? encodeProtobuf(body) : undefined;
  return binary ? { contentType: protobuf, bytes: binary } : { contentType: json, bytes: encodeJson(body) };
}

interface EncodedObject {
  readonly contentType: string;
  readonly bytes: Uint8Array;
}

const isPlainJson = ({ contentType, headers }: BytesReply): boolean =>
  (contentType === json || contentType.startsWith(`${json};`)) && headers?.['content-encoding'] === undefined;

function indented(reply: BytesReply): BytesReply {
  const compact = Buffer.concat(reply.chunks);
  const end = compact.at(-1) === newline[0] ? compact.length - 1 : compact.length;
  return { ...reply, chunks: [indentJson(compact.subarray(0, end))] };
}

/** `?pretty` decides where given; otherwise browsers, curl and Wget get indented JSON. */
export function wantsPretty(req: { readonly url: Incoming['url']; readonly headers: RequestHeaders }): boolean {
  if (req.url.search.includes('pretty') && req.url.searchParams.has('pretty')) return queryFlag(req.url, 'pretty');
  const agent = req.headers.get('user-agent');
  return agent !== null && /^(curl\/|Wget\/|Mozilla\/)/.test(agent);
}
