import type { IncomingHttpHeaders } from 'node:http';
import type { Readable, Writable } from 'node:stream';
import {
  queryOf,
  type ClientCertificate,
  type Incoming,
  type RequestHeaders,
  type RequestUrl,
} from '@kubephant/serving';
import { readBody } from './body';
import type { Peer } from './peer';

/** The parts of an HTTP/1.1 or HTTP/2 request that an Incoming is made of. */
export interface RawRequest {
  readonly method: string;
  readonly target: string;
  readonly headers: IncomingHttpHeaders;
  readonly readable: Readable;
  /** Where the answer goes; when it closes unfinished, the client has gone. */
  readonly writable: Writable;
  readonly peer: Peer;
  readonly maxBodyBytes: number;
  readonly upgrade?: readonly string[];
  readonly upgradeTo?: string;
}

/** A request on a socket. Most requests need neither a parsed query nor a signal, so both are made on first use. */
export class HttpIncoming implements Incoming {
  readonly method: string;
  readonly url: RequestUrl;
  readonly headers: RequestHeaders;
  readonly remoteAddress: string;
  readonly clientCertificate?: ClientCertificate;
  readonly clientCertificateError?: string;
  readonly upgrade?: readonly string[];
  readonly upgradeTo?: string;
  readonly #raw: RawRequest;
  #abort: AbortController | undefined;
  #body: Promise<Buffer> | undefined;

  constructor(raw: RawRequest) {
    const { method, target, headers, peer, upgrade, upgradeTo } = raw;
    this.#raw = raw;
    this.method = method;
    this.url = new TargetUrl(target);
    this.headers = new NodeHeaders(headers);
    this.remoteAddress = peer.address;
    if (peer.certificate) this.clientCertificate = peer.certificate;
    if (peer.certificateError) this.clientCertificateError = peer.certificateError;
    if (upgrade) this.upgrade = upgrade;
    if (upgradeTo !== undefined) this.upgradeTo = upgradeTo;
  }

  get signal(): AbortSignal {
    return this.#controller.signal;
  }

  cancel(reason: Error): void {
    this.#controller.abort(reason);
  }

  body(): Promise<Buffer> {
    this.#body ??= readBody(this.#raw.readable, this.#raw.headers['content-length'], this.#raw.maxBodyBytes);
    return this.#body;
  }

  async *stream(): AsyncGenerator<Uint8Array> {
    yield* this.#raw.readable as AsyncIterable<Buffer>;
  }

  get #controller(): AbortController {
    if (this.#abort) return this.#abort;
    const controller = new AbortController();
    this.#abort = controller;
    const { writable } = this.#raw;
    const gone = (): void => {
      if (!writable.writableFinished) controller.abort(new ClientGone());
    };
    if (writable.closed || writable.destroyed) gone();
    else writable.once('close', gone);
    return controller;
  }
}

/** The reason of a signal whose client has closed the connection or reset the stream. */
export class ClientGone extends Error {
  override readonly name = 'AbortError';

  constructor() {
    super('the client has gone');
  }
}

/** An origin-form request target, split and otherwise as it was sent: `..` and escapes are the reader's to judge. */
class TargetUrl implements RequestUrl {
  readonly pathname: string;
  readonly search: string;
  #params: URLSearchParams | undefined;

  constructor(target: string) {
    const path = target.startsWith('/') ? target : originForm(target);
    const question = path.indexOf('?');
    this.pathname = question < 0 ? path : path.slice(0, question);
    this.search = question < 0 ? '' : path.slice(question);
  }

  get searchParams(): URLSearchParams {
    this.#params ??= queryOf(this.search);
    return this.#params;
  }
}

/** Absolute-form targets (`GET http://host/path`) come from clients that take us for a proxy. */
function originForm(target: string): string {
  if (!URL.canParse(target)) return `/${target}`;
  const { pathname, search } = new URL(target);
  return pathname + search;
}

const authority = ':authority';

/** Node's header object under the interface of the platform's Headers; of HTTP/2's pseudo headers one is a field: the host. */
class NodeHeaders implements RequestHeaders {
  readonly #fields: IncomingHttpHeaders;

  constructor(fields: IncomingHttpHeaders) {
    this.#fields = fields;
  }

  get(name: string): string | null {
    const value = this.has(name) ? this.#fields[this.#keyOf(name)] : undefined;
    return typeof value === 'string' ? value : (value?.join(', ') ?? null);
  }

  has(name: string): boolean {
    return Object.hasOwn(this.#fields, this.#keyOf(name));
  }

  *[Symbol.iterator](): Iterator<[string, string]> {
    for (const name of Object.keys(this.#fields)) {
      if (!name.startsWith(':')) yield [name, this.get(name) ?? ''];
    }
    if (this.#keyOf('host') === authority) yield ['host', this.get('host') ?? ''];
  }

  #keyOf(name: string): string {
    const key = name.toLowerCase();
    return key === 'host' && !Object.hasOwn(this.#fields, key) && Object.hasOwn(this.#fields, authority)
      ? authority
      : key;
  }
}
