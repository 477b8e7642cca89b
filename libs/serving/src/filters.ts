import { randomUUID } from 'node:crypto';
import { badRequest, StatusError, timeout } from '@kubephant/api';
import { parseGoDuration, type Clock, type Logger } from '@kubephant/base';
import { newDeadlines } from './deadlines';
import {
  withFacts,
  type Filter,
  type Incoming,
  type Reply,
  type ReplyHeaders,
  type RequestInfo,
  type Resolved,
} from './handler';
import { isLongRunning, requestInfo, RequestInfoError } from './request-info';
import { textReply } from './text-reply';
import { newWarnings } from './warnings';

/** The reply with more header fields; those it has already win. */
export function withHeaders(reply: Reply, headers: ReplyHeaders): Reply {
  if (reply.kind === 'socket' || reply.kind === 'tunnel') return reply;
  return { ...reply, headers: reply.headers ? { ...headers, ...reply.headers } : headers };
}

/** The answer to an error: its Status, and Retry-After where the Status says so. */
export function statusReply(err: unknown): Reply {
  const { status } = StatusError.from(err);
  const seconds = status.details?.retryAfterSeconds;
  const headers = seconds ? { 'retry-after': String(seconds) } : undefined;
  return { kind: 'object', status: status.code, body: status, ...(headers && { headers }) };
}

/** Whatever is thrown becomes a Status; errors that are not StatusErrors are logged, for they are ours. */
export function withStatus(log: Logger): Filter<Incoming> {
  return (next) => async (req) => {
    try {
      return await next(req);
    } catch (err) {
      const unexpected = !(err instanceof StatusError) && !req.signal.aborted;
      if (unexpected) log.error('request failed', err, { method: req.method, path: req.url.pathname });
      return statusReply(err);
    }
  };
}

/**
 * Adds the facts every request has (RequestInfo, an audit id, a place for warnings), and to every answer, errors
 * included, `Audit-Id`, `Cache-Control` and `Warning`.
 */
export function withRequestInfo(log: Logger): Filter<Incoming, Resolved> {
  const orStatus = withStatus(log);
  return (next) => async (req) => {
    const auditId = req.headers.get('audit-id') ?? randomUUID();
    const asked = infoOf(req);
    if ('refusal' in asked) return withHeaders(asked.refusal, { 'audit-id': auditId });
    const warnings = newWarnings();
    const answer = orStatus(async () => next(withFacts(req, { ...asked, auditId, warn: warnings.add })));
    const common: Record<string, string | readonly string[]> = {
      'audit-id': auditId,
      'cache-control': 'no-cache, private',
    };
    const reply = await answer(req);
    if (warnings.headers.length > 0) common['warning'] = warnings.headers;
    return withHeaders(reply, common);
  };
}

/** What is asked, or the answer to a request that asks for nothing there can be. */
function infoOf({ method, url }: Incoming): { readonly info: RequestInfo } | { readonly refusal: Reply } {
  try {
    return { info: requestInfo(method, url) };
  } catch (err) {
    if (!(err instanceof RequestInfoError)) return { refusal: statusReply(err) };
    const target = JSON.stringify(escapeHtml(url.pathname + url.search));
    return {
      refusal: textReply(500, `Internal Server Error: ${target}: failed to create RequestInfo: ${err.message}\n`),
    };
  }
}

const escapeHtml = (text: string): string =>
  text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');

export interface TimeoutDeps {
  readonly clock: Clock;
  /** Ends the timer when the server does. */
  readonly signal: AbortSignal;
  /** Told of each request that is cut off. */
  readonly terminated?: (req: Resolved, code: number) => void;
}

/**
 * Answers 504 and cancels the request after `timeoutMs`, or sooner where `?timeout=` of the request says so (a Go
 * duration; BadRequest when it is none), unless it is long-running.
 */
export function withTimeout({ clock, signal, terminated }: TimeoutDeps, timeoutMs = 60_000): Filter<Resolved> {
  const common = newDeadlines(clock, timeoutMs, signal);
  return (next) => async (req) => {
    if (isLongRunning(req.info)) return next(req);
    const askedMs = timeoutIn(req);
    const late = Promise.withResolvers<never>();
    const expire = (): void => {
      const err = timeout('request did not complete within the allotted timeout');
      terminated?.(req, err.code);
      late.reject(err);
      req.cancel?.(err);
    };
    const sooner = askedMs > 0 && askedMs < timeoutMs;
    const remove = sooner ? expireAfter(clock, Math.ceil(askedMs), expire) : common.add(expire);
    try {
      return await Promise.race([next(req), late.promise]);
    } finally {
      remove();
    }
  };
}

function expireAfter(clock: Clock, ms: number, expire: () => void): () => void {
  const done = new AbortController();
  void clock.sleep(ms, done.signal).then(() => {
    if (!done.signal.aborted) expire();
  });
  return () => done.abort();
}

/** Milliseconds; 0 when nothing is said. */
function timeoutIn({ url }: Resolved): number {
  if (url.search === '') return 0;
  const asked = url.searchParams.get('timeout') ?? '';
  if (asked === '') return 0;
  try {
    return parseGoDuration(asked);
  } catch (err) {
    throw badRequest(`invalid timeout specified in the request URL - ${(err as Error).message}`);
  }
}
