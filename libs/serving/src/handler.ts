import type { FieldSelector, KubeObject, ObjectKey } from '@kubephant/api';
import type { ByteSocket } from './byte-socket';

/** Header fields by case-insensitive name; a `Headers` is one. Several fields of one name are joined by `, `. */
export interface RequestHeaders extends Iterable<[string, string]> {
  get(name: string): string | null;
  has(name: string): boolean;
}

/** What is needed of a URL; a `URL` is one. `pathname` is percent-encoded and, over HTTP, not normalised. */
export interface RequestUrl {
  readonly pathname: string;
  /** With its `?`, or empty. */
  readonly search: string;
  readonly searchParams: URLSearchParams;
}

/**
 * A request as it arrives, free of any HTTP library. Fields may be computed on first use: pass the object on (see
 * `withFacts`), never copy it by spreading.
 */
export interface Incoming {
  readonly method: string;
  readonly url: RequestUrl;
  readonly headers: RequestHeaders;
  /** Aborts when the client goes away or the request is cancelled. */
  readonly signal: AbortSignal;
  /** Gives up on the request: aborts `signal`. */
  cancel?(reason: Error): void;
  /** The whole body; throws RequestEntityTooLarge beyond the limit (3 MiB for the API). */
  body(): Promise<Buffer>;
  /** The body as it arrives, of any length; instead of `body`, never after it. Absent: `body` is all there is. */
  stream?(): AsyncIterable<Uint8Array>;
  /** What the client certificate says, when one was presented and its chain is trusted. */
  readonly clientCertificate?: ClientCertificate;
  /** Why a certificate that was presented is not trusted. */
  readonly clientCertificateError?: string;
  readonly remoteAddress: string;
  /** Subprotocols offered when this is a WebSocket upgrade; absent otherwise. */
  readonly upgrade?: readonly string[];
  /** The protocol that the client would go on with on this connection (`Upgrade`), as it writes it; absent otherwise. */
  readonly upgradeTo?: string;
}

export interface ClientCertificate {
  readonly commonName: string;
  readonly organizations: readonly string[];
  /** Its SHA-256 fingerprint (`AB:CD:…`); absent where the listener does not say. */
  readonly fingerprint?: string;
  /** When it expires, in milliseconds since 1970; absent where the listener does not say. */
  readonly expiresMs?: number;
  /** SHA-256 fingerprints (`AB:CD:…`) of the authorities it comes from; absent where the listener does not say. */
  readonly authorities?: readonly string[];
}

/** What the path and query ask for, in the API's own terms (upstream: RequestInfo). */
export interface RequestInfo extends Partial<ObjectKey> {
  readonly isResourceRequest: boolean;
  readonly path: string;
  /** get list watch create update patch delete deletecollection for resources; the lower-case method otherwise. */
  readonly verb: string;
  readonly group: string;
  readonly version: string;
  readonly resource: string;
  readonly subresource?: string;
  /** Path segments after the subresource (`proxy/…`). */
  readonly rest?: string;
  /** The field selector of list, watch and deletecollection, when there is one and it can be read. */
  readonly fieldSelector?: FieldSelector;
}

export interface UserInfo {
  readonly name: string;
  readonly uid?: string;
  readonly groups: readonly string[];
  readonly extra?: Readonly<Record<string, readonly string[]>>;
}

/** A request gains facts as it goes inward, so a filter in the wrong place does not compile. */
export type Resolved = Incoming & {
  readonly info: RequestInfo;
  readonly auditId: string;
  /** Adds a `Warning` header to the answer; repeated texts count once. */
  readonly warn: (text: string) => void;
};
export type Authenticated = Resolved & { readonly user: UserInfo };

/** Adds facts to a request in place: it is one object from the socket to the store, with its lazy fields intact. */
export const withFacts = <R extends Incoming, F extends object>(req: R, facts: F): R & F => Object.assign(req, facts);

/** Both ends of an upgraded connection, as messages. The side that returns ends the socket with its close code. */
export interface MessageSocket {
  readonly protocol: string;
  readonly messages: AsyncIterable<Buffer>;
  /** Resolves when the socket can take more. Text frames when `text`. */
  send(data: Uint8Array, text?: boolean): Promise<void>;
  readonly signal: AbortSignal;
}

export type Reply =
  /** A value to be encoded as the client accepts. */
  | { readonly kind: 'object'; readonly status: number; readonly body: object; readonly headers?: ReplyHeaders }
  /** Ready bytes: written as they are (chunks are concatenated without copying). An empty `contentType` is none. */
  | {
      readonly kind: 'bytes';
      readonly status: number;
      readonly contentType: string;
      readonly chunks: readonly Uint8Array[];
      readonly headers?: ReplyHeaders;
    }
  /** Framed chunks as they come; each item is flushed at once. A WebSocket client gets one message per frame of the item. */
  | {
      readonly kind: 'stream';
      readonly status: number;
      readonly contentType: string;
      readonly chunks: AsyncIterable<readonly Uint8Array[]>;
      readonly headers?: ReplyHeaders;
      readonly text?: boolean;
    }
  /** A WebSocket session under one of the offered subprotocols. */
  | { readonly kind: 'socket'; readonly protocol: string; readonly serve: (socket: MessageSocket) => Promise<void> }
  /** To a request with `upgradeTo`: 101 with these headers, then the connection is `serve`'s until it resolves. */
  | {
      readonly kind: 'tunnel';
      readonly status: 101;
      readonly headers: ReplyHeaders;
      readonly serve: (socket: ByteSocket) => Promise<void>;
    };

export type ReplyHeaders = Readonly<Record<string, string | readonly string[]>>;

export type Handler<R> = (req: R) => Promise<Reply>;
export type Filter<In, Out = In> = (next: Handler<Out>) => Handler<In>;

/** undefined: not mine, ask the next. Throws Unauthorized for credentials that are mine and wrong. */
export interface Authenticator {
  authenticate(req: Incoming): Promise<UserInfo | undefined>;
}

export interface AuthorizationAttributes {
  readonly user: UserInfo;
  readonly info: RequestInfo;
}

export interface Decision {
  readonly verdict: 'allow' | 'deny' | 'noOpinion';
  readonly reason?: string;
}

export interface Authorizer {
  authorize(attributes: AuthorizationAttributes): Promise<Decision>;
}

/** What admission sees of a write. Mutating plugins change `object` in place. */
export interface Attributes {
  readonly operation: 'CREATE' | 'UPDATE' | 'DELETE' | 'CONNECT';
  readonly info: RequestInfo;
  readonly user: UserInfo;
  /** Absent for DELETE. */
  readonly object?: KubeObject;
  readonly old?: KubeObject;
  readonly dryRun: boolean;
  readonly warn: (text: string) => void;
}

export interface AdmissionPlugin {
  readonly name: string;
  handles(info: RequestInfo, operation: Attributes['operation']): boolean;
  admit?(attributes: Attributes): Promise<void>;
  validate?(attributes: Attributes): Promise<void>;
}
