import type { Reply } from '@kubephant/serving';

/** A watch of JSON events. */
export const watchReply = (chunks: AsyncIterable<readonly Uint8Array[]>): Extract<Reply, { kind: 'stream' }> => ({
  kind: 'stream',
  status: 200,
  contentType: 'application/json',
  text: true,
  chunks,
});
