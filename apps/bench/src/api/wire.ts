import { once } from 'node:events';
import { connect, type TLSSocket } from 'node:tls';
import { tlsOptions, type ServerConfig } from '@kubephant/http-client';

export interface WireRequest {
  readonly method: string;
  readonly path: string;
  readonly body?: string | undefined;
  /** Fields beyond those that every request has; JSON is sent and accepted where they do not say otherwise. */
  readonly headers?: Readonly<Record<string, string>>;
}

export interface WireResponse {
  readonly status: number;
  /** Status line and fields, as they came. */
  readonly head: string;
  readonly bytes: number;
  readonly body: Buffer;
}

/**
 * One kept-alive HTTP/1.1 connection that does as little as possible, so that on shared cores the server is what is
 * measured. One exchange at a time. Bodies are kept only when asked for.
 */
export class Wire {
  readonly #socket: TLSSocket;
  readonly #head: string;
  #buffered: Buffer = Buffer.alloc(0);
  #arrived: PromiseWithResolvers<undefined> | undefined;
  #ended = false;

  private constructor(socket: TLSSocket, head: string) {
    this.#socket = socket;
    this.#head = head;
    socket.on('data', (chunk: Buffer) => {
      this.#buffered = this.#buffered.length === 0 ? chunk : Buffer.concat([this.#buffered, chunk]);
      this.#arrived?.resolve(undefined);
    });
    const end = (): void => {
      this.#ended = true;
      this.#arrived?.resolve(undefined);
    };
    socket.on('close', end);
    socket.on('error', end);
  }

  static async open(config: ServerConfig): Promise<Wire> {
    const { hostname, port, host } = new URL(config.server);
    const socket = connect({
      host: hostname,
      port: Number(port || 443),
      ALPNProtocols: ['http/1.1'],
      ...tlsOptions(config.tls),
    });
    await once(socket, 'secureConnect');
    socket.setNoDelay(true);
    const token = await config.token?.();
    return new Wire(socket, `Host: ${host}\r\n${token === undefined ? '' : `Authorization: Bearer ${token}\r\n`}`);
  }

  close(): void {
    this.#socket.destroy();
  }

  exchange(method: string, path: string, body?: string, keepBody = false): Promise<WireResponse> {
    return this.send({ method, path, body }, keepBody);
  }

  async send({ method, path, body, headers }: WireRequest, keepBody = false): Promise<WireResponse> {
    const fields = {
      Accept: 'application/json',
      ...(body !== undefined && { 'Content-Type': 'application/json', 'Content-Length': Buffer.byteLength(body) }),
      ...headers,
    };
    const lines = Object.entries(fields).map(([name, value]) => `${name}: ${value}\r\n`);
    this.#socket.write(`${method} ${path} HTTP/1.1\r\n${this.#head}${lines.join('')}\r\n${body ?? ''}`);
    const head = (await this.#until('\r\n\r\n')).toString('latin1');
    const status = Number(head.slice(9, 12));
    if (status === 304 || status === 204) return { status, head, bytes: 0, body: Buffer.alloc(0) };
    const length = /^content-length: (\d+)/im.exec(head)?.[1];
    if (length === undefined) return { status, head, ...(await this.#chunked(keepBody)) };
    const received = await this.#take(Number(length));
    return { status, head, bytes: received.length, body: received };
  }

  /** Sends a request whose answer goes on: afterwards `lines` yields what comes. */
  async stream(path: string): Promise<number> {
    this.#socket.write(`GET ${path} HTTP/1.1\r\n${this.#head}Accept: application/json\r\n\r\n`);
    const head = (await this.#until('\r\n\r\n')).toString('latin1');
    return Number(head.slice(9, 12));
  }

  /** From here on everything that arrives goes to `onChunk`, framing and all; for streams that must cost little. */
  hand(onChunk: (chunk: Buffer) => void): void {
    this.#socket.removeAllListeners('data');
    if (this.#buffered.length > 0) onChunk(this.#buffered);
    this.#socket.on('data', onChunk);
  }

  /** From here on only what is asked for is read; undefined: there is nothing at the moment. */
  take(): (bytes: number) => Buffer | undefined {
    this.#socket.removeAllListeners('data');
    this.#socket.pause();
    return (bytes) => (this.#socket.read(bytes) ?? this.#socket.read() ?? undefined) as Buffer | undefined;
  }

  get ended(): boolean {
    return this.#ended;
  }

  /** The chunks of a streamed answer as they come. */
  async *chunks(): AsyncGenerator<Buffer> {
    for (;;) {
      const size = parseInt((await this.#until('\r\n')).toString('latin1'), 16);
      const chunk = await this.#take(size + 2);
      if (size === 0) return;
      yield chunk.subarray(0, size);
    }
  }

  async #chunked(keepBody: boolean): Promise<Pick<WireResponse, 'bytes' | 'body'>> {
    let bytes = 0;
    const kept: Buffer[] = [];
    for await (const chunk of this.chunks()) {
      bytes += chunk.length;
      if (keepBody) kept.push(chunk);
    }
    return { bytes, body: Buffer.concat(kept) };
  }

  async #until(mark: string): Promise<Buffer> {
    for (let at = -1; ;) {
      at = this.#buffered.indexOf(mark);
      if (at >= 0) return this.#cut(at + mark.length);
      await this.#more();
    }
  }

  async #take(length: number): Promise<Buffer> {
    if (this.#buffered.length >= length) return this.#cut(length);
    // Large bodies: join once, not at every piece.
    const pieces: Buffer[] = [];
    let missing = length;
    for (;;) {
      const piece = this.#cut(Math.min(missing, this.#buffered.length));
      pieces.push(piece);
      missing -= piece.length;
      if (missing === 0) return pieces.length === 1 ? piece : Buffer.concat(pieces);
      await this.#more();
    }
  }

  #cut(length: number): Buffer {
    const piece = this.#buffered.subarray(0, length);
    this.#buffered = this.#buffered.subarray(length);
    return piece;
  }

  async #more(): Promise<void> {
    if (this.#ended) throw new Error('the server closed the connection');
    this.#arrived = Promise.withResolvers();
    await this.#arrived.promise;
  }
}
