import { Readable, type Duplex } from 'node:stream';
import { createGunzip, createGzip, createDeflateRaw, createInflateRaw } from 'node:zlib';
import { LinkRewriter } from './html-links';

interface Coding {
  decode(): Duplex;
  encode(): Duplex;
}

const codings: Readonly<Record<string, Coding>> = {
  gzip: { decode: createGunzip, encode: createGzip },
  deflate: { decode: createInflateRaw, encode: createDeflateRaw },
};

/** A page with its links rewritten, as it comes; undefined when its coding is not known: then it stays as it is. */
export function rewriteHtml(
  body: AsyncIterable<Uint8Array>,
  encoding: string | readonly string[] | undefined,
  rewrite: (url: string) => string,
): AsyncIterable<Uint8Array> | undefined {
  if (encoding === undefined || encoding === '') return rewritten(body, rewrite);
  const coding = typeof encoding === 'string' && Object.hasOwn(codings, encoding) ? codings[encoding] : undefined;
  if (!coding) return undefined;
  const decoded = through(body, coding.decode());
  return through(rewritten(decoded, rewrite), coding.encode());
}

/** Markup is ASCII in every encoding that is in use; latin1 keeps all other bytes as they are. */
async function* rewritten(body: AsyncIterable<Uint8Array>, rewrite: (url: string) => string): AsyncGenerator<Buffer> {
  const rewriter = new LinkRewriter(rewrite);
  for await (const chunk of body) {
    const text = rewriter.push(Buffer.from(chunk).toString('latin1'));
    if (text !== '') yield Buffer.from(text, 'latin1');
  }
  yield Buffer.from(rewriter.end(), 'latin1');
}

function through(body: AsyncIterable<Uint8Array>, transform: Duplex): AsyncIterable<Uint8Array> {
  const source = Readable.from(body);
  source.once('error', (err) => transform.destroy(err));
  transform.once('close', () => source.destroy());
  return source.pipe(transform);
}
