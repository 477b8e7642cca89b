import { newAuthority, type Authority, type KeyPair } from '@kubephant/pki';
import type { Handler, Incoming } from '@kubephant/serving';
import { serve, type ServeOptions } from '../index';

export interface TlsServer {
  /** Who has issued the server's certificate and is believed about those of clients. */
  readonly authority: Authority;
  /** Serves on a port of its own, until the test ends. */
  readonly start: (handler: Handler<Incoming>, options?: Partial<ServeOptions>) => Promise<number>;
  /** Resolves when the server has ended. */
  readonly stop: () => Promise<void>;
}

/** A server over TLS for the tests of a file, one for each test. */
export function withTlsServer(): TlsServer {
  let authority: Authority;
  let server: KeyPair;
  let stopping = new AbortController();
  let closed: Promise<void> = Promise.resolve();
  const stop = async (): Promise<void> => {
    stopping.abort();
    await closed;
  };
  beforeAll(async () => {
    authority = await newAuthority('test-ca');
    server = await authority.issue({ commonName: 'server', ips: ['127.0.0.1'], usages: ['server'] });
  });
  afterEach(stop);
  return {
    get authority() {
      return authority;
    },
    async start(handler, options = {}) {
      stopping = new AbortController();
      const tls = { cert: server.certificate, key: server.key, clientCa: authority.certificate };
      const running = await serve(handler, { port: 0, tls, drainMs: 200, ...options }, stopping.signal);
      closed = running.closed;
      return running.port;
    },
    stop,
  };
}
