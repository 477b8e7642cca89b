import type { ByteSocket } from './byte-socket';
import type { MessageSocket } from './handler';

/**
 * TLS with an extension API server: our front-proxy certificate is shown, and its own has to be for `serverName`, from
 * the authorities given (PEM) or else from those that everybody trusts.
 */
export interface FrontProxyTls {
  readonly serverName: string;
  readonly certificateAuthority?: string;
  /** Any certificate will do. */
  readonly insecure?: true;
}

/** A server behind this one: a kubelet, a pod, an endpoint of a service. */
export interface Backend {
  /** An IP address; names are resolved and judged before. Extension API servers may be named. */
  readonly host: string;
  readonly port: number;
  /**
   * `kubelet`: our client certificate is shown and its chain is verified. `unverified`: TLS without either, as for
   * pods, whose certificates nobody can know. `none`: plain HTTP.
   */
  readonly tls: 'kubelet' | 'unverified' | 'none' | FrontProxyTls;
}

export interface BackendRequest {
  readonly method: string;
  /** Path and query, encoded. */
  readonly path: string;
  /** Several values of one field are sent as so many fields. */
  readonly headers?: Readonly<Record<string, string | readonly string[]>>;
  readonly body?: Buffer | AsyncIterable<Uint8Array>;
}

export interface BackendResponse {
  readonly status: number;
  /** Lower-case names. */
  readonly headers: Readonly<Record<string, string | readonly string[]>>;
  readonly body: AsyncIterable<Uint8Array>;
}

/** A session that we opened, and so have to end. */
export interface BackendSocket extends MessageSocket {
  close(code?: number, reason?: string): void;
}

/** A connection whose protocol was changed. */
export interface BackendTunnel extends Pick<BackendResponse, 'headers'> {
  readonly status: 101;
  readonly socket: ByteSocket;
}

/** Reaches servers behind this one. Redirects are never followed. Rejects when there was no answer at all. */
export interface Dialer {
  request(backend: Backend, request: BackendRequest, signal: AbortSignal): Promise<BackendResponse>;
  /** Opens a WebSocket under one of the protocols; rejects with a StatusError when the backend refuses it. */
  connect(
    backend: Backend,
    request: { readonly path: string; readonly headers?: Readonly<Record<string, string>> },
    protocols: readonly string[],
    signal: AbortSignal,
  ): Promise<BackendSocket>;
  /**
   * Asks to go on in the protocol that the request's own `upgrade` header names. Any other answer than 101 is handed
   * back like that of `request`; the tunnel is broken off when the signal aborts.
   */
  tunnel(backend: Backend, request: BackendRequest, signal: AbortSignal): Promise<BackendTunnel | BackendResponse>;
}
