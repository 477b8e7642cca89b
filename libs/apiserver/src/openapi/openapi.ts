import { createHash } from 'node:crypto';
import { promisify } from 'node:util';
import { gzip } from 'node:zlib';
import { encodeVersion3, type Json, type OpenApi } from '@kubephant/schema';
import { json, parseAccept, type Incoming, type Reply } from '@kubephant/serving';
import type { Route } from '../build-handler';
import { memoized } from '../memoized';

const root = '/openapi/v3';
const yearMs = 365 * 24 * 3_600_000;
/** What clients before OpenAPI v3 ask for; most still by the first of its names, which is no valid media type and never answered. */
const protobuf2 = 'application/com.github.proto-openapi.spec.v2.v1.0+protobuf';
const protobuf2Deprecated = 'application/com.github.proto-openapi.spec.v2@v1.0+protobuf';
const protobuf3 = 'application/com.github.proto-openapi.spec.v3.v1.0+protobuf';
const protobuf3Deprecated = 'application/com.github.proto-openapi.spec.v3@v1.0+protobuf';
/** As upstream labels its index, JSON though it is. */
const text = 'text/plain; charset=utf-8';

/** Serves /openapi/v2 and /openapi/v3 (KEP-2896) from ready bytes, with hashes for the caches of clients. */
export function newOpenApiRoute(openApi: OpenApi): Route {
  return (req) => {
    const { pathname } = req.url;
    if (pathname === '/openapi/v2') return second(req, openApi);
    if (pathname === root) return reply(req, openApi.index(), { 'content-type': text });
    return pathname.startsWith(`${root}/`) ? third(req, pathname.slice(root.length + 1), openApi) : undefined;
  };
}

const vary = 'Accept-Encoding, Accept';

async function second(req: Incoming, openApi: OpenApi): Promise<Reply> {
  const asked = accepted(req, [json, protobuf2, protobuf2Deprecated]);
  if (asked === undefined) return wordless(406, { vary });
  const contentType = asked === json ? json : protobuf2;
  const bytes = contentType === json ? await openApi.version2() : await openApi.version2Protobuf();
  const etag = quotedHash(bytes);
  return reply(req, bytes, { 'content-type': contentType, etag, vary });
}

async function third(req: Incoming, path: string, openApi: OpenApi): Promise<Reply> {
  const document = await openApi.document(path);
  if (!document) return wordless(404);
  const { hash } = document;
  const offered = accepted(req, [json, protobuf3, protobuf3Deprecated]);
  if (offered === undefined) return wordless(406, { vary: 'Accept' });
  const contentType = offered === json ? json : protobuf3;
  const bytes = contentType === json ? document.bytes : binary(document.bytes);
  const headers = { 'content-type': contentType, etag: `"${hash}"`, vary: 'Accept' };
  const asked = req.url.searchParams.get('hash');
  if (asked === null) return reply(req, bytes, headers);
  if (asked !== hash) {
    const location = `${root}/${path}?hash=${hash}`;
    return { kind: 'bytes', status: 301, contentType: json, chunks: [], headers: { ...headers, location } };
  }
  const expires = new Date(Date.now() + yearMs).toUTCString();
  return reply(req, bytes, { ...headers, 'cache-control': 'public, immutable', expires });
}

/** A refusal without a body, and so without the type of one. */
const wordless = (status: number, headers: Headers = {}): Reply => ({
  kind: 'bytes',
  status,
  contentType: '',
  chunks: [],
  headers,
});

/** The first media type offered that the client accepts, if there is one. */
function accepted({ headers }: Incoming, offered: readonly string[]): string | undefined {
  const accept = headers.get('accept');
  const types = accept ? parseAccept(accept).map(({ type }) => type) : ['*/*'];
  for (const type of types) {
    const found = type === '*/*' || type === 'application/*' ? offered[0] : offered.find((one) => one === type);
    if (found) return found;
  }
  return undefined;
}

type Headers = Readonly<Record<string, string>>;

async function reply({ headers: asked }: Incoming, bytes: Buffer, all: Headers): Promise<Reply> {
  const { 'content-type': contentType = json, ...headers } = all;
  if (headers['etag'] !== undefined && asked.get('if-none-match') === headers['etag']) {
    return { kind: 'bytes', status: 304, contentType, chunks: [], headers };
  }
  if (!asked.get('accept-encoding')?.includes('gzip')) {
    return { kind: 'bytes', status: 200, contentType, chunks: [bytes], headers };
  }
  const chunks = [await compressed(bytes)];
  return { kind: 'bytes', status: 200, contentType, chunks, headers: { ...headers, 'content-encoding': 'gzip' } };
}

/** The documents are large, stay the same, and every kubectl asks for them: compressed and hashed once. */
const zip = promisify<Buffer, Buffer>(gzip);
const binary = memoized((bytes: Buffer) => encodeVersion3(JSON.parse(bytes.toString()) as Json));
const compressed = memoized((bytes: Buffer) => zip(bytes));
const quotedHash = memoized((bytes: Buffer) => `"${createHash('sha512').update(bytes).digest('hex').toUpperCase()}"`);
