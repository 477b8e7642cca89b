import type { Server } from 'node:http';
import type { Duplex } from 'node:stream';
import type { Socket } from 'node:net';

/** Texts for those who do not speak the server's protocol, as Go's server has them. */
const plainOverTls = 'HTTP/1.0 400 Bad Request\r\n\r\nClient sent an HTTP request to an HTTPS server.\n';
const unreadable = (status: string): string =>
  `HTTP/1.1 ${status}\r\nContent-Type: text/plain; charset=utf-8\r\nConnection: close\r\n\r\n${status}`;

const statuses: Readonly<Record<string, string>> = {
  HPE_HEADER_OVERFLOW: '431 Request Header Fields Too Large',
  ERR_HTTP_REQUEST_TIMEOUT: '408 Request Timeout',
};

interface ErrorWithCode extends Error {
  readonly code?: string;
}

/** Tells clients that speak plain HTTP to a TLS port, or no HTTP at all, what is wrong before it closes. */
export function answerStrangers(server: Server, sockets: ReadonlySet<Socket>): void {
  server.on('tlsClientError', (err: ErrorWithCode, { remoteAddress, remotePort }: Socket) => {
    if (err.code !== 'ERR_SSL_HTTP_REQUEST') return;
    // What reads TLS is closed by now; the connection below it is not.
    for (const socket of sockets) {
      if (socket.remotePort === remotePort && socket.remoteAddress === remoteAddress) socket.end(plainOverTls);
    }
  });
  server.on('clientError', ({ code = '' }: ErrorWithCode, socket: Duplex) => {
    if (socket.writable && code !== 'ECONNRESET') socket.end(unreadable(statuses[code] ?? '400 Bad Request'));
    else socket.destroy();
  });
}
