const words: Readonly<Record<string, string>> = {
  ECONNREFUSED: 'connect: connection refused',
  ECONNRESET: 'read: connection reset by peer',
  EHOSTUNREACH: 'connect: no route to host',
  ENETUNREACH: 'connect: network is unreachable',
  ETIMEDOUT: 'connect: connection timed out',
};

interface Failure {
  readonly code?: string;
  readonly address?: string;
  readonly port?: number;
  readonly hostname?: string;
}

/** The failure to reach a server in the words that clients know (`dial tcp 10.0.0.1:80: connect: connection refused`). */
export function inDialTerms(err: unknown): unknown {
  // Errors of Node are not always instances of this realm's Error.
  if (typeof err !== 'object' || err === null) return err;
  const { code = '', address, port, hostname } = err as Failure;
  if (code === 'ENOTFOUND') return new Error(`dial tcp: lookup ${hostname ?? ''}: no such host`, { cause: err });
  const said = Object.hasOwn(words, code) ? words[code] : undefined;
  if (said === undefined) return err;
  if (code === 'ECONNRESET') return new Error(address ? said : 'EOF', { cause: err });
  return new Error(`dial tcp ${placeOf(address, port)}: ${said}`, { cause: err });
}

const placeOf = (address = '', port?: number): string =>
  `${address.includes(':') ? `[${address}]` : address}:${String(port ?? '')}`;
