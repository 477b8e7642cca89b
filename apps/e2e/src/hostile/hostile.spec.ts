import { startTestServer, type TestServer } from '@kubephant/apiserver/testing';
import { serve, type RunningServer } from '@kubephant/http-express';
import { newAuthority, type Authority } from '@kubephant/pki';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { attacks, type Attack } from './attacks';
import { meanwhile } from './meanwhile';
import { ways, type Client } from './ways';

setFlagsFromString('--expose-gc');
const collectGarbage = runInNewContext('gc') as () => void;
const configMaps = '/api/v1/namespaces/default/configmaps';
const authorization = 'Bearer admin-token';
/** What everybody else is promised, whatever one of them sends. */
const promisedMs = 1000;

let authority: Authority;
beforeAll(async () => {
  authority = await newAuthority('test-ca');
});

const heap = (): number => {
  collectGarbage();
  return process.memoryUsage().heapUsed;
};

describe.each(ways.map((way) => [way.name, way] as const))('over %s', (_, way) => {
  let server: TestServer;
  let running: RunningServer;
  /** One connection of HTTP/2 may not hold all of it at once. */
  let attackers: readonly Client[];
  let others: Client;
  const stop = new AbortController();

  beforeAll(async () => {
    server = await startTestServer();
    const { certificate: cert, key } = await authority.issue({
      commonName: 'server',
      ips: ['127.0.0.1'],
      usages: ['server'],
    });
    const tls = way.isSecure && { tls: { cert, key, clientCa: authority.certificate } };
    running = await serve(server.handler, { port: 0, host: '127.0.0.1', drainMs: 100, ...tls }, stop.signal);
    await server.ask(`POST ${configMaps}`, { body: { metadata: { name: 'victim' }, data: { a: 'b' } } });
    const open = (): Client => way.open(running.port, authority.certificate);
    attackers = Array.from({ length: 8 }, open);
    others = open();
  });
  afterAll(async () => {
    for (const client of [...attackers, others]) client.close();
    stop.abort();
    await running.closed;
    await server[Symbol.asyncDispose]();
  });

  async function send(attack: Attack): Promise<{ readonly code: number; readonly kind: unknown }> {
    const { request, type, body } = attack;
    const [method = '', path = ''] = request.split(' ');
    const headers = { authorization, 'content-type': type };
    const attacker = attackers[attacks.indexOf(attack) % attackers.length] as Client;
    const answer = await attacker.ask({ method, path, headers, body });
    const { kind, code } = answer.body as { kind: unknown; code: unknown };
    expect(code).toBe(answer.status);
    return { code: answer.status, kind };
  }

  const read = async (): Promise<void> => {
    const path = `${configMaps}/victim`;
    const { status } = await others.ask({ method: 'GET', path, headers: { authorization }, body: '' });
    expect(status).toBe(200);
  };

  it.each(attacks.map((attack) => [attack.name, attack] as const))('%s is refused', async (_name, attack) => {
    const before = server.store.revision;
    const { result, p99Ms } = await meanwhile(send(attack), read);
    expect(result.kind).toBe('Status');
    expect(attack.codes).toContain(result.code);
    expect(p99Ms).toBeLessThan(promisedMs);
    expect((await server.ask(`GET ${configMaps}/victim`)).body.data).toEqual({ a: 'b' });
    expect(server.store.revision).toBeGreaterThanOrEqual(before);
  });

  it('all of it at once leaves the server answering, with clean prototypes and no memory taken', async () => {
    await Promise.all(attacks.map(send));
    const before = heap();
    await meanwhile(Promise.all(attacks.map(send)), read);
    expect(heap() - before).toBeLessThan(32 * 1024 * 1024);
    expect(Object.keys(Object.prototype)).toEqual([]);
  }, 60_000);
});
