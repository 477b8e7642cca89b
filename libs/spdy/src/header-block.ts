import { constants, createInflate, type Inflate } from 'node:zlib';
import { dictionary } from './dictionary';

/** Header fields of a stream; names are lower-case. Several values of one name are joined by NUL. */
export type HeaderFields = Readonly<Record<string, string>>;

/** What a peer may make of its few bytes: Kubernetes' streams have three short fields. */
const maxInflatedBytes = 16 * 1024;
const maxFields = 64;

/**
 * Writes the header blocks of one direction of a connection, which together are one zlib stream. They go out stored and
 * not deflated: they are few and short.
 */
export class HeaderEncoder {
  #first = true;

  encode(headers: HeaderFields): Buffer {
    const text = (value: string): Buffer[] => [uint32(Buffer.byteLength(value)), Buffer.from(value)];
    const entries = Object.entries(headers);
    const pairs = entries.flatMap(([name, value]) => [...text(name.toLowerCase()), ...text(value)]);
    const zlibHeader = this.#first ? [Buffer.from([0x78, 0x01])] : [];
    this.#first = false;
    // An empty block after the data makes the reader hand out what it has, as a flush does.
    const block = stored(Buffer.concat([uint32(entries.length), ...pairs]));
    return Buffer.concat([...zlibHeader, block, stored(Buffer.alloc(0))]);
  }
}

function uint32(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32BE(value);
  return bytes;
}

/** A block of RFC 1951 that is not compressed. */
function stored(data: Buffer): Buffer {
  const head = Buffer.alloc(5);
  head.writeUInt16LE(data.length, 1);
  head.writeUInt16LE(data.length ^ 0xffff, 3);
  return Buffer.concat([head, data]);
}

/** Reads the header blocks of the other direction, in order, one at a time. */
export class HeaderDecoder implements Disposable {
  readonly #inflate: Inflate = createInflate({ dictionary, flush: constants.Z_SYNC_FLUSH });
  readonly #failed: Promise<never>;
  #chunks: Buffer[] = [];
  #bytes = 0;

  constructor() {
    const failed = Promise.withResolvers<never>();
    // Nobody may be reading when it is closed.
    failed.promise.catch(() => undefined);
    this.#failed = failed.promise;
    this.#inflate.on('error', failed.reject);
    this.#inflate.on('data', (chunk: Buffer) => {
      this.#chunks.push(chunk);
      this.#bytes += chunk.length;
      if (this.#bytes > maxInflatedBytes) this.#inflate.destroy(new RangeError('SPDY header block is too large'));
    });
  }

  /** Throws for what is no header block or one that is too large; then no other can be read. */
  async decode(block: Buffer): Promise<HeaderFields> {
    const inflated = Promise.withResolvers<undefined>();
    this.#inflate.write(block, () => inflated.resolve(undefined));
    await Promise.race([inflated.promise, this.#failed]);
    if (this.#inflate.destroyed) await this.#failed;
    const bytes = Buffer.concat(this.#chunks);
    this.#chunks = [];
    this.#bytes = 0;
    return fieldsIn(bytes);
  }

  [Symbol.dispose](): void {
    this.#inflate.destroy();
  }
}

function fieldsIn(bytes: Buffer): HeaderFields {
  let at = 0;
  const number = (): number => {
    const value = bytes.readUInt32BE(at);
    at += 4;
    return value;
  };
  const text = (): string => {
    const length = number();
    if (at + length > bytes.length) throw new RangeError('SPDY header block is cut off');
    at += length;
    return bytes.toString('utf8', at - length, at);
  };
  const count = number();
  if (count > maxFields) throw new RangeError(`SPDY header block of ${count} fields`);
  const fields = Array.from({ length: count }, (): [string, string] => [text().toLowerCase(), text()]);
  return Object.fromEntries(fields);
}
