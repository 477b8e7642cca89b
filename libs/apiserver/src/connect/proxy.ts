import { StatusError } from '@kubephant/api';
import type { Authenticated, Backend, BackendRequest, BackendResponse, Dialer, Reply } from '@kubephant/serving';
import { plainFailure, reach } from './failure';
import { rewriteHtml } from './html';
import { single } from './log';
import { hasBody, requestFields, responseFields } from './proxy-headers';
import { rewriteUrl, type LinkContext } from './proxy-links';
import { tunnelReply } from './sessions';

/** Carries a request to a server behind this one and its answer back, as if that were a part of this one. */
export async function proxy(req: Authenticated, backend: Backend, dialer: Dialer): Promise<Reply> {
  const { prefix, path } = splitPath(req.url.pathname);
  const headers = requestFields(req);
  if (req.upgradeTo !== undefined) return passOn(req, backend, { method: req.method, path, headers }, dialer);
  if (path === '' && (req.method === 'GET' || req.method === 'HEAD')) return toRoot(req);
  const request: BackendRequest = {
    method: req.method,
    path: (path || '/') + req.url.search,
    headers: { ...headers, 'x-forwarded-uri': prefix + path },
    ...(hasBody(req.method, req.headers) && { body: req.stream?.() ?? (await req.body()) }),
  };
  const response = await reach(
    () => dialer.request(backend, request, req.signal),
    (why, cause) =>
      new StatusError('ServiceUnavailable', `error trying to reach service: ${why}`, undefined, { cause }),
  );
  const authority = `${backend.host.includes(':') ? `[${backend.host}]` : backend.host}:${backend.port}`;
  return answered(response, { prefix, backendHost: authority, requestHost: req.headers.get('host') ?? '' });
}

/** The path up to and with `/proxy`, and what is beyond it, both as the client wrote them. */
function splitPath(pathname: string): { readonly prefix: string; readonly path: string } {
  const [prefix = pathname] = /^.*?\/(?:pods|services|nodes)\/[^/]+\/proxy(?=\/|$)/.exec(pathname) ?? [];
  return { prefix, path: pathname.slice(prefix.length) };
}

/** Relative links of a page lead astray unless its address ends in a slash. */
function toRoot({ url }: Authenticated): Reply {
  const headers = { location: `${url.pathname}/${url.search}` };
  return { kind: 'bytes', status: 301, contentType: 'text/plain', chunks: [], headers };
}

function answered(response: BackendResponse, context: LinkContext): Reply {
  const { 'content-type': contentType, location, ...rest } = responseFields(response.headers);
  const type = typeof contentType === 'string' ? contentType : 'application/octet-stream';
  const reply = { kind: 'stream', status: response.status, contentType: type } as const;
  if (typeof location === 'string') {
    const headers = { ...rest, location: rewriteUrl(location, context) };
    return { ...reply, headers, chunks: single(response.body) };
  }
  const encoding = rest['content-encoding'];
  const rewritten =
    type.split(';')[0]?.trim() === 'text/html' &&
    rewriteHtml(response.body, encoding, (url) => rewriteUrl(url, context));
  if (!rewritten) return { ...reply, headers: rest, chunks: single(response.body) };
  const { 'content-length': _, ...headers } = rest;
  return { ...reply, headers, chunks: single(rewritten) };
}

/** Lets client and backend go on in another protocol, such as WebSocket, if the backend agrees. */
export async function passOn(
  req: Authenticated,
  backend: Backend,
  request: BackendRequest,
  dialer: Dialer,
): Promise<Reply> {
  const ended = new AbortController();
  const headers = { ...request.headers, ...upgradeFields(req) };
  if (headers['sec-websocket-protocol'] === '') delete headers['sec-websocket-protocol'];
  const path = (request.path || '/') + req.url.search;
  const answer = await reach(
    () => dialer.tunnel(backend, { ...request, path, headers }, ended.signal),
    (why, cause) => plainFailure(`error dialing backend: ${why}`, cause),
  );
  if ('socket' in answer) return tunnelReply(answer, ended);
  if (answer.status < 400) {
    ended.abort();
    throw plainFailure(`invalid upgrade response: status code ${answer.status}`);
  }
  const { 'content-type': contentType = 'text/plain', ...rest } = responseFields(answer.headers);
  const type = typeof contentType === 'string' ? contentType : 'text/plain';
  return { kind: 'stream', status: answer.status, contentType: type, headers: rest, chunks: single(answer.body) };
}

/** The subprotocols are those of the request, which has given up the one that carried a token. */
function upgradeFields({ upgradeTo = '', upgrade }: Authenticated): Record<string, string> {
  return { upgrade: upgradeTo, ...(upgrade && { 'sec-websocket-protocol': upgrade.join(', ') }) };
}
