import type { Incoming, RequestUrl } from './handler';
import { queryOf } from './query';

export interface IncomingOptions {
  readonly method?: string;
  readonly path: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string | Uint8Array | object;
  readonly signal?: AbortSignal;
  readonly clientCertificate?: NonNullable<Incoming['clientCertificate']>;
  readonly upgrade?: readonly string[];
  readonly upgradeTo?: string;
}

/** A request as an edge would make it, from a literal. An object body is sent as JSON. */
export function newIncoming({ method = 'GET', path, headers = {}, body, signal, ...rest }: IncomingOptions): Incoming {
  const bytes = typeof body === 'string' || body instanceof Uint8Array ? body : body ? JSON.stringify(body) : '';
  return {
    method,
    url: urlOf(path),
    headers: new Headers(headers),
    signal: signal ?? new AbortController().signal,
    remoteAddress: '192.0.2.1',
    body: async () => Buffer.from(bytes as Uint8Array),
    ...rest,
  };
}

/** Split as an edge does it: dot segments and escapes are left for the reader. */
function urlOf(path: string): RequestUrl {
  const question = path.indexOf('?');
  const [pathname, search] = question < 0 ? [path, ''] : [path.slice(0, question), path.slice(question)];
  return { pathname, search, searchParams: queryOf(search) };
}
