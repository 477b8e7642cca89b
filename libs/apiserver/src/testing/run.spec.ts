import { generateKeyPairSync } from 'node:crypto';
import type { KubeObject } from '@kubephant/api';
import { newMetrics, silent, systemClock } from '@kubephant/base';
import { newFakeClock } from '@kubephant/base/testing';
import { endpoints, endpointSlices, type Client, type ResourceRef } from '@kubephant/client';
import { table } from '@kubephant/resources';
import type { Handler, Incoming } from '@kubephant/serving';
import { newIncoming } from '@kubephant/serving/testing';
import { newMemoryStore, type Store } from '@kubephant/storage';
import { newApiServer } from '../api-server';
import { resourceFields } from '../registry';
import { runApiServer } from '../run-api-server';
import { startTestServer, testConfig, until } from './server';

const unreachable = async (): Promise<never> => {
  throw new Error('connect ECONNREFUSED');
};

describe('a server whose store is not there yet', () => {
  const stop = new AbortController();
  const store = Promise.withResolvers<Store>();
  const edge = Promise.withResolvers<Handler<Incoming>>();
  let running: Promise<void>;
  beforeAll(() => {
    running = runApiServer(
      {
        openStore: async () => ({ store: await store.promise, run: async () => undefined }),
        listen: async (handler, signal) => {
          edge.resolve(handler);
          const closed = Promise.withResolvers<undefined>();
          signal.addEventListener('abort', () => closed.resolve(undefined), { once: true });
          return { closed: closed.promise };
        },
        clock: systemClock,
        log: silent,
        metrics: newMetrics(),
        dialer: { request: unreachable, connect: unreachable, tunnel: unreachable },
        signingKey: generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey,
      },
      testConfig,
      stop.signal,
    );
  });
  afterAll(async () => {
    stop.abort();
    await running;
  });
  const ask = async (path: string) => {
    const reply = await (await edge.promise)(newIncoming({ path }));
    if (reply.kind !== 'bytes') throw new Error(`${path} is answered with ${reply.kind}`);
    return { status: reply.status, text: Buffer.concat(reply.chunks).toString(), headers: reply.headers };
  };

  it.each([
    ['/livez', 200, 'ok'],
    ['/healthz', 200, 'ok'],
    ['/readyz', 500, '[-]etcd failed'],
    ['/readyz/etcd', 500, 'the store is not open yet'],
    ['/version', 200, '"major"'],
    ['/metrics', 503, 'ServiceUnavailable'],
    ['/api/v1/pods', 503, 'its store cannot be reached yet'],
  ])('answers %s with %d', async (path, status, text) => {
    const answer = await ask(path);
    expect(answer).toMatchObject({ status, text: expect.stringContaining(text) as string });
    if (status === 503) expect(answer.headers).toMatchObject({ 'retry-after': '1' });
  });

  it('serves as soon as it is', async () => {
    store.resolve(newMemoryStore({ resources: resourceFields(table) }));
    await until(async () => (await ask('/readyz')).status === 200);
    expect((await ask('/api/v1/pods')).status).toBe(403);
  });
});

describe('several servers of one cluster', () => {
  const { signal } = new AbortController();
  const stop = new AbortController();
  const store = newMemoryStore({ resources: resourceFields(table) });
  const start = (ip: string) => {
    const server = newApiServer(
      {
        store,
        clock: systemClock,
        log: silent,
        metrics: newMetrics(),
        dialer: { request: unreachable, connect: unreachable, tunnel: unreachable },
        signingKey: generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey,
      },
      { ...testConfig, advertise: { ip, port: 6443 } },
      stop.signal,
    );
    return { ...server, running: server.run(stop.signal) };
  };

  it('are all behind the kubernetes service, until they leave it', async () => {
    const servers = [start('192.0.2.11')];
    const client = servers[0]?.client as Client;
    const key = { namespace: 'default', name: 'kubernetes' };
    const read = <T extends KubeObject>(ref: ResourceRef<T>): Promise<T | undefined> =>
      client
        .resource(ref)
        .get(key, signal)
        .catch(() => undefined);
    /** As both the slice and the endpoints have them. */
    const addresses = async () => {
      const inSlice = (await read(endpointSlices))?.endpoints?.flatMap((one) => one.addresses);
      const inEndpoints = (await read(endpoints))?.subsets?.flatMap((one) => one.addresses?.map(({ ip }) => ip));
      return [inSlice, inEndpoints].map((ips) => ips?.join(' '));
    };
    await until(async () => (await read(endpointSlices)) !== undefined);
    servers.push(start('192.0.2.12'), start('127.0.0.1'));
    const both = '192.0.2.11 192.0.2.12';
    await until(async () => (await addresses()).every((ips) => ips === both));
    await servers[1]?.leave(signal);
    expect(await addresses()).toEqual(['192.0.2.11', '192.0.2.11']);
    stop.abort();
    await Promise.all(servers.map(({ running }) => running));
  });
});

describe('a running server', () => {
  it('lets events go after an hour', async () => {
    const clock = newFakeClock(Date.now());
    await using server = await startTestServer({ clock });
    const path = '/api/v1/namespaces/default/events';
    const body = {
      metadata: { name: 'e', namespace: 'default' },
      involvedObject: { kind: 'Pod', namespace: 'default', name: 'p' },
    };
    expect((await server.ask(`POST ${path}`, { body })).status).toBe(201);
    await clock.advance(3_500_000);
    expect((await server.ask(`GET ${path}/e`)).status).toBe(200);
    await clock.advance(200_000);
    await until(async () => (await server.ask(`GET ${path}/e`)).status === 404);
    // An hour of everything that a server does every few seconds.
  }, 30_000);
});
