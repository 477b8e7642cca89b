import type { Authenticated, Backend, Dialer, Reply } from '@kubephant/serving';
import type { Target } from './connect';
import { plainFailure, reach, refusalOf } from './failure';

/** A container's log as the kubelet streams it. Its refusal becomes a Status. */
export async function readLog(req: Authenticated, { backend, path }: Target, dialer: Dialer): Promise<Reply> {
  const response = await reach(
    () => dialer.request(backend, { method: 'GET', path }, req.signal),
    (why, cause) => plainFailure(`Get ${JSON.stringify(urlOf(backend, path))}: ${why}`, cause),
  );
  if (response.status !== 200) throw await refusalOf(response);
  return { kind: 'stream', status: 200, contentType: 'text/plain', chunks: single(response.body), text: true };
}

/** Each chunk as it comes. */
export async function* single(body: AsyncIterable<Uint8Array>): AsyncGenerator<readonly Uint8Array[]> {
  for await (const chunk of body) yield [chunk];
}

const urlOf = ({ host, port, tls }: Backend, path: string): string =>
  `${tls === 'none' ? 'http' : 'https'}://${host.includes(':') ? `[${host}]` : host}:${port}${path}`;
