import { mutateBytes } from '@kubephant/fuzz';
import { fuzzSuite } from '@kubephant/fuzz/testing';
import type { DnsHandler } from '@kubephant/serving';
import { decode, encode, type Packet } from 'dns-packet';
import { answer } from './message';
import { frames, withLength } from './tcp-frames';

const asked = (question: Packet['questions'], more: Packet = {}): Buffer =>
  encode({ type: 'query', id: 7, flags: 256, questions: question ?? [], ...more });
const opt = { type: 'OPT', name: '.', udpPayloadSize: 4096, extendedRcode: 0, ednsVersion: 0, flags: 0, options: [] };
const seeds = [
  asked([{ type: 'A', name: 'web.default.svc.cluster.local', class: 'IN' }]),
  asked([{ type: 'AAAA', name: 'example.com' }], { additionals: [opt as never] }),
  asked([{ type: 'SRV', name: '_http._tcp.web.default.svc.cluster.local' }]),
  asked([{ type: 'PTR', name: '1.0.0.10.in-addr.arpa' }], {
    additionals: [{ type: 'TXT', name: 'a.b', data: ['c'] }],
  }),
];
/** Says of every name that it is known, and tells a little. */
const handler: DnsHandler = async ({ name, type }) => ({
  code: 'NOERROR',
  authoritative: true,
  answers: type === 'A' ? [{ type: 'A', name, ttl: 5, data: '10.0.0.1' }] : [],
});
const { signal } = new AbortController();

describe('DNS', () => {
  for (const protocol of ['udp', 'tcp'] as const) {
    fuzzSuite(`messages over ${protocol}`, {
      seeds,
      mutate: mutateBytes,
      async take(bytes: Uint8Array) {
        const query = Buffer.from(bytes);
        const told = await answer(handler, { query, protocol, signal } as never);
        if (!told) return;
        expect(Buffer.from(told).readUInt16BE(0)).toBe(query.readUInt16BE(0));
        if (protocol === 'udp') expect(told.length).toBeLessThanOrEqual(1232);
        decode(Buffer.from(told));
      },
      refuses: () => false,
    });
  }

  fuzzSuite('streams of messages', {
    seeds: [Buffer.concat(seeds.map(withLength))],
    mutate: mutateBytes,
    async take(bytes: Uint8Array) {
      const all = Buffer.from(bytes);
      const pieces = (async function* () {
        for (let at = 0; at < all.length; at += 7) yield all.subarray(at, at + 7);
      })();
      const read: Buffer[] = [];
      for await (const frame of frames(pieces)) read.push(withLength(frame));
      expect(all.subarray(0, Buffer.concat(read).length)).toEqual(Buffer.concat(read));
    },
    refuses: () => false,
  });
});
