import type { Authenticated, BackendResponse, RequestHeaders } from '@kubephant/serving';

/** Fields that belong to one connection (RFC 9110 §7.6.1). */
const hopByHop = [
  'connection',
  'keep-alive',
  'proxy-authenticate',
  'proxy-authorization',
  'proxy-connection',
  'te',
  'trailer',
  'transfer-encoding',
  'upgrade',
];
/** Fields that speak to us and not to whom the request is for. */
const ours = ['authorization', 'audit-id', 'expect', 'http2-settings'];
/** Whether browsers may read answers of the API server is not for what is behind it to say. */
const cors = [
  'access-control-allow-credentials',
  'access-control-allow-headers',
  'access-control-allow-methods',
  'access-control-allow-origin',
];

function namedBy(connection: string | null): readonly string[] {
  return (connection ?? '').split(',').map((name) => name.trim().toLowerCase());
}

/** The fields of a request as they go on: without our credentials, with who it comes from. */
export function requestFields({ headers, remoteAddress }: Authenticated): Record<string, string> {
  const dropped = new Set([...hopByHop, ...ours, ...namedBy(headers.get('connection'))]);
  const kept = [...headers].filter(([name]) => !dropped.has(name) && !name.startsWith('impersonate-'));
  const before = headers.get('x-forwarded-for');
  return { ...Object.fromEntries(kept), 'x-forwarded-for': before ? `${before}, ${remoteAddress}` : remoteAddress };
}

/** The fields of an answer as they come back. */
export function responseFields(headers: BackendResponse['headers']): Record<string, string | readonly string[]> {
  const { connection } = headers;
  const dropped = new Set([...hopByHop, ...cors, ...namedBy(typeof connection === 'string' ? connection : null)]);
  return Object.fromEntries(Object.entries(headers).filter(([name]) => !dropped.has(name)));
}

/** Whether a request says that it has a body, or may have one. */
export function hasBody(method: string, headers: RequestHeaders): boolean {
  const length = headers.get('content-length');
  if (length !== null) return length !== '0';
  return headers.has('transfer-encoding') || !['GET', 'HEAD', 'DELETE', 'OPTIONS'].includes(method);
}
