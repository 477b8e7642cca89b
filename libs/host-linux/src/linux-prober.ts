import * as http from 'node:http';
import * as https from 'node:https';
import { connect, type Socket } from 'node:net';
import { onAbort } from '@kubephant/base';
import type { HostProber, HttpProbe, ProbeAnswer } from '@kubephant/node';
import { checkGrpcHealth } from './grpc-health';

const maxBodyBytes = 10 * 1024;
const maxRedirects = 10;

/** Probes over real sockets. Certificates are not verified, as upstream's prober does not. */
export const linuxProber: HostProber = {
  http: (probe, signal) => httpProbe(probe, AbortSignal.any([signal, AbortSignal.timeout(probe.timeoutMs)])),
  tcp: (host, port, timeoutMs, signal) =>
    tcpProbe(host, port, AbortSignal.any([signal, AbortSignal.timeout(timeoutMs)])),
  grpc: (target, timeoutMs, signal) =>
    checkGrpcHealth(target, AbortSignal.any([signal, AbortSignal.timeout(timeoutMs)])),
};

const failed = (err: unknown): ProbeAnswer => ({
  ok: false,
  code: 0,
  output: err instanceof Error ? err.message : String(err),
});

async function httpProbe(probe: HttpProbe, signal: AbortSignal): Promise<ProbeAnswer> {
  try {
    let url = new URL(probe.url);
    for (let hop = 0; hop < maxRedirects; hop++) {
      const { code, body, location } = await request(url, probe, signal);
      const next = location === undefined ? undefined : new URL(location, url);
      // A redirect elsewhere counts as an answer, with a warning upstream; it is never followed.
      if (!next || code < 300 || code >= 400 || next.hostname !== url.hostname) {
        const ok = code >= 200 && code < 400;
        return { ok, code, output: ok ? body : `HTTP probe failed with statuscode: ${code}` };
      }
      url = next;
    }
    return failed(`stopped after ${maxRedirects} redirects`);
  } catch (err) {
    return failed(
      signal.aborted
        ? `Get ${JSON.stringify(probe.url)}: context deadline exceeded`
        : `Get ${JSON.stringify(probe.url)}: ${failed(err).output}`,
    );
  }
}

interface Answer {
  readonly code: number;
  readonly body: string;
  readonly location: string | undefined;
}

async function request(url: URL, { headers }: HttpProbe, signal: AbortSignal): Promise<Answer> {
  const { promise, resolve, reject } = Promise.withResolvers<http.IncomingMessage>();
  const defaults = { 'user-agent': 'kube-probe/1.36', accept: '*/*', connection: 'close' };
  const given = Object.fromEntries(headers.map(({ name, value }) => [name.toLowerCase(), value]));
  const options = { headers: { ...defaults, ...given }, signal, agent: false as const };
  const sent =
    url.protocol === 'https:'
      ? https.get(url, { ...options, rejectUnauthorized: false }, resolve)
      : http.get(url, options, resolve);
  sent.on('error', reject);
  const response = await promise;
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of response) {
    chunks.push(chunk as Buffer);
    size += (chunk as Buffer).length;
    if (size >= maxBodyBytes) break;
  }
  const body = Buffer.concat(chunks).subarray(0, maxBodyBytes).toString();
  return { code: response.statusCode ?? 0, body, location: response.headers.location };
}

async function tcpProbe(host: string, port: number, signal: AbortSignal): Promise<ProbeAnswer> {
  const { promise, resolve } = Promise.withResolvers<ProbeAnswer>();
  const socket: Socket = connect({ host, port });
  using _ = onAbort(signal, () => resolve(failed(`dial tcp ${host}:${port}: i/o timeout`)));
  socket.once('connect', () => resolve({ ok: true, code: 0, output: '' }));
  socket.once('error', (err) => resolve(failed(`dial tcp ${host}:${port}: ${err.message}`)));
  const answer = await promise;
  socket.destroy();
  return answer;
}
