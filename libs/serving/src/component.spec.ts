import { newMetrics, silent } from '@kubephant/base';
import { componentHandler, type HealthCheck } from './component';
import { withStatus } from './filters';
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

  it.each(['/nope', '/healthz/nope', '/metrics/nope', '/', '/version/x'])('%s is not there', async (path) => {
    await expect(ask(path)).resolves.toEqual({ status: 404, body: '404 page not found\n' });
  });

  it.each(['/version', '/version/'])('%s names the build, as upstream lays it out', async (path) => {
    const body = expect.stringMatching(/^\{\n {2}"major": "1",\n {2}"minor": "36",\n {2}"emulationMajor": "1",\n/) as string;
    await expect(ask(path)).resolves.toEqual({ status: 200, body });
  });

  it('lets /version be read only', async () => {
    await expect(ask('/version', [], 'POST')).resolves.toMatchObject({ status: 405 });
  });
});
