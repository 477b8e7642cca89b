import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { ManagedFieldsEntry } from '@kubephant/api';
import { silent } from '@kubephant/base';
import { withTestPostgres } from '@kubephant/postgres-embedded/testing';
import type { Store, StoreKey } from '@kubephant/storage';
import { newEnvironment, type StoreEnvironment } from '@kubephant/storage/testing';
import { Client } from 'pg';
import { initDatabase, openPostgresStore } from '../index';

const path = join(__dirname, '..', '..', '..', '..', 'docs', 'sql.md');

/** A query and, below it, what it answers. */
const example = /```sql\n(?<query>[^`]+)```\n+```text\n(?<answer>[^`]*)```/g;

/** As psql would print it; times by their place, because they are others each time. */
function formatted(fields: readonly string[], rows: readonly Record<string, unknown>[]): string {
  const cell = (value: unknown, row: number): string => {
    if (value instanceof Date) return `2026-01-02 03:04:0${row + 1}`;
    if (typeof value === 'boolean') return value ? 't' : 'f';
    return Array.isArray(value)
      ? `{${value.join(',')}}`
      : typeof value === 'string' || typeof value === 'number'
        ? String(value)
        : '';
  };
  const table = [[...fields], ...rows.map((row, i) => fields.map((field) => cell(row[field], i)))];
  const widths = fields.map((_, i) => Math.max(...table.map((row) => row[i]?.length ?? 0)));
  const lines = table.map((row) => ` ${row.map((text, i) => text.padEnd(widths[i] ?? 0)).join(' | ')}`.trimEnd());
  lines.splice(1, 0, widths.map((width) => '-'.repeat(width + 2)).join('+'));
  return `${lines.join('\n')}\n`;
}

describe('docs/sql.md', () => {
  const postgres = withTestPostgres();
  let environment: StoreEnvironment;
  let reader: Client;

  beforeEach(async () => {
    const connectionString = await postgres.newDatabase();
    await initDatabase({ connectionString, apiserver: { name: 'a' }, reader: { name: 'r' } });
    environment = newEnvironment((config) => openPostgresStore({ log: silent, ...config, connectionString }));
    await aShop(await environment.open());
    const url = new URL(connectionString);
    url.username = 'r';
    reader = new Client({ connectionString: url.toString() });
    await reader.connect();
  });
  afterEach(async () => {
    await reader.end();
    await environment.close();
  });

  it('shows queries that work for the reader, and what they answer', async () => {
    const text = await readFile(path, 'utf8');
    let expected = text;
    let examples = 0;
    for (const { 0: whole, groups } of text.matchAll(example)) {
      const { fields, rows } = await reader.query<Record<string, unknown>>(groups?.['query'] ?? '');
      const names = fields.map(({ name }) => name);
      expected = expected.replace(whole, () =>
        whole.replace(/```text\n[^`]*/, `\`\`\`text\n${formatted(names, rows)}`),
      );
      examples += 1;
    }
    if (process.env['UPDATE_GOLDEN']) await writeFile(path, expected);
    else expect(text).toBe(expected);
    expect(examples).toBeGreaterThanOrEqual(6);
  });
});

/** Some pods on two nodes, a deployment that three have worked on, and a list that grows. */
async function aShop(store: Store): Promise<void> {
  const key = (resource: string, name: string): StoreKey => ({ resource, namespace: 'shop', name });
  const write = async (
    resource: string,
    name: string,
    rest: Record<string, unknown>,
    managers: ManagedFieldsEntry[] = [],
  ) => {
    const [kind, apiVersion] = kinds[resource] as readonly [string, string];
    const metadata = {
      name,
      namespace: 'shop',
      uid: `${resource}-${name}`,
      resourceVersion: '',
      managedFields: managers,
    };
    await store.guaranteedUpdate(key(resource, name), () => ({ to: { kind, apiVersion, metadata, ...rest } }), {
      orCreate: true,
    });
  };
  const image = (version: number) => `registry.example/web:${version}`;
  const deployment = (replicas: number, version: number) => ({
    spec: { replicas, template: { spec: { containers: [{ name: 'web', image: image(version) }] } } },
  });
  const helm = manager('helm', 1, { 'f:spec': { 'f:template': {} } });
  await write('deployments.apps', 'web', deployment(2, 1), [helm]);
  const scaled = manager('kubectl-scale', 2, { 'f:spec': { 'f:replicas': {} } });
  await write('deployments.apps', 'web', deployment(3, 1), [helm, scaled]);
  await write('deployments.apps', 'web', deployment(3, 2), [
    manager('helm', 3, { 'f:spec': { 'f:template': {} } }),
    scaled,
  ]);
  for (const [pod, node, version, restartCount] of [
    ['web-1', 'node-1', 1, 0],
    ['web-2', 'node-1', 2, 0],
    ['web-3', 'node-2', 2, 4],
    ['web-4', 'node-2', 2, 1],
  ] as const) {
    const spec = { nodeName: node, containers: [{ name: 'web', image: image(version) }] };
    await write('pods', pod, { spec, status: { phase: 'Running', containerStatuses: [{ restartCount }] } });
  }
  for (let entries = 1; entries <= 4; entries++) {
    const data = Object.fromEntries(Array.from({ length: entries * 10 }, (_, i) => [`order-${i}`, 'open']));
    await write('configmaps', 'orders', { data }, [manager('order-operator', entries, {})]);
  }
}

const kinds: Readonly<Record<string, readonly [kind: string, apiVersion: string]>> = {
  'deployments.apps': ['Deployment', 'apps/v1'],
  pods: ['Pod', 'v1'],
  configmaps: ['ConfigMap', 'v1'],
};

const manager = (name: string, second: number, fieldsV1: Record<string, unknown>): ManagedFieldsEntry => ({
  manager: name,
  operation: 'Update',
  time: `2026-01-02T03:04:0${second}Z`,
  fieldsV1,
});
