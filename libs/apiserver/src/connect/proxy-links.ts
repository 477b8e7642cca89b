import { posix } from 'node:path';

/** What is needed to tell the backend's own addresses from those of others. */
export interface LinkContext {
  /** Where the backend's root is under this server. */
  readonly prefix: string;
  /** Host and port under which the backend was reached. */
  readonly backendHost: string;
  /** The host that the client asked for. */
  readonly requestHost: string;
}

/**
 * An address that the backend gives for itself, as one under this server. Relative addresses, those of other hosts and
 * those that lead through the proxy already stay as they are.
 */
export function rewriteUrl(url: string, context: LinkContext): string {
  const { origin, host, path, rest } = partsOf(url);
  if (!path.startsWith('/') || !isOwn(origin, host, context)) return url;
  const kept = host !== '' && host === context.requestHost ? origin : '';
  const { prefix } = context;
  return kept + (path.startsWith(prefix) ? path : posix.join(prefix, path)) + rest;
}

/** `origin` is scheme and host, as far as they are given; `rest` is query and fragment. */
function partsOf(url: string) {
  const [, origin = '', host = '', path = ''] = /^((?:[a-z][a-z0-9+.-]*:)?(?:\/\/([^/?#]*))?)([^?#]*)/i.exec(url) ?? [];
  return { origin, host, path, rest: url.slice(origin.length + path.length) };
}

const isOwn = (origin: string, host: string, { backendHost, requestHost }: LinkContext): boolean =>
  host === '' ? !origin.endsWith(':') : host === backendHost || host === requestHost;
