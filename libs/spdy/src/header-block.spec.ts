import { constants, createDeflate, deflateSync } from 'node:zlib';
import { dictionary } from './dictionary';
import { HeaderDecoder, HeaderEncoder } from './header-block';

const uint32 = (value: number): Buffer => {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32BE(value);
  return bytes;
};
const text = (value: string): Buffer => Buffer.concat([uint32(value.length), Buffer.from(value)]);

/** Blocks as Go's clients make them: deflated with the dictionary, one zlib stream for all. */
async function deflated(...blocks: readonly Buffer[]): Promise<readonly Buffer[]> {
  const deflate = createDeflate({ dictionary, flush: constants.Z_SYNC_FLUSH });
  const out: Buffer[] = [];
  for (const block of blocks) {
    const chunks: Buffer[] = [];
    deflate.on('data', (chunk: Buffer) => chunks.push(chunk));
    await new Promise<void>((resolve) => deflate.write(block, () => resolve()));
    deflate.removeAllListeners('data');
    out.push(Buffer.concat(chunks));
  }
  return out;
}

describe('the dictionary of SPDY/3.1', () => {
  it('is the one that its zlib identifier names', () => {
    // DICTID follows the two bytes of zlib's header.
    expect(dictionary).toHaveLength(1423);
    expect(deflateSync('x', { dictionary }).readUInt32BE(2)).toBe(0xe3c6a7c2);
  });
});

describe('header blocks', () => {
  it('are read one after the other from one stream', async () => {
    using decoder = new HeaderDecoder();
    const [first, second] = await deflated(
      Buffer.concat([uint32(2), text('Streamtype'), text('error'), text('port'), text('80')]),
      Buffer.concat([uint32(1), text('streamtype'), text('data')]),
    );
    await expect(decoder.decode(first as Buffer)).resolves.toEqual({ streamtype: 'error', port: '80' });
    await expect(decoder.decode(second as Buffer)).resolves.toEqual({ streamtype: 'data' });
  });

  it('are read as they were written', async () => {
    const encoder = new HeaderEncoder();
    using decoder = new HeaderDecoder();
    for (const headers of [{ streamtype: 'stdin' }, {}, { a: 'ä', b: '' }]) {
      await expect(decoder.decode(encoder.encode(headers))).resolves.toEqual(headers);
    }
  });

  it.each([
    ['that inflate to megabytes', Buffer.alloc(50 * 1024 * 1024), 'too large'],
    ['of very many fields', Buffer.concat([uint32(1e9), Buffer.alloc(100)]), 'of 1000000000 fields'],
    ['with a text that is cut off', Buffer.concat([uint32(1), uint32(100)]), 'cut off'],
    ['that are empty', Buffer.alloc(0), ''],
  ])('%s are refused', async (_, block, why) => {
    using decoder = new HeaderDecoder();
    const [bytes] = await deflated(block);
    await expect(decoder.decode(bytes as Buffer)).rejects.toThrow(why);
  });

  it('that are no zlib stream are refused', async () => {
    using decoder = new HeaderDecoder();
    await expect(decoder.decode(Buffer.from('no zlib at all'))).rejects.toThrow('incorrect header check');
  });
});
