/** What ends a body in HTTP/1.1's chunked coding. */
export const lastChunk = '0\r\n\r\n';

const lineEnd = Buffer.from('\r\n');

/** Makes frames into one chunk of HTTP/1.1's chunked coding (RFC 9112 §7.1); nothing of nothing, for that would end the body. */
export type Chunking = (frames: readonly Uint8Array[]) => Uint8Array;

/** One event is written to all its watchers in a row: they share not only its frame but its chunk too. */
export function newChunking(): Chunking {
  let last: { readonly frame: Uint8Array; readonly chunk: Uint8Array } | undefined;
  return (frames) => {
    const [only] = frames;
    if (!only || frames.length > 1) return newChunk(frames);
    if (last?.frame !== only) last = { frame: only, chunk: newChunk(frames) };
    return last.chunk;
  };
}

function newChunk(frames: readonly Uint8Array[]): Uint8Array {
  let size = 0;
  for (const { length } of frames) size += length;
  if (size === 0) return Buffer.alloc(0);
  return Buffer.concat([Buffer.from(`${size.toString(16)}\r\n`, 'latin1'), ...frames, lineEnd]);
}

export function joinedFrames(frames: readonly Uint8Array[]): Uint8Array {
  const [only] = frames;
  return only && frames.length === 1 ? only : Buffer.concat(frames);
}
