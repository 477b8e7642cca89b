import { createServer as createHttps, type Server as HttpsServer } from 'node:https';
import type { RequestListener, ServerOptions } from 'node:http';
import type { Http2Server } from 'node:http2';
import type { TLSSocket } from 'node:tls';

export interface TlsOptions {
  /** PEM chain and key of the server. */
  readonly cert: string;
  readonly key: string;
  /** PEM of the authorities whose client certificates are trusted; without it none is asked for. */
  readonly clientCa?: string;
  /** PEM of the authorities of proxies, which say in header fields who asks; a certificate tells which it is from. */
  readonly requestHeaderCa?: string;
}

/** An HTTPS server that hands connections which negotiated HTTP/2 to `http2` and serves HTTP/1.1 itself. */
export function newTlsServer(tls: TlsOptions, options: ServerOptions, on: TlsListeners): HttpsServer {
  const authorities = [tls.clientCa, tls.requestHeaderCa].filter((pem) => pem !== undefined);
  const server = createHttps(
    {
      ...options,
      cert: tls.cert,
      key: tls.key,
      ...(authorities.length > 0 && { ca: authorities, requestCert: true }),
      // Who may do what is the handler's decision; a certificate that is not trusted just proves nothing.
      rejectUnauthorized: false,
      minVersion: 'TLSv1.2',
      ALPNProtocols: ['h2', 'http/1.1'],
      handshakeTimeout: 10_000,
    },
    on.request,
  );
  const http1 = server.listeners('secureConnection') as ((socket: TLSSocket) => void)[];
  server.removeAllListeners('secureConnection');
  server.on('secureConnection', (socket) => {
    if (socket.alpnProtocol === 'h2') on.http2.emit('connection', socket);
    else for (const listener of http1) listener.call(server, socket);
  });
  return server;
}

export interface TlsListeners {
  readonly request: RequestListener;
  readonly http2: Http2Server;
}
