import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { connect } from 'node:net';
import { decode, encode, streamEncode, type Answer, type Packet } from 'dns-packet';
import { silent } from '@kubephant/base';
import type { DnsHandler, DnsRecord } from '@kubephant/serving';
import { exchange } from './exchange';
import { serveDns, type DnsServer } from './serve-dns';

const query = (name: string, extra: Partial<Packet> = {}): Buffer =>
  encode({ type: 'query', id: 4711, flags: 0x100, questions: [{ name, type: 'A', class: 'IN' }], ...extra });

const records = (count: number): DnsRecord[] =>
  Array.from({ length: count }, (_, i) => ({
    name: 'many.test',
    ttl: 5,
    type: 'A' as const,
    data: `10.0.${i >> 8}.${i & 255}`,
  }));

const handler: DnsHandler = async ({ name }, { query: raw }) => {
  switch (name) {
    case 'one.test':
      return { code: 'NOERROR', authoritative: true, answers: [{ name, ttl: 5, type: 'A', data: '10.0.0.1' }] };
    case 'many.test':
      return { code: 'NOERROR', authoritative: true, answers: records(100) };
    case 'raw.test':
      return { message: raw.map((byte, i) => (i === 2 ? byte | 0x80 : byte)) };
    default:
      return undefined;
  }
};

describe('a DNS server', () => {
  const stop = new AbortController();
  let server: DnsServer;
  beforeAll(async () => {
    server = await serveDns(handler, { host: '127.0.0.1', port: 0, log: silent }, stop.signal);
  });
  afterAll(async () => {
    stop.abort();
    await server.closed;
  });

  const ask = async (
    message: Buffer,
    protocol: 'udp' | 'tcp',
  ): Promise<ReturnType<typeof decode> & { rcode?: string }> =>
    decode(Buffer.from(await exchange(`127.0.0.1:${server.port}`, message, protocol, stop.signal)));

  it.each(['udp', 'tcp'] as const)('answers over %s', async (protocol) => {
    const answer = await ask(query('One.TEST'), protocol);
    expect(answer.id).toBe(4711);
    expect(answer.flag_aa).toBe(true);
    expect(answer.answers).toMatchObject([{ type: 'A', data: '10.0.0.1', ttl: 5 }]);
    // The question comes back as it was asked (0x20 encoding).
    expect(answer.questions?.[0]?.name).toBe('One.TEST');
  });

  it('cuts what a datagram cannot hold, and has all of it over TCP', async () => {
    const short = await ask(query('many.test'), 'udp');
    expect([short.flag_tc, short.answers?.length]).toEqual([true, 0]);
    const long = await ask(query('many.test'), 'tcp');
    expect([long.flag_tc, long.answers?.length]).toEqual([false, 100]);
  });

  it('gives more in a datagram to a client that takes more, but never above 1232 bytes', async () => {
    const opt = {
      type: 'OPT',
      name: '.',
      udpPayloadSize: 4096,
      extendedRcode: 0,
      ednsVersion: 0,
      flags: 0,
      flag_do: false,
      options: [],
    } satisfies Answer;
    const answer = await ask(query('many.test', { additionals: [opt] }), 'udp');
    expect(answer.flag_tc).toBe(true);
    expect(answer.additionals).toMatchObject([{ type: 'OPT', udpPayloadSize: 1232 }]);
  });

  it('passes on a ready message', async () => {
    expect((await ask(query('raw.test'), 'udp')).type).toBe('response');
  });

  it.each<[string, Buffer, string]>([
    ['nobody knows', query('nobody.test'), 'REFUSED'],
    [
      'two questions',
      query('one.test', {
        questions: [
          { name: 'a', type: 'A' },
          { name: 'b', type: 'A' },
        ],
      }),
      'FORMERR',
    ],
    ['another class', query('one.test', { questions: [{ name: 'a', type: 'A', class: 'CH' }] }), 'REFUSED'],
    ['an update', query('one.test', { flags: 5 << 11 }), 'NOTIMP'],
    [
      'a name with a dot in a label',
      Buffer.from(query('one.test').toString('latin1').replace('one', 'o.e'), 'latin1'),
      'FORMERR',
    ],
    [
      'a name that is no text',
      Buffer.from(query('one.test').toString('latin1').replace('one', 'o\xffe'), 'latin1'),
      'FORMERR',
    ],
    ['garbage', Buffer.concat([query('one.test').subarray(0, 12), Buffer.alloc(40, 0xff)]), 'FORMERR'],
  ])('refuses %s', async (_title, message, code) => {
    expect((await ask(message, 'udp')).rcode).toBe(code);
  });

  it('repeats no questions where there are too many', async () => {
    const questions = Array.from({ length: 300 }, () => ({ name: '.', type: 'A' as const }));
    expect(await exchange(`127.0.0.1:${server.port}`, query('', { questions }), 'udp', stop.signal)).toHaveLength(12);
  });

  it('answers neither answers nor fragments of a header', async () => {
    const socket = createSocket('udp4');
    socket.connect(server.port, '127.0.0.1');
    await once(socket, 'connect');
    const heard: Buffer[] = [];
    socket.on('message', (message: Buffer) => heard.push(message));
    socket.send(encode({ type: 'response', id: 1, questions: [{ name: 'one.test', type: 'A' }] }));
    socket.send(Buffer.from([1, 2, 3]));
    socket.send(query('one.test'));
    await once(socket, 'message');
    expect(heard.map((message) => decode(message).id)).toEqual([4711]);
    socket.close();
  });

  it('takes a TCP message in pieces and several on one connection', async () => {
    const socket = connect(server.port, '127.0.0.1');
    await once(socket, 'connect');
    const bytes = Buffer.concat([
      streamEncode({ type: 'query', id: 1, questions: [{ name: 'one.test', type: 'A' }] }),
      streamEncode({ type: 'query', id: 2, questions: [{ name: 'one.test', type: 'A' }] }),
    ]);
    for (const byte of bytes) socket.write(Buffer.from([byte]));
    let received = Buffer.alloc(0);
    for await (const chunk of socket as AsyncIterable<Buffer>) {
      received = Buffer.concat([received, chunk]);
      if (received.length >= 2 * (2 + received.readUInt16BE())) break;
    }
    const length = 2 + received.readUInt16BE();
    expect([decode(received.subarray(2, length)).id, decode(received.subarray(length + 2)).id]).toEqual([1, 2]);
  });
});
