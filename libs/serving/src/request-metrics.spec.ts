import { newMetrics, silent } from '@kubephant/base';
import { newFakeClock } from '@kubephant/base/testing';
import { withRequestInfo } from './filters';
import type { Handler, Reply, Resolved } from './handler';
import { newTerminations, withRequestMetrics } from './request-metrics';
import { newIncoming } from './testing';

function setUp(handler: Handler<Resolved>) {
  const metrics = newMetrics();
  const known = ({ resource }: { resource: string }) => resource === 'pods';
  const filter = withRequestMetrics(metrics, newFakeClock(), { component: 'apiserver', known });
  const serve = withRequestInfo(silent)(filter(handler));
  const lines = async (name: string) =>
    (await metrics.registry.metrics()).split('\n').filter((line) => line.startsWith(`${name}{`));
  return { lines, request: (path: string, method = 'GET') => serve(newIncoming({ path, method })) };
}

const bytes: Reply = { kind: 'bytes', status: 200, contentType: 'application/json', chunks: [Buffer.alloc(5000)] };
const labels = 'group="",version="v1",resource="pods",subresource="",scope="namespace",component="apiserver"';

describe('request metrics', () => {
  it('count by verb, resource, scope and code', async () => {
    const { lines, request } = setUp(async () => bytes);
    await request('/api/v1/namespaces/ns/pods');
    await expect(lines('apiserver_request_total')).resolves.toEqual([
      `apiserver_request_total{verb="LIST",dry_run="",${labels},code="200"} 1`,
    ]);
    await expect(lines('apiserver_response_sizes_sum')).resolves.toEqual([
      `apiserver_response_sizes_sum{verb="LIST",${labels}} 5000`,
    ]);
  });

  it.each([
    ['/readyz', 'subresource="/readyz",scope="",component=""'],
    ['/openapi/v3/apis/apps/v1', 'subresource="openapi/v3/",scope="",component=""'],
    ['/apis', 'subresource="apis",scope="",component="apiserver"'],
    ['/nope', 'subresource="",scope="",component="apiserver"'],
  ])('count %s by itself where upstream does', async (path, own) => {
    const { lines, request } = setUp(async () => bytes);
    await request(path);
    await expect(lines('apiserver_request_total')).resolves.toEqual([
      `apiserver_request_total{verb="GET",dry_run="",group="",version="",resource="",${own},code="200"} 1`,
    ]);
  });

  it('count the deletion of a collection as one of its scope', async () => {
    const { lines, request } = setUp(async () => bytes);
    await request('/api/v1/namespaces/ns/pods', 'DELETE');
    await expect(lines('apiserver_request_total')).resolves.toEqual([
      `apiserver_request_total{verb="DELETE",dry_run="",${labels},code="200"} 1`,
    ]);
  });

  it('measure latency for objectives, in steps that begin at 50 ms', async () => {
    const { lines, request } = setUp(async () => bytes);
    await request('/api/v1/namespaces/ns/pods');
    const name = 'apiserver_request_sli_duration_seconds';
    await expect(lines(`${name}_count`)).resolves.toEqual([`${name}_count{verb="LIST",${labels}} 1`]);
    const buckets = await lines(`${name}_bucket`);
    expect([buckets.length, buckets[0]]).toEqual([22, `${name}_bucket{le="0.05",verb="LIST",${labels}} 1`]);
  });

  it('count what the server itself gives up on', async () => {
    const metrics = newMetrics();
    const terminated = newTerminations(metrics, { component: 'apiserver', known: () => true });
    await withRequestInfo(silent)(async (req) => {
      terminated(req, 504);
      return bytes;
    })(newIncoming({ path: '/api/v1/namespaces/ns/pods' }));
    await expect(metrics.registry.metrics()).resolves.toContain(
      `apiserver_request_terminations_total{verb="LIST",${labels},code="504"} 1`,
    );
  });

  it('never take labels from clients', async () => {
    const { lines, request } = setUp(async () => bytes);
    await request('/api/v1/namespaces/ns/evil-1');
    await request('/api/v1/namespaces/ns/evil-2', 'FOO');
    const all = (await lines('apiserver_request_total')).join('\n');
    expect(all).not.toContain('evil');
    expect(all).toContain('verb="other"');
  });

  it('count a watch as running until its stream ends', async () => {
    const release = Promise.withResolvers<undefined>();
    async function* chunks(): AsyncGenerator<readonly Uint8Array[]> {
      await release.promise;
      yield [];
    }
    const stream: Reply = { kind: 'stream', status: 200, contentType: 'application/json', chunks: chunks() };
    const { lines, request } = setUp(async () => stream);
    const reply = await request('/api/v1/namespaces/ns/pods?watch=1');
    const running = `apiserver_longrunning_requests{verb="WATCH",${labels}}`;
    await expect(lines('apiserver_longrunning_requests')).resolves.toEqual([`${running} 1`]);
    release.resolve(undefined);
    if (reply.kind === 'stream') for await (const _ of reply.chunks);
    await expect(lines('apiserver_longrunning_requests')).resolves.toEqual([`${running} 0`]);
  });
});
