import { newMetrics, silent } from '@kubephant/base';
import { componentHandler } from './component';
import { withStatus } from './filters';
import type { Handler, Incoming, Reply } from './handler';
import type { HealthCheck } from './health';
import { newIncoming } from './testing';

const broken: HealthCheck = {
  name: 'store',
  check: () => {
    throw new Error('not synced');
  },
};
const bootstrap: HealthCheck = { name: 'poststarthook/rbac', check: async () => undefined };

async function ask(path: string, readyz: readonly HealthCheck[] = [bootstrap], method = 'GET') {
  const handler = withStatus(silent)(componentHandler({ metrics: newMetrics(), readyz }));
  const reply = await handler(newIncoming({ path, method }));
  if (reply.kind !== 'bytes') return reply.kind === 'object' ? { status: reply.status, body: reply.body } : reply;
  return { status: reply.status, body: Buffer.concat(reply.chunks).toString() };
}

async function textOf(handler: Handler<Incoming>, question: Parameters<typeof newIncoming>[0]): Promise<string> {
  const reply = await handler(newIncoming(question));
  return reply.kind === 'bytes' ? Buffer.concat(reply.chunks).toString() : '';
}

describe('componentHandler', () => {
  it.each([
    ['/healthz', 'ok'],
    ['/livez', 'ok'],
    ['/readyz', 'ok'],
    ['/readyz/ping', 'ok'],
    ['/readyz/poststarthook/rbac', 'ok'],
    ['/livez?verbose', '[+]ping ok\nlivez check passed\n'],
    ['/readyz?verbose', '[+]ping ok\n[+]poststarthook/rbac ok\nreadyz check passed\n'],
    [
      '/readyz?verbose&exclude=ping&exclude=nope',
      '[+]ping excluded: ok\n[+]poststarthook/rbac ok\nwarn: some health checks cannot be excluded: no matches for "nope"\nreadyz check passed\n',
    ],
  ])('%s is %j', async (path, body) => {
    await expect(ask(path)).resolves.toEqual({ status: 200, body });
  });

  it('fails as a whole when a check fails, without saying why', async () => {
    const body = '[+]ping ok\n[-]store failed: reason withheld\nreadyz check failed\n';
    await expect(ask('/readyz', [broken])).resolves.toEqual({ status: 500, body });
    await expect(ask('/livez', [broken])).resolves.toEqual({ status: 200, body: 'ok' });
  });

  it('says why under the path of the check', async () => {
    const body = 'internal server error: not synced\n';
    await expect(ask('/readyz/store', [broken])).resolves.toEqual({ status: 500, body });
  });

  it('does not wait for a check that hangs', async () => {
    jest.useFakeTimers();
    const hanging: HealthCheck = { name: 'store', check: () => new Promise(() => undefined) };
    const pending = ask('/readyz/store', [hanging]);
    await jest.advanceTimersByTimeAsync(3000);
    await expect(pending).resolves.toEqual({ status: 500, body: 'internal server error: no answer in time\n' });
    jest.useRealTimers();
  });

  it.each(['/nope', '/healthz/', '/healthz/nope', '/metrics/', '/metrics/nope', '/', '/version/x', '/statusz'])(
    '%s is not there',
    async (path) => {
      await expect(ask(path)).resolves.toEqual({ status: 404, body: '404 page not found\n' });
    },
  );

  it.each(['/version', '/version/'])('%s names the build, as upstream lays it out', async (path) => {
    const body = expect.stringMatching(
      /^\{\n {2}"major": "1",\n {2}"minor": "36",\n {2}"emulationMajor": "1",\n/,
    ) as string;
    await expect(ask(path)).resolves.toEqual({ status: 200, body });
  });

  it('lets /version be read only', async () => {
    await expect(ask('/version', [], 'POST')).resolves.toMatchObject({ status: 405 });
  });

  it('counts how often which check went how', async () => {
    const handler = componentHandler({ metrics: newMetrics(), readyz: [broken] });
    await handler(newIncoming({ path: '/readyz' }));
    await handler(newIncoming({ path: '/readyz/store' }));
    const lines = await textOf(handler, { path: '/metrics/slis' });
    expect(lines).toContain('kubernetes_healthcheck{name="store",type="readyz"} 0\n');
    expect(lines).toContain('kubernetes_healthcheck{name="ping",type="readyz"} 1\n');
    expect(lines).toContain('kubernetes_healthchecks_total{name="store",type="readyz",status="error"} 2\n');
  });

  it('begins to count anew when told to, and forgets no state', async () => {
    const metrics = newMetrics();
    metrics.counter('a', 'a').inc(3);
    metrics.gauge('b', 'b').set(2);
    const handler = componentHandler({ metrics });
    await expect(textOf(handler, { path: '/metrics', method: 'DELETE' })).resolves.toBe('metrics reset\n');
    const lines = await textOf(handler, { path: '/metrics' });
    expect(lines).toContain('\na 0\n');
    expect(lines).toContain('\nb 2\n');
  });
});

describe('/statusz', () => {
  const handler = withStatus(silent)(componentHandler({ metrics: newMetrics(), name: 'apiserver' }));
  const asked = async (accept: string): Promise<Reply> =>
    handler(newIncoming({ path: '/statusz', headers: { accept } }));

  it.each(['', '*/*', 'text/plain', 'application/json, text/plain'])('is a text for %j', async (accept) => {
    const reply = await asked(accept);
    expect(reply).toMatchObject({ status: 200, contentType: 'text/plain; charset=utf-8' });
    const text = reply.kind === 'bytes' ? Buffer.concat(reply.chunks).toString() : '';
    expect(text).toMatch(/^\napiserver statusz\nWarning: .*\n\nStarted: \w{3} \w{3} [ \d]\d [\d:]{8} UTC \d{4}\n/);
    expect(text).toContain('\nEmulation version: 1.36\nPaths: /healthz /livez /metrics /readyz /statusz /version\n');
  });

  it.each(['v1alpha1', 'v1beta1'])('is an object in %s', async (version) => {
    const type = `g=config.k8s.io;v=${version};as=Statusz`;
    const reply = await asked(`application/json;${type}`);
    expect(reply).toMatchObject({ status: 200, contentType: `application/json;${type}` });
    expect(JSON.parse(reply.kind === 'bytes' ? Buffer.concat(reply.chunks).toString() : '')).toMatchObject({
      kind: 'Statusz',
      apiVersion: `config.k8s.io/${version}`,
      metadata: { name: 'apiserver' },
      emulationVersion: '1.36',
    });
    const warned = reply.kind === 'bytes' && reply.headers?.['warning'] !== undefined;
    expect(warned).toBe(version === 'v1alpha1');
  });

  it.each(['application/json', 'text/html', 'text/plain;as=Statusz;g=config.k8s.io;v=v1beta1'])(
    'is not for %s',
    async (accept) => {
      const message = 'only the following media types are accepted: application/json, application/yaml, text/plain';
      await expect(asked(accept)).resolves.toMatchObject({ status: 406, body: { message } });
    },
  );
});
