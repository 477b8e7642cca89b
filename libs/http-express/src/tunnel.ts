import type { Duplex } from 'node:stream';
import { byteSocketOf } from '@kubephant/http-client';
import type { Reply, ReplyHeaders } from '@kubephant/serving';

type TunnelReply = Extract<Reply, { kind: 'tunnel' }>;

/** Answers 101 and gives the connection away; it is ended when `serve` resolves and broken off when it rejects. */
export async function serveTunnel(socket: Duplex, head: Buffer, { headers, serve }: TunnelReply): Promise<void> {
  socket.write(`HTTP/1.1 101 Switching Protocols\r\n${headerLines(headers)}\r\n`, 'latin1');
  const bytes = byteSocketOf(socket, head);
  await serve(bytes);
  bytes.end();
  await untilGone(bytes.signal, socket);
}

/** A client that does not end its side in return is cut off. */
const lingerMs = 10_000;

async function untilGone(gone: AbortSignal, socket: Duplex): Promise<void> {
  if (gone.aborted) return;
  const { promise, resolve } = Promise.withResolvers<undefined>();
  gone.addEventListener('abort', () => resolve(undefined), { once: true });
  const timer = setTimeout(() => socket.destroy(), lingerMs);
  // What it still says is for nobody, but its end must be seen.
  socket.resume();
  await promise;
  clearTimeout(timer);
}

/** As lines of a head; what could end a line is not let through. */
function headerLines(headers: ReplyHeaders): string {
  return Object.entries(headers)
    .flatMap(([name, value]) => [value].flat().map((one) => `${name}: ${one.replace(/[\r\n]/g, ' ')}\r\n`))
    .join('');
}
