import { request as requestHttp } from 'node:http';
import { connect } from 'node:http2';
import { Agent, request as requestHttps } from 'node:https';
import type { IncomingMessage, RequestOptions } from 'node:http';

export interface Ask {
  readonly method: string;
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string | Uint8Array;
}

export interface Answer {
  readonly status: number;
  readonly body: unknown;
}

/** A client of one kind, connected to one server. */
export interface Client {
  ask(asked: Ask): Promise<Answer>;
  close(): void;
}

export interface Way {
  readonly name: string;
  readonly isSecure: boolean;
  /** `ca`: who is believed about the server. */
  open(port: number, ca: string): Client;
}

async function answerOf(status: number | undefined, chunks: AsyncIterable<unknown>): Promise<Answer> {
  const parts: Buffer[] = [];
  for await (const chunk of chunks) parts.push(chunk as Buffer);
  return { status: status ?? 0, body: JSON.parse(Buffer.concat(parts).toString()) as unknown };
}

/** What is refused before all of it was sent is answered, and the rest of it fails to be sent: that is no error. */
function http1(send: (options: RequestOptions) => ReturnType<typeof requestHttp>, port: number): Client['ask'] {
  return ({ method, path, headers, body }) => {
    const { promise, resolve, reject } = Promise.withResolvers<Answer>();
    // Node does not say by itself how long the body of a DELETE is.
    const length = { 'content-length': Buffer.byteLength(body) };
    const asked = send({ host: '127.0.0.1', port, method, path, headers: { ...headers, ...length } });
    asked.on('response', (response: IncomingMessage) => resolve(answerOf(response.statusCode, response)));
    asked.on('error', reject);
    asked.end(body);
    return promise;
  };
}

export const ways: readonly Way[] = [
  {
    name: 'HTTP/1.1',
    isSecure: false,
    open: (port) => ({ ask: http1((options) => requestHttp(options), port), close: () => undefined }),
  },
  {
    name: 'HTTP/1.1 over TLS',
    isSecure: true,
    open(port: number, ca: string): Client {
      const agent = new Agent({ keepAlive: true, ca });
      return { ask: http1((options) => requestHttps({ ...options, agent }), port), close: () => agent.destroy() };
    },
  },
  {
    name: 'HTTP/2 over TLS',
    isSecure: true,
    open(port: number, ca: string): Client {
      const session = connect(`https://127.0.0.1:${port}`, { ca });
      return {
        ask({ method, path, headers, body }) {
          const { promise, resolve, reject } = Promise.withResolvers<Answer>();
          const head = { ...headers, ':method': method, ':path': path };
          const stream = session.request(head, { endStream: body.length === 0 });
          stream.on('response', (answer) => resolve(answerOf(answer[':status'], stream)));
          stream.on('error', reject);
          if (body.length > 0) stream.end(body);
          return promise;
        },
        close: () => session.close(),
      };
    },
  },
];
