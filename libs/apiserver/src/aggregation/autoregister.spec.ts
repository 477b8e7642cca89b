import { apiServices } from '../bootstrap/refs';
import { startTestServer, until, type TestServer } from '../testing/server';
import { localApiServices, syncApiServices } from './autoregister';

const { signal } = new AbortController();
const custom = { group: 'example.com', version: 'v1' };
const builtIn = { group: 'apps', version: 'v1' };

let server: TestServer;
beforeEach(async () => {
  server = await startTestServer();
});
afterEach(() => server[Symbol.asyncDispose]());

const api = () => server.client.resource(apiServices);
const names = async (): Promise<readonly string[]> =>
  (await api().list({}, signal)).items.map(({ metadata }) => metadata.name);
const sync = (synced: Set<string>, ...served: { group: string; version: string }[]) =>
  syncApiServices(server.client, served, synced, signal);

describe('API services of what is served here', () => {
  it('have upstream’s names, labels and priorities', () => {
    expect(
      localApiServices([{ group: '', version: 'v1' }, custom, { group: 'apiregistration.k8s.io', version: 'v1' }]),
    ).toEqual([
      {
        apiVersion: 'apiregistration.k8s.io/v1',
        kind: 'APIService',
        metadata: { name: 'v1.', labels: { 'kube-aggregator.kubernetes.io/automanaged': 'onstart' } },
        spec: { version: 'v1', groupPriorityMinimum: 18_000, versionPriority: 1 },
      },
      {
        apiVersion: 'apiregistration.k8s.io/v1',
        kind: 'APIService',
        metadata: { name: 'v1.example.com', labels: { 'kube-aggregator.kubernetes.io/automanaged': 'true' } },
        spec: { group: 'example.com', version: 'v1', groupPriorityMinimum: 1000, versionPriority: 100 },
      },
    ]);
  });

  it('come and go with custom resources', async () => {
    const synced = new Set<string>();
    await sync(synced, builtIn, custom);
    expect(await names()).toContain('v1.example.com');
    await sync(synced, builtIn);
    expect(await names()).not.toContain('v1.example.com');
    expect(await names()).toContain('v1.apps');
  });

  it('of custom resources are corrected and brought back, those of built-in groups only at a start', async () => {
    const synced = new Set<string>();
    await sync(synced, builtIn, custom);
    for (const name of ['v1.apps', 'v1.example.com']) {
      const stored = await api().get({ name }, signal);
      await api().update({ ...stored, spec: { ...stored.spec, versionPriority: 7 } }, signal);
    }
    await sync(synced, builtIn, custom);
    expect((await api().get({ name: 'v1.example.com' }, signal)).spec.versionPriority).toBe(100);
    expect((await api().get({ name: 'v1.apps' }, signal)).spec.versionPriority).toBe(7);
    await sync(new Set(), builtIn, custom);
    expect((await api().get({ name: 'v1.apps' }, signal)).spec.versionPriority).toBe(15);
  });

  it('that an administrator has made stay as they are', async () => {
    const spec = { ...custom, groupPriorityMinimum: 5, versionPriority: 5 };
    await api().create(
      { apiVersion: 'apiregistration.k8s.io/v1', kind: 'APIService', metadata: { name: 'v1.example.com' }, spec },
      signal,
    );
    const synced = new Set<string>();
    await sync(synced, custom);
    await sync(synced);
    expect((await api().get({ name: 'v1.example.com' }, signal)).spec).toEqual(spec);
  });

  it('follow definitions of custom resources', async () => {
    const schema = { openAPIV3Schema: { type: 'object' } };
    await server.ask('POST /apis/apiextensions.k8s.io/v1/customresourcedefinitions', {
      body: {
        metadata: { name: 'widgets.example.com' },
        spec: {
          group: 'example.com',
          scope: 'Cluster',
          names: { plural: 'widgets', kind: 'Widget' },
          versions: [{ name: 'v1', served: true, storage: true, schema }],
        },
      },
    });
    await until(async () => (await names()).includes('v1.example.com'));
    const { metadata } = await api().get({ name: 'v1.example.com' }, signal);
    await api().delete({ name: 'v1.example.com' }, signal);
    await until(async () => (await names()).includes('v1.example.com'));
    expect((await api().get({ name: 'v1.example.com' }, signal)).metadata.uid).not.toBe(metadata.uid);
    await server.ask('DELETE /apis/apiextensions.k8s.io/v1/customresourcedefinitions/widgets.example.com');
    await until(async () => !(await names()).includes('v1.example.com'));
  });
});
