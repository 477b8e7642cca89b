import type { Readable } from 'node:stream';
import { StatusError } from '@kubephant/api';

const tooLarge = (limit: number): StatusError =>
  new StatusError('RequestEntityTooLarge', `Request entity too large: limit is ${limit}`);

/**
 * The whole body, or RequestEntityTooLarge. What is beyond the limit is read and dropped, so that a client which sends
 * everything before it reads gets to see the answer.
 */
export function readBody(readable: Readable, contentLength: string | undefined, limit: number): Promise<Buffer> {
  const { promise, resolve, reject } = Promise.withResolvers<Buffer>();
  if (Number(contentLength ?? 0) > limit) {
    readable.resume();
    reject(tooLarge(limit));
    return promise;
  }
  const chunks: Buffer[] = [];
  let size = 0;
  readable.on('data', (chunk: Buffer) => {
    size += chunk.length;
    if (size <= limit) chunks.push(chunk);
    else if (chunks.length > 0) {
      chunks.length = 0;
      reject(tooLarge(limit));
    }
  });
  let ended = false;
  readable.once('end', () => {
    ended = true;
    if (size <= limit) resolve(join(chunks));
    else reject(tooLarge(limit));
  });
  readable.once('error', reject);
  readable.once('close', () => {
    if (!ended) reject(new StatusError('BadRequest', 'unexpected EOF'));
  });
  return promise;
}

function join(chunks: readonly Buffer[]): Buffer {
  const [only] = chunks;
  return only && chunks.length === 1 ? only : Buffer.concat(chunks);
}
