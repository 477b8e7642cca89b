import { once } from 'node:events';
import { request as httpRequest, type IncomingMessage } from 'node:http';
import { Agent, request as httpsRequest, type RequestOptions } from 'node:https';
import { dialWebSocket, type TlsConfig } from '@kubephant/http-client';
import type { Backend, BackendRequest, BackendResponse, Dialer } from '@kubephant/serving';

export interface DialerConfig {
  /** PEM of what we show to kubelets. */
  readonly kubeletClient?: { readonly cert: string; readonly key: string };
  /** PEM of the authorities that kubelets' certificates come from; without it they are not verified, as upstream. */
  readonly kubeletCa?: string;
}

const connectTimeoutMs = 30_000;

/** Dials over HTTP/1.1. Connections to kubelets are kept for the next request. */
export function newDialer({ kubeletClient, kubeletCa }: DialerConfig): Dialer {
  const kubelet = {
    ...kubeletClient,
    ...(kubeletCa && { ca: kubeletCa }),
    rejectUnauthorized: kubeletCa !== undefined,
  };
  const kubelets = new Agent({ ...kubelet, keepAlive: true, maxFreeSockets: 4, timeout: connectTimeoutMs });
  const tls: Readonly<Record<Backend['tls'], RequestOptions>> = {
    kubelet: { agent: kubelets },
    unverified: { agent: false, rejectUnauthorized: false },
    none: { agent: false },
  };
  return {
    request: (backend, request, signal) => exchange(backend, request, { ...tls[backend.tls], signal }),
    connect(backend, { path, headers = {} }, protocols, signal) {
      const secure = backend.tls !== 'none';
      const url = `${secure ? 'wss' : 'ws'}://${authority(backend)}${path}`;
      const options: TlsConfig =
        backend.tls === 'kubelet' ? socketTls(kubeletClient, kubeletCa) : { insecureSkipVerify: true };
      return dialWebSocket(url, protocols, {
        signal,
        headers,
        handshakeTimeoutMs: connectTimeoutMs,
        ...(secure && { tls: options }),
      });
    },
  };
}

const authority = ({ host, port }: Backend): string => `${host.includes(':') ? `[${host}]` : host}:${port}`;

const socketTls = (client: DialerConfig['kubeletClient'], ca: string | undefined): TlsConfig => ({
  ...(client && { certificate: client.cert, key: client.key }),
  ...(ca ? { certificateAuthority: ca } : { insecureSkipVerify: true }),
});

async function exchange(
  { host, port, tls }: Backend,
  { method, path, headers = {}, body }: BackendRequest,
  options: RequestOptions,
): Promise<BackendResponse> {
  const open = tls === 'none' ? httpRequest : httpsRequest;
  const req = open({ host, port, method, path, headers, ...options });
  // Only until something is answered: a log may then be silent for hours.
  req.setTimeout(connectTimeoutMs, () => req.destroy(new Error('no answer in time')));
  req.end(body);
  const [res] = (await once(req, 'response')) as [IncomingMessage];
  req.setTimeout(0);
  return { status: res.statusCode ?? 502, headers: res.headers as BackendResponse['headers'], body: res };
}
