import { badRequest, StatusError, type Status } from '@kubephant/api';
import type { ConnectLocation } from '@kubephant/resources';
import {
  type Authenticated,
  type Authorizer,
  type Backend,
  type BackendResponse,
  type Dialer,
  type Reply,
} from '@kubephant/serving';
import type { Store } from '@kubephant/storage';
import { demand } from '../authorization/authorize';
import type { Connect } from '../registry';
import { backendOf, type BackendConfig } from './backend';
import { relay } from './relay';

export interface ConnectDependencies {
  readonly dialer: Dialer;
  readonly store: Store;
  readonly authorizer: Authorizer;
}

/** Sessions: what they do is decided by what is sent, so reading (`get`) is never enough to open one. */
const sessions = new Set(['exec', 'attach', 'portforward']);

/** Carries log, exec, attach, portforward and proxy requests to where they lead. */
export function newConnect({ dialer, store, authorizer }: ConnectDependencies, config: BackendConfig): Connect {
  return async (req, location) => {
    const { subresource = '' } = req.info;
    const path = pathOf(location);
    if (sessions.has(subresource)) {
      await demand(authorizer, { user: req.user, info: { ...req.info, verb: 'create' } });
    }
    const backend = await backendOf(location, store, config);
    if (!req.upgrade && sessions.has(subresource)) return refuseSession(req, backend, path, dialer);
    if (req.upgrade) return openSession(req, { backend, path, upgrade: req.upgrade }, dialer);
    return subresource === 'log' ? readLog(req, backend, path, dialer) : proxy(req, backend, path, dialer);
  };
}

function pathOf({ path, query }: ConnectLocation): string {
  const rooted = path.startsWith('/') ? path : `/${path}`;
  return query && query.size > 0 ? `${rooted}?${query.toString()}` : rooted;
}

interface Session {
  readonly backend: Backend;
  readonly path: string;
  readonly upgrade: readonly string[];
}

/** The backend chooses the protocol; then messages go both ways as they are. */
async function openSession(req: Authenticated, { backend, path, upgrade }: Session, dialer: Dialer): Promise<Reply> {
  const ended = new AbortController();
  const socket = await reach('error dialing backend', () => dialer.connect(backend, { path }, upgrade, ended.signal));
  return {
    kind: 'socket',
    protocol: socket.protocol,
    serve: async (client) => {
      try {
        await relay(client, socket);
      } finally {
        ended.abort();
      }
    },
  };
}

const webSocketNeeded = 'Upgrade request required: sessions are served over WebSocket only, not over SPDY';

/**
 * Answers a client that asks for a session in a way that is not served. kubectl shows nothing but the answer to its last
 * attempt, which is SPDY: so what the kubelet has against the session itself goes first, in its own code and words.
 */
async function refuseSession(req: Authenticated, backend: Backend, path: string, dialer: Dialer): Promise<Reply> {
  const response = await reach('error dialing backend', () =>
    dialer.request(backend, { method: 'GET', path }, req.signal),
  );
  const { status } = response;
  const text = await errorTextOf(response);
  if (status < 400 || (status === 400 && /upgrade/i.test(text))) throw badRequest(webSocketNeeded);
  const told = statusIn(text);
  if (told) throw StatusError.fromStatus({ ...told, code: status });
  return { kind: 'bytes', status, contentType: 'text/plain; charset=utf-8', chunks: [Buffer.from(text)] };
}

async function readLog(req: Authenticated, backend: Backend, path: string, dialer: Dialer): Promise<Reply> {
  const response = await reach('error dialing backend', () =>
    dialer.request(backend, { method: 'GET', path }, req.signal),
  );
  if (response.status !== 200) throw await refusalOf(response);
  return { kind: 'stream', status: 200, contentType: 'text/plain', chunks: single(response.body), text: true };
}

async function* single(body: AsyncIterable<Uint8Array>): AsyncGenerator<readonly Uint8Array[]> {
  for await (const chunk of body) yield [chunk];
}

/** Errors of a kubelet are short texts. */
const maxErrorBytes = 64 * 1024;

async function errorTextOf({ body }: BackendResponse): Promise<string> {
  let text = '';
  for await (const chunk of body) {
    text += Buffer.from(chunk).toString();
    if (text.length > maxErrorBytes) break;
  }
  return text.trim();
}

async function refusalOf(response: BackendResponse): Promise<StatusError> {
  const { status } = response;
  const text = await errorTextOf(response);
  const told = statusIn(text);
  if (told) return StatusError.fromStatus({ ...told, code: status });
  const message = text.slice(0, 2048) || `the server answered with status ${status}`;
  if (status === 400) return badRequest(message);
  return new StatusError(status === 404 ? 'NotFound' : 'InternalError', message);
}

/** The failure that a kubelet tells as a Status: its text and reason, and nothing else that it may have written. */
function statusIn(text: string): Omit<Status, 'code'> | undefined {
  if (!text.startsWith('{')) return undefined;
  try {
    const { kind, message, reason } = JSON.parse(text) as Readonly<Record<string, unknown>>;
    if (kind !== 'Status' || typeof message !== 'string') return undefined;
    const about = { message, ...(typeof reason === 'string' && { reason }) };
    return { kind, apiVersion: 'v1', metadata: {}, status: 'Failure', ...about };
  } catch {
    return undefined; // then it is the text itself
  }
}

/** Fields that belong to one connection (RFC 9110 §7.6.1), and those that speak of us and not of the request. */
const notForwarded = new Set([
  'connection',
  'keep-alive',
  'proxy-authenticate',
  'proxy-authorization',
  'te',
  'trailer',
  'transfer-encoding',
  'upgrade',
  'host',
  'authorization',
  'content-length',
  'audit-id',
]);
const isForwarded = (name: string): boolean => !notForwarded.has(name) && !name.startsWith('impersonate-');

async function proxy(req: Authenticated, backend: Backend, path: string, dialer: Dialer): Promise<Reply> {
  const headers = Object.fromEntries([...req.headers].filter(([name]) => isForwarded(name)));
  const body = await req.body();
  const request = { method: req.method, path, headers, ...(body.length > 0 && { body }) };
  const response = await reach('error trying to reach service', () => dialer.request(backend, request, req.signal));
  const { 'content-type': contentType, ...rest } = response.headers;
  return {
    kind: 'stream',
    status: response.status,
    contentType: typeof contentType === 'string' ? contentType : 'application/octet-stream',
    headers: Object.fromEntries(Object.entries(rest).filter(([name]) => isForwarded(name))),
    chunks: single(response.body),
  };
}

/** A StatusError of the backend is passed on; that there was no answer is said with `what` before it. */
async function reach<T>(what: string, dial: () => Promise<T>): Promise<T> {
  try {
    return await dial();
  } catch (err) {
    if (err instanceof StatusError) throw err;
    const message = `${what}: ${err instanceof Error ? err.message : String(err)}`;
    throw new StatusError('ServiceUnavailable', message, undefined, { cause: err });
  }
}
