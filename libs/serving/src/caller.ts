/** A server that an object of the API names, and that is asked over HTTPS. */
export interface CallTarget {
  /** Where the request is for: what the server's certificate must name. */
  readonly url: string;
  /** PEM of who may have signed the certificate; absent: whom the system trusts. */
  readonly caBundle?: string;
  /** Where to connect instead: an endpoint of the service that the URL names. */
  readonly connectTo?: { readonly host: string; readonly port: number };
}

export interface CallAnswer {
  readonly status: number;
  readonly body: Buffer;
}

export interface CallOptions {
  readonly signal: AbortSignal;
  /** Longer answers are given up. */
  readonly maxBytes: number;
}

/**
 * POSTs JSON to servers that are not known beforehand. Certificates are always checked, redirects never followed,
 * connections kept for the next call. Rejects with what went wrong in upstream's words when there is no answer.
 */
export interface Caller {
  post(target: CallTarget, body: Buffer, options: CallOptions): Promise<CallAnswer>;
}
