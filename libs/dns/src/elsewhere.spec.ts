import { newMetrics } from '@kubephant/base';
import type { DnsContext, DnsHandler } from '@kubephant/serving';
import { withCache } from './cache';
import { chain } from './chain';
import { forward } from './forward';
import { newDnsMetrics, withMetrics, type DnsMetrics } from './metrics';
import { nameservers } from './resolv-conf';
import { withShuffledAddresses } from './shuffle';

const { signal } = new AbortController();
const question = { name: 'example.com', type: 'A' };
const context = (id: number, rest = 1): DnsContext => ({
  protocol: 'udp',
  family: '1',
  query: Uint8Array.of(0, id, rest, 0),
  signal,
});
const answerTo = (query: Uint8Array, rcode = 0, flags = 0x80): Uint8Array =>
  Uint8Array.of(query[0] ?? 0, query[1] ?? 0, flags, rcode);

let metrics: DnsMetrics;
beforeEach(() => {
  metrics = newDnsMetrics(newMetrics());
});

describe('forwarding', () => {
  const servers = ['10.0.0.1:53', '10.0.0.2:53'];
  const forwarding = (exchange: (server: string, query: Uint8Array) => Promise<Uint8Array>): DnsHandler =>
    forward({ servers, exchange, now: () => 0, requests: metrics.forwardRequests, duration: metrics.forwardDuration });

  it('asks the next server when one does not answer', async () => {
    const asked: string[] = [];
    const handler = forwarding(async (server, query) => {
      asked.push(server);
      if (server === servers[0]) throw new Error('timeout');
      return answerTo(query);
    });
    expect(await handler(question, context(7))).toEqual({ message: Uint8Array.of(0, 7, 0x80, 0) });
    expect(asked).toEqual(servers);
  });

  it('says SERVFAIL when nobody answers', async () => {
    const handler = forwarding(() => Promise.reject(new Error('timeout')));
    expect(await handler(question, context(7))).toMatchObject({ code: 'SERVFAIL' });
  });
});

describe('the cache', () => {
  let now = 0;
  let asked: number;
  const cached = (rcode = 0, flags = 0x80): DnsHandler => {
    now = 0;
    asked = 0;
    const next: DnsHandler = async (_question, { query }) => {
      asked += 1;
      return { message: answerTo(query, rcode, flags) };
    };
    return withCache(next, {
      entries: 2,
      ttlMs: 1000,
      now: () => now,
      hits: metrics.cacheHits,
      misses: metrics.cacheMisses,
    });
  };

  it('answers the same question of another client under its own id, for a while', async () => {
    const handler = cached();
    await handler(question, context(1));
    expect(await handler(question, context(2))).toEqual({ message: Uint8Array.of(0, 2, 0x80, 0) });
    expect(asked).toBe(1);
    now = 1000;
    await handler(question, context(3));
    expect(asked).toBe(2);
  });

  it('tells questions apart by everything but the id', async () => {
    const handler = cached();
    await handler(question, context(1, 1));
    await handler(question, context(1, 2));
    expect(asked).toBe(2);
  });

  it('forgets the oldest when it is full', async () => {
    const handler = cached();
    for (const rest of [1, 2, 3, 2, 3, 1]) await handler(question, context(1, rest));
    expect(asked).toBe(4);
  });

  it.each([
    ['a failure', 2, 0x80],
    ['a cut answer', 0, 0x82],
  ])('does not remember %s', async (_title, rcode, flags) => {
    const handler = cached(rcode, flags);
    await handler(question, context(1));
    await handler(question, context(2));
    expect(asked).toBe(2);
  });
});

describe('the chain', () => {
  const found: DnsHandler = async () => ({ code: 'NOERROR', authoritative: true, answers: [] });

  it('asks in order and refuses what nobody takes', async () => {
    expect(await chain(async () => undefined, found)(question, context(1))).toMatchObject({ code: 'NOERROR' });
    expect(await chain(async () => undefined)(question, context(1))).toMatchObject({ code: 'REFUSED' });
  });

  it('turns a throw into SERVFAIL', async () => {
    const broken: DnsHandler = () => Promise.reject(new Error('bug'));
    const where = { server: 's', zone: () => '.', now: () => 0 };
    expect(await withMetrics(broken, metrics, where)(question, context(1))).toMatchObject({ code: 'SERVFAIL' });
  });

  it('spreads clients over addresses and keeps an alias first', async () => {
    const alias = { name: 'a', ttl: 1, type: 'CNAME', data: 'b' } as const;
    const addresses = ['1.1.1.1', '2.2.2.2'].map((data) => ({ name: 'b', ttl: 1, type: 'A' as const, data }));
    const next: DnsHandler = async () => ({ code: 'NOERROR', authoritative: true, answers: [alias, ...addresses] });
    const order = [0.9, 0.1];
    const response = await withShuffledAddresses(next, () => order.shift() ?? 0)(question, context(1));
    expect(response).toMatchObject({ answers: [alias, addresses[1], addresses[0]] });
  });
});

it('reads the servers of resolv.conf, without itself and without what is no address', () => {
  const text =
    'search x\nnameserver 10.0.0.1\n nameserver fe80::1%eth0 \n# nameserver 9.9.9.9\nnameserver 172.30.0.1\nnameserver oops\n';
  expect(nameservers(text, '172.30.0.1')).toEqual(['10.0.0.1:53', '[fe80::1%eth0]:53']);
});
