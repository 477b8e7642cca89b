import type { Incoming } from '@kubephant/serving';

const protocolPrefix = 'base64url.bearer.authorization.k8s.io.';

/** A bearer token, and where it was found. */
export interface Bearer {
  readonly token: string;
  /** The subprotocols left to choose from, when the token came as one. */
  readonly upgrade?: readonly string[];
}

/**
 * The token of an `Authorization: Bearer` header, or, for browsers, which cannot set headers on a WebSocket, of a
 * `base64url.bearer.authorization.k8s.io.TOKEN` subprotocol offered beside a real one.
 */
export function bearerOf(req: Incoming): Bearer | undefined {
  const header = req.headers.get('authorization');
  const token = header === null ? undefined : headerToken(header);
  return token ? { token } : protocolToken(req.upgrade);
}

function headerToken(header: string): string | undefined {
  const [scheme = '', token] = header.trim().split(' ', 2);
  return scheme.toLowerCase() === 'bearer' && token ? token : undefined;
}

/** `Bearer  token`, with two spaces: ignored as upstream ignores it, which deserves a word to the client. */
export const hasExtraSpace = (header: string): boolean => /^\s*bearer {2,}\S/i.test(header);

function protocolToken(offered: readonly string[] | undefined): Bearer | undefined {
  const [carrier, ...others] = offered?.filter((protocol) => protocol.startsWith(protocolPrefix)) ?? [];
  if (!offered || !carrier || others.length > 0 || offered.length < 2) return undefined;
  const token = Buffer.from(carrier.slice(protocolPrefix.length), 'base64url').toString();
  return { token, upgrade: offered.filter((protocol) => protocol !== carrier) };
}
