/** One HTTP exchange. `path` starts with `/` and is already encoded; header names are lower case. */
export interface TransportRequest {
  readonly method: string;
  readonly path: string;
  readonly query?: URLSearchParams;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string | Uint8Array;
  readonly signal: AbortSignal;
}

export interface TransportResponse {
  readonly status: number;
  readonly headers: ReadonlyMap<string, string>;
  /** The body as it arrives; must be read to its end or the signal aborted. */
  readonly body: AsyncIterable<Uint8Array>;
}

/** How a client reaches an API server: in process, or over TLS. Rejects when no response was received at all. */
export interface Transport {
  send(request: TransportRequest): Promise<TransportResponse>;
}
