import { startTestServer, type TestServer } from '@kubephant/apiserver/testing';
import { serve, type RunningServer } from '@kubephant/http-express';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { attacks, type Attack } from './attacks';

setFlagsFromString('--expose-gc');
const collectGarbage = runInNewContext('gc') as () => void;
const configMaps = '/api/v1/namespaces/default/configmaps';
const authorization = 'Bearer admin-token';

let server: TestServer;
let running: RunningServer;
const stop = new AbortController();
beforeAll(async () => {
  server = await startTestServer();
  running = await serve(server.handler, { port: 0, host: '127.0.0.1', drainMs: 100 }, stop.signal);
  await server.ask(`POST ${configMaps}`, { body: { metadata: { name: 'victim' }, data: { a: 'b' } } });
});
afterAll(async () => {
  stop.abort();
  await running.closed;
  await server[Symbol.asyncDispose]();
});

const url = (path: string): string => `http://127.0.0.1:${running.port}${path}`;

async function send({ request, type, body }: Attack): Promise<{ readonly code: number; readonly kind: unknown }> {
  const [method = '', path = ''] = request.split(' ');
  const headers = { authorization, 'content-type': type };
  const answer = await fetch(url(path), { method, headers, ...(body.length > 0 && { body }) });
  const { kind, code } = (await answer.json()) as { kind: unknown; code: unknown };
  expect(code).toBe(answer.status);
  return { code: answer.status, kind };
}

const read = async (): Promise<number> =>
  (await fetch(url(`${configMaps}/victim`), { headers: { authorization } })).status;

const heap = (): number => {
  collectGarbage();
  return process.memoryUsage().heapUsed;
};

describe('over HTTP', () => {
  it.each(attacks.map((attack) => [attack.name, attack] as const))('%s is refused', async (_, attack) => {
    const before = server.store.revision;
    const [{ code, kind }, others] = await Promise.all([send(attack), read()]);
    expect([kind, others]).toEqual(['Status', 200]);
    expect(attack.codes).toContain(code);
    expect((await server.ask(`GET ${configMaps}/victim`)).body.data).toEqual({ a: 'b' });
    expect(server.store.revision).toBeGreaterThanOrEqual(before);
  });

  it('all of it at once leaves the server answering, with clean prototypes and no memory taken', async () => {
    await Promise.all(attacks.map(send));
    const before = heap();
    const answers = await Promise.all([...attacks.map(send), read(), read(), read()]);
    expect(answers.slice(-3)).toEqual([200, 200, 200]);
    expect(heap() - before).toBeLessThan(32 * 1024 * 1024);
    expect(Object.keys(Object.prototype)).toEqual([]);
  }, 60_000);
});
