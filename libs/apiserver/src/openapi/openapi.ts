import { createHash } from 'node:crypto';
import { gzipSync } from 'node:zlib';
import { json, noRepresentation, parseAccept, type Incoming, type Reply } from '@kubephant/serving';

/** OpenAPI documents as JSON. They are asked for when first needed, then kept. */
export interface OpenApiDocuments {
  v2(): Uint8Array;
  /** Paths that have a document: `api/v1`, `apis/apps/v1`. */
  readonly v3Paths: readonly string[];
  v3(path: string): Uint8Array;
}

interface Document {
  readonly bytes: Uint8Array;
  readonly hash: string;
  /** Compressed once: the documents are large and every kubectl asks for them. */
  gzipped?: Uint8Array;
}

const yearMs = 365 * 24 * 3_600_000;
const v3Root = '/openapi/v3';

/** Serves /openapi/v2 and /openapi/v3 (KEP-2896) from ready bytes, with hashes for clients' caches. */
export function newOpenApi(documents: OpenApiDocuments): (req: Incoming) => Reply | undefined {
  const known = new Map<string, Document>();
  const document = (path: string, make: () => Uint8Array): Document => {
    const found = known.get(path) ?? describe(make());
    known.set(path, found);
    return found;
  };
  const v3 = (path: string): Document => document(path, () => documents.v3(path));
  const index = (): Document =>
    document('', () => {
      const entries = documents.v3Paths.map((path) => [path, { serverRelativeURL: location(path, v3(path)) }] as const);
      return Buffer.from(JSON.stringify({ paths: Object.fromEntries(entries) }));
    });
  const paths = new Set(documents.v3Paths);

  return (req) => {
    const { pathname } = req.url;
    if (pathname === '/openapi/v2')
      return v2Reply(
        req,
        document('v2', () => documents.v2()),
      );
    if (pathname === v3Root || pathname === `${v3Root}/`) return reply(req, index(), { contentType: text });
    const path = pathname.startsWith(`${v3Root}/`) ? pathname.slice(v3Root.length + 1) : '';
    return paths.has(path) ? v3Reply(req, path, v3(path)) : undefined;
  };
}

/** As upstream labels its index, JSON though it is. */
const text = 'text/plain; charset=utf-8';

function describe(bytes: Uint8Array): Document {
  return { bytes, hash: createHash('sha512').update(bytes).digest('hex').toUpperCase() };
}

const location = (path: string, { hash }: Document): string => `${v3Root}/${path}?hash=${hash}`;

function v2Reply(req: Incoming, document: Document): Reply {
  demandJson(req);
  return reply(req, document, {
    contentType: json,
    headers: { etag: `"${document.hash}"`, vary: 'Accept-Encoding, Accept' },
  });
}

function v3Reply(req: Incoming, path: string, document: Document): Reply {
  demandJson(req);
  const asked = req.url.searchParams.get('hash');
  const headers = { etag: `"${document.hash}"`, vary: 'Accept' };
  if (asked === null) return reply(req, document, { contentType: json, headers });
  if (asked !== document.hash) {
    const moved = { ...headers, location: location(path, document) };
    return { kind: 'bytes', status: 301, contentType: json, chunks: [], headers: moved };
  }
  const expires = new Date(Date.now() + yearMs).toUTCString();
  return reply(req, document, {
    contentType: json,
    headers: { ...headers, 'cache-control': 'public, immutable', expires },
  });
}

function demandJson({ headers }: Incoming): void {
  const accept = headers.get('accept');
  const served = !accept || parseAccept(accept).some(({ type }) => ['*/*', 'application/*', json].includes(type));
  if (!served) throw noRepresentation([json]);
}

interface Head {
  readonly contentType: string;
  readonly headers?: Readonly<Record<string, string>>;
}

function reply({ headers: asked }: Incoming, document: Document, { contentType, headers = {} }: Head): Reply {
  if (headers['etag'] !== undefined && asked.get('if-none-match') === headers['etag']) {
    return { kind: 'bytes', status: 304, contentType, chunks: [], headers };
  }
  if (!asked.get('accept-encoding')?.includes('gzip')) {
    return { kind: 'bytes', status: 200, contentType, chunks: [document.bytes], headers };
  }
  document.gzipped ??= gzipSync(document.bytes);
  const compressed = { ...headers, 'content-encoding': 'gzip' };
  return { kind: 'bytes', status: 200, contentType, chunks: [document.gzipped], headers: compressed };
}
