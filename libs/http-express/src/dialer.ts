import { once } from 'node:events';
import { request as httpRequest, type ClientRequest, type IncomingMessage, type OutgoingHttpHeaders } from 'node:http';
import { isIP, type Socket } from 'node:net';
import { pipeline } from 'node:stream';
import { Agent, request as httpsRequest, type RequestOptions } from 'node:https';
import { dialWebSocket, upgradeOf, type TlsConfig } from '@kubephant/http-client';
import type { Backend, BackendRequest, BackendResponse, Dialer } from '@kubephant/serving';
import { inDialTerms } from './dial-error';

export interface DialerConfig {
  /** PEM of what we show to kubelets. */
  readonly kubeletClient?: { readonly cert: string; readonly key: string };
  /** PEM of the authorities that kubelets' certificates come from; without it they are not verified, as upstream. */
  readonly kubeletCa?: string;
  /** PEM of what we show to extension API servers. */
  readonly frontProxy?: { readonly cert: string; readonly key: string };
}

const connectTimeoutMs = 30_000;

/** Dials over HTTP/1.1. Connections to kubelets and extension API servers are kept for the next request. */
export function newDialer(config: DialerConfig): Dialer {
  const kubelets = new Agent({ keepAlive: true, maxFreeSockets: 4 });
  const extensions = new Agent({ keepAlive: true, maxFreeSockets: 8 });
  const agentOf = ({ tls }: Backend): RequestOptions['agent'] => {
    if (tls === 'kubelet') return kubelets;
    return typeof tls === 'object' && extensions;
  };
  const secured = ({ tls }: Backend): RequestOptions => requestTls(tlsOf(tls, config));
  return {
    request: (backend, request, signal) =>
      exchange(backend, request, { ...secured(backend), agent: agentOf(backend), signal }),
    async tunnel(backend, request, signal) {
      const headers = { ...request.headers, connection: 'Upgrade' };
      try {
        const options = { ...secured(backend), agent: false, signal };
        return await upgradeOf(requestTo(backend, { ...request, headers }, options), signal);
      } catch (err) {
        throw inDialTerms(err);
      }
    },
    connect(backend, { path, headers = {} }, protocols, signal) {
      const tls = tlsOf(backend.tls, config);
      const url = `${tls ? 'wss' : 'ws'}://${authority(backend)}${path}`;
      return dialWebSocket(url, protocols, {
        signal,
        headers,
        handshakeTimeoutMs: connectTimeoutMs,
        ...(tls && { tls }),
      });
    },
  };
}

/** What we show to a backend, and what we want of it; undefined: plain HTTP. */
function tlsOf(tls: Backend['tls'], { kubeletClient, kubeletCa, frontProxy }: DialerConfig): TlsConfig | undefined {
  if (tls === 'none') return undefined;
  if (tls === 'unverified') return { insecureSkipVerify: true };
  if (tls === 'kubelet') {
    return {
      ...shown(kubeletClient),
      ...(kubeletCa ? { certificateAuthority: kubeletCa } : { insecureSkipVerify: true }),
    };
  }
  const { insecure, ...verified } = tls;
  return { ...shown(frontProxy), ...verified, ...(insecure && { insecureSkipVerify: true }) };
}

const shown = (client: DialerConfig['frontProxy']): TlsConfig =>
  client ? { certificate: client.cert, key: client.key } : {};

const requestTls = (tls: TlsConfig = {}): RequestOptions => ({
  ...(tls.certificate && { cert: tls.certificate }),
  ...(tls.key && { key: tls.key }),
  ...(tls.certificateAuthority && { ca: tls.certificateAuthority }),
  ...(tls.serverName && { servername: tls.serverName }),
  rejectUnauthorized: !tls.insecureSkipVerify,
});

const authority = ({ host, port }: Backend): string => `${host.includes(':') ? `[${host}]` : host}:${port}`;

async function exchange(backend: Backend, request: BackendRequest, options: RequestOptions): Promise<BackendResponse> {
  const req = requestTo(backend, request, options);
  try {
    const [res] = (await once(req, 'response')) as [IncomingMessage];
    return { status: res.statusCode ?? 502, headers: res.headers as BackendResponse['headers'], body: res };
  } catch (err) {
    throw inDialTerms(err);
  }
}

function requestTo(
  { host, port, tls }: Backend,
  { method, path, headers = {}, body }: BackendRequest,
  options: RequestOptions,
): ClientRequest {
  const open = tls === 'none' ? httpRequest : httpsRequest;
  // Who is there is told by the address, whatever host the request is for.
  const servername = isIP(host) ? '' : host;
  // Programs in pods may end their lines as they like: nobody else comes over the connection to one.
  const insecureHTTPParser = tls === 'none' || tls === 'unverified';
  const fields = headers as OutgoingHttpHeaders;
  const req = open({ host, port, method, path, headers: fields, servername, insecureHTTPParser, ...options });
  // Once it is answered, what becomes of it is told by the answer.
  req.on('error', () => undefined);
  limitConnecting(req, tls === 'none' ? 'connect' : 'secureConnect');
  // A backend that has answered need not read on: what is wrong with sending is told by the request itself.
  if (body === undefined || Buffer.isBuffer(body)) req.end(body);
  else pipeline(body, req, () => undefined);
  return req;
}

/** Only until there is a connection: what is asked may take its time, and a log be silent for hours. */
function limitConnecting(req: ClientRequest, connected: 'connect' | 'secureConnect'): void {
  req.once('socket', (socket: Socket) => {
    if (!socket.connecting) return;
    const timer = setTimeout(() => req.destroy(new Error('i/o timeout')), connectTimeoutMs);
    const stop = (): void => clearTimeout(timer);
    socket.once(connected, stop).once('close', stop);
  });
}
