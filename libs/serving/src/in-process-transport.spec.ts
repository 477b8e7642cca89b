import { newInProcessTransport } from './in-process-transport';
import type { Handler, Incoming, Reply } from './handler';

const { signal } = new AbortController();
const text = async (body: AsyncIterable<Uint8Array>): Promise<string> => {
  const chunks: Uint8Array[] = [];
  for await (const chunk of body) chunks.push(chunk);
  return Buffer.concat(chunks).toString();
};

describe('the in-process transport', () => {
  it('carries a request and its answer', async () => {
    const handler: Handler<Incoming> = async (req) => ({
      kind: 'object',
      status: 201,
      headers: { Warning: ['a', 'b'] },
      body: {
        method: req.method,
        path: req.url.pathname,
        x: req.url.searchParams.get('x'),
        token: req.headers.get('authorization'),
        sent: (await req.body()).toString(),
      },
    });
    const transport = newInProcessTransport(handler, { token: 't' });
    const query = new URLSearchParams({ x: '1' });
    const res = await transport.send({ method: 'POST', path: '/api', query, body: 'abc', signal });
    expect([res.status, res.headers.get('warning')]).toEqual([201, 'a, b']);
    const expected = { method: 'POST', path: '/api', x: '1', token: 'Bearer t', sent: 'abc' };
    expect(JSON.parse(await text(res.body))).toEqual(expected);
  });

  it('turns a throw into a Status, as a socket would', async () => {
    const res = await newInProcessTransport(async () => {
      throw new Error('x');
    }).send({ method: 'GET', path: '/', signal });
    expect(res.status).toBe(500);
  });

  it('ends the request when the reader leaves a stream', async () => {
    let inner: AbortSignal | undefined;
    async function* chunks(): AsyncGenerator<readonly Uint8Array[]> {
      for (;;) yield [Buffer.from('x')];
    }
    const stream: Reply = { kind: 'stream', status: 200, contentType: 'application/json', chunks: chunks() };
    const transport = newInProcessTransport(async (req) => {
      inner = req.signal;
      return stream;
    });
    const { body } = await transport.send({ method: 'GET', path: '/', signal });
    for await (const _ of body) break;
    expect(inner?.aborted).toBe(true);
  });
});
