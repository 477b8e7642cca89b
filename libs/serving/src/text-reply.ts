import type { Reply } from './handler';

const plain = 'text/plain; charset=utf-8';

/** A short text answer. */
export const textReply = (status: number, text: string): Reply => ({
  kind: 'bytes',
  status,
  contentType: plain,
  chunks: [Buffer.from(text)],
  headers: { 'x-content-type-options': 'nosniff' },
});

/** A text that says so little that upstream lets browsers guess what it is. */
export const bareTextReply = (text: string): Reply => ({
  kind: 'bytes',
  status: 200,
  contentType: plain,
  chunks: [Buffer.from(text)],
});

/** What unknown paths get that belong to no API group. */
export const pageNotFound = (): Reply => textReply(404, '404 page not found\n');
