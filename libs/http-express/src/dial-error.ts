const words: Readonly<Record<string, string>> = {
  ECONNREFUSED: 'connect: connection refused',
  ECONNRESET: 'read: connection reset by peer',
  EHOSTUNREACH: 'connect: no route to host',
  ENETUNREACH: 'connect: network is unreachable',
  ETIMEDOUT: 'connect: connection timed out',
};

/** The failure to reach a server in the words that clients know (`dial tcp 10.0.0.1:80: connect: connection refused`). */
export function inDialTerms(err: unknown): unknown {
  // Errors of Node are not always instances of this realm's Error.
  if (typeof err !== 'object' || err === null) return err;
  const { code = '', address, port } = err as { code?: string; address?: string; port?: number };
  const said = Object.hasOwn(words, code) ? words[code] : undefined;
  if (said === undefined) return err;
  if (code === 'ECONNRESET') return new Error(address ? said : 'EOF', { cause: err });
  const host = address?.includes(':') ? `[${address}]` : (address ?? '');
  return new Error(`dial tcp ${host}:${String(port ?? '')}: ${said}`, { cause: err });
}
