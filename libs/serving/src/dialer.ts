import type { MessageSocket } from './handler';

/** A server behind this one: a kubelet, a pod, an endpoint of a service. */
export interface Backend {
  /** An IP address; names are resolved and judged before. */
  readonly host: string;
  readonly port: number;
  /**
   * `kubelet`: our client certificate is shown and its chain is verified. `unverified`: TLS without either, as for
   * pods, whose certificates nobody can know. `none`: plain HTTP.
   */
  readonly tls: 'kubelet' | 'unverified' | 'none';
}

export interface BackendRequest {
  readonly method: string;
  /** Path and query, encoded. */
  readonly path: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: Buffer;
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

/** Reaches servers behind this one. Redirects are never followed. Rejects when there was no answer at all. */
export interface Dialer {
  request(backend: Backend, request: BackendRequest, signal: AbortSignal): Promise<BackendResponse>;
  /** Opens a WebSocket under one of the protocols; rejects with a StatusError when the backend refuses it. */
  connect(
    backend: Backend,
    request: Pick<BackendRequest, 'path' | 'headers'>,
    protocols: readonly string[],
    signal: AbortSignal,
  ): Promise<BackendSocket>;
}
