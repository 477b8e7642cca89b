import type { Duplex } from 'node:stream';
import type { ByteSocket } from '@kubephant/serving';

/** A connection of Node's as a ByteSocket; `head` was read from it already. */
export function byteSocketOf(socket: Duplex, head: Buffer): ByteSocket {
  if (head.length > 0) socket.unshift(head);
  const gone = new AbortController();
  socket.once('close', () => gone.abort());
  // Resets end the connection: there is nobody to tell.
  socket.on('error', () => socket.destroy());
  return {
    chunks: chunksOf(socket),
    signal: gone.signal,
    async write(data) {
      if (socket.destroyed || socket.writableEnded || socket.write(data)) return;
      await drained(socket);
    },
    end: () => void socket.end(),
    destroy: () => void socket.destroy(),
  };
}

async function* chunksOf(socket: Duplex): AsyncGenerator<Buffer> {
  try {
    yield* socket.iterator({ destroyOnReturn: false }) as AsyncIterable<Buffer>;
  } catch (err) {
    // However a connection ends, it ends what it says.
    if (!socket.destroyed) throw err;
  }
}

async function drained(socket: Duplex): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<undefined>();
  const go = (): void => resolve(undefined);
  socket.on('drain', go);
  socket.on('close', go);
  await promise;
  socket.off('drain', go);
  socket.off('close', go);
}
