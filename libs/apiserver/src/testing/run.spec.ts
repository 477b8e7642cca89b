import { generateKeyPairSync } from 'node:crypto';
import { newMetrics, silent, systemClock } from '@kubephant/base';
import { newFakeClock } from '@kubephant/base/testing';
import { table } from '@kubephant/resources';
import type { Handler, Incoming } from '@kubephant/serving';
import { newIncoming } from '@kubephant/serving/testing';
import { newMemoryStore, type Store } from '@kubephant/storage';
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
        dialer: { request: unreachable, connect: unreachable },
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
    ['/readyz', 500, '[-]storage failed'],
    ['/readyz/storage', 500, 'the store is not open yet'],
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
  });
});
