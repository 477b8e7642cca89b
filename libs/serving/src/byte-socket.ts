/** One connection as bytes in order, whatever they mean. */
export interface ByteSocket {
  /** What arrives, read as fast as it is taken; ends when the other side has ended or the connection is gone. */
  readonly chunks: AsyncIterable<Buffer>;
  /** Resolves when the socket can take more, also when it never will: then `signal` tells. */
  write(data: Uint8Array): Promise<void>;
  /** Says that nothing more is written, after all that was. */
  end(): void;
  /** Breaks the connection off. */
  destroy(): void;
  /** Aborts when the connection is gone. */
  readonly signal: AbortSignal;
}

/** Carries bytes both ways as they are until one side ends; what it said by then still reaches the other. */
export async function joinSockets(client: ByteSocket, backend: ByteSocket): Promise<void> {
  const directions = [pump(client, backend), pump(backend, client)];
  try {
    await Promise.race(directions);
  } finally {
    client.end();
    backend.end();
    // The direction that is left fails on a socket that is closing, which is no news.
    for (const direction of directions) direction.catch(() => undefined);
  }
}

async function pump(from: ByteSocket, to: ByteSocket): Promise<void> {
  for await (const chunk of from.chunks) {
    if (to.signal.aborted) return;
    await to.write(chunk);
  }
}
