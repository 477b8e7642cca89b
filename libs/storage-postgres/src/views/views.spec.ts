import { silent } from '@kubephant/base';
import type { KubeObject } from '@kubephant/api';
import { withTestPostgres } from '@kubephant/postgres-embedded/testing';
import { table } from '@kubephant/resources';
import type { Store } from '@kubephant/storage';
import { newEnvironment, type StoreEnvironment } from '@kubephant/storage/testing';
import { Client } from 'pg';
import { openPostgresStore } from '../index';
import { resourceViews } from './columns';
import { migrated } from '../testing';

const key = (resource: string, name: string, namespace = 'shop') => ({ resource, namespace, name });
const objectOf = (kind: string, name: string, rest: object = {}, metadata: object = {}): KubeObject => ({
  kind,
  apiVersion: 'v1',
  metadata: { name, namespace: 'shop', uid: `uid-of-${name}`, resourceVersion: '', ...metadata },
  ...rest,
});

describe('the views', () => {
  const postgres = withTestPostgres({ template: migrated });
  let environment: StoreEnvironment;
  let store: Store;
  let client: Client;
  const sql = async (text: string) => (await client.query<Record<string, unknown>>(text)).rows;

  beforeEach(async () => {
    const connectionString = await postgres.newDatabase();
    environment = newEnvironment((config) => openPostgresStore({ log: silent, ...config, connectionString }));
    store = await environment.open();
    client = new Client({ connectionString });
    await client.connect();
  });
  afterEach(async () => {
    await client.end();
    await environment.close();
  });

  it('are there for every resource that is stored, in its group and scope', () => {
    const stored = table.filter(({ storedAs, verbs }) => !storedAs && (!verbs || verbs.includes('list')));
    expect(stored.length).toBeGreaterThan(20);
    for (const { group, scope, names } of stored) {
      const { group: viewed = '', cluster = false } = resourceViews[names.plural] ?? {};
      expect([names.plural, viewed, cluster]).toEqual([names.plural, group, scope === 'Cluster']);
    }
  });

  it('have columns with types, and the whole object', async () => {
    const container = (name: string) => ({ name, image: `registry.example/${name}:1` });
    const pod = objectOf(
      'Pod',
      'web-0',
      {
        spec: { nodeName: 'node-1', containers: [container('web'), container('log')], serviceAccountName: 'default' },
        status: {
          phase: 'Running',
          podIP: '10.0.0.7',
          startTime: '2026-01-02T03:04:06Z',
          conditions: [{ type: 'Ready', status: 'True' }],
          containerStatuses: [{ restartCount: 2 }, { restartCount: 3 }],
        },
      },
      {
        creationTimestamp: '2026-01-02T03:04:05Z',
        labels: { app: 'web' },
        ownerReferences: [
          { kind: 'Other', name: 'x' },
          { kind: 'ReplicaSet', name: 'web', controller: true },
        ],
      },
    );
    await store.create(key('pods', 'web-0'), pod);
    const [row = {}] = await sql('SELECT * FROM kubephant.pods');
    const { data, ...columns } = row;
    expect(columns).toEqual({
      namespace: 'shop',
      name: 'web-0',
      uid: 'uid-of-web-0',
      created_at: new Date('2026-01-02T03:04:05Z'),
      deleted_at: null,
      labels: { app: 'web' },
      annotations: null,
      owner: 'ReplicaSet/web',
      finalizers: [],
      node: 'node-1',
      phase: 'Running',
      ready: true,
      restarts: '5',
      pod_ip: '10.0.0.7',
      images: ['registry.example/web:1', 'registry.example/log:1'],
      started_at: new Date('2026-01-02T03:04:06Z'),
      service_account: 'default',
      qos_class: null,
      priority: null,
      revision: '1',
      bytes: expect.any(Number) as number,
    });
    const { resourceVersion, ...metadata } = pod.metadata;
    expect(data).toEqual({ ...pod, metadata });
    expect(resourceVersion).toBe('');
  });

  it('tell of every change who made it and what was there on both sides', async () => {
    const managed = (...entries: readonly (readonly [manager: string, second: number])[]) => ({
      managedFields: entries.map(([manager, second]) => ({
        manager,
        operation: 'Update',
        time: `2026-01-02T03:04:0${second}Z`,
      })),
    });
    const resource = 'deployments.apps';
    const deployment = (replicas: number, metadata: object) =>
      objectOf('Deployment', 'web', { spec: { replicas } }, metadata);
    await store.create(key(resource, 'web'), deployment(1, managed(['helm', 1])));
    await store.guaranteedUpdate(key(resource, 'web'), () => ({
      to: deployment(2, managed(['helm', 1], ['kubectl', 1])),
    }));
    await store.guaranteedUpdate(key(resource, 'web'), () => ({
      to: deployment(3, managed(['helm', 3], ['kubectl', 1])),
    }));
    await store.delete(key(resource, 'web'));
    const rows = await sql(`
      SELECT revision, who, verb, resource, namespace, name, before #> '{spec,replicas}' AS before,
        after #> '{spec,replicas}' AS after, at BETWEEN now() - interval '1 minute' AND now() AS recent,
        bytes_before > 100 AS b, bytes_after > 100 AS a
      FROM kubephant.history ORDER BY revision`);
    const about = { resource, namespace: 'shop', name: 'web', recent: true };
    expect(rows).toEqual([
      { revision: '1', who: 'helm', verb: 'create', ...about, before: null, after: 1, b: null, a: true },
      { revision: '2', who: 'kubectl', verb: 'update', ...about, before: 1, after: 2, b: true, a: true },
      { revision: '3', who: 'helm', verb: 'update', ...about, before: 2, after: 3, b: true, a: true },
      { revision: '4', who: null, verb: 'delete', ...about, before: 3, after: null, b: true, a: null },
    ]);
  });

  describe('with secrets in the cluster', () => {
    const word = 'c2VjcmV0';
    const hidden = (reason: number) =>
      objectOf(
        'Secret',
        'token',
        { type: 'Opaque', data: { [`key${reason}`]: word }, stringData: { plain: word } },
        { annotations: { 'kubectl.kubernetes.io/last-applied-configuration': `{"data":{"key":"${word}"}}` } },
      );

    it('show none of them: not the current ones, not those of the past', async () => {
      await store.create(key('secrets', 'token'), hidden(1));
      await store.guaranteedUpdate(key('secrets', 'token'), () => ({ to: hidden(2) }));
      await store.create(key('secrets', 'gone'), hidden(3));
      await store.delete(key('secrets', 'gone'));
      const views = await sql("SELECT viewname AS name FROM pg_views WHERE schemaname = 'kubephant'");
      for (const { name } of views) {
        const rows = await sql(`SELECT to_jsonb(v) AS row FROM kubephant."${String(name)}" v`);
        expect([name, JSON.stringify(rows).includes(word)]).toEqual([name, false]);
      }
      expect(await sql('SELECT name, type, revision FROM kubephant.secrets')).toEqual([
        { name: 'token', type: 'Opaque', revision: '2' },
      ]);
      expect(await sql("SELECT count(*)::int AS changes FROM kubephant.history WHERE resource = 'secrets'")).toEqual([
        { changes: 4 },
      ]);
    });

    it('do not ask a condition of the reader about rows that they leave out', async () => {
      await store.create(key('secrets', 'token'), hidden(1));
      await store.create(key('configmaps', 'map'), objectOf('ConfigMap', 'map'));
      await sql(`CREATE FUNCTION public.seen(jsonb) RETURNS boolean COST 0.00001 LANGUAGE plpgsql AS
        $$ BEGIN RAISE NOTICE '%', $1; RETURN true; END $$`);
      const notices: string[] = [];
      client.on('notice', ({ message = '' }) => notices.push(message));
      await sql('SET enable_indexscan = off; SET enable_bitmapscan = off');
      expect(await sql('SELECT name FROM kubephant.configmaps WHERE public.seen(data)')).toEqual([{ name: 'map' }]);
      expect(notices).toEqual([expect.stringContaining('ConfigMap')]);
    });
  });

  it('are not broken by text that jsonb has no place for', async () => {
    const data = { nul: 'a\0b', half: '\ud83d', whole: '😀', escaped: '\\u0000', path: 'C:\\udder' };
    await store.create(key('configmaps', 'odd'), objectOf('ConfigMap', 'odd', { data }));
    const [row] = await sql("SELECT data -> 'data' AS data FROM kubephant.configmaps");
    expect(row).toEqual({ data: { ...data, nul: 'a\ufffdb', half: '\ufffd' } });
  });

  it('show objects of custom resources among all others', async () => {
    await store.create(key('widgets.example.com', 'w'), objectOf('Widget', 'w', { spec: { size: 3 } }));
    expect(
      await sql(
        "SELECT kind, name, data #> '{spec,size}' AS size FROM kubephant.resources WHERE resource = 'widgets.example.com'",
      ),
    ).toEqual([{ kind: 'Widget', name: 'w', size: 3 }]);
  });

  it.each([
    ['pods', "namespace = 'ns-1' AND name = 'pod-1'"],
    ['resources', "resource = 'pods' AND namespace = 'ns-1' AND name = 'pod-1'"],
    ['managers', "resource = 'pods' AND namespace = 'ns-1' AND name = 'pod-1'"],
  ])('find one of 100,000 by its key in %s', async (view, condition) => {
    await sql(`INSERT INTO kubephant.objects (resource, namespace, name, created_revision, revision, data)
      SELECT 'pods', 'ns-' || i % 100, 'pod-' || i, i, i, '{"kind":"Pod","apiVersion":"v1","metadata":{}}'
      FROM generate_series(1, 100000) i; ANALYZE kubephant.objects`);
    await sql('CREATE ROLE somebody; GRANT USAGE ON SCHEMA kubephant TO somebody; SET ROLE somebody');
    const plan = await sql(`EXPLAIN SELECT * FROM kubephant.${view} WHERE ${condition}`);
    const text = plan.map((line) => line['QUERY PLAN']).join('\n');
    expect(text).toContain(
      "Index Cond: ((resource = 'pods'::text) AND (namespace = 'ns-1'::text) AND (name = 'pod-1'::text))",
    );
    await sql('RESET ROLE; DROP OWNED BY somebody; DROP ROLE somebody');
  });
});
