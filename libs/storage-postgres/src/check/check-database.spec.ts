import type { KubeObject } from '@kubephant/api';
import { silent, systemClock } from '@kubephant/base';
import { withTestPostgres } from '@kubephant/postgres-embedded/testing';
import type { Store, StoreKey } from '@kubephant/storage';
import { newEnvironment, type StoreEnvironment } from '@kubephant/storage/testing';
import { Client } from 'pg';
import { checkDatabase, openPostgresStore, type CheckReport } from '../index';

const keyOf = (resource: string, name: string, namespace = 'shop'): StoreKey => ({ resource, namespace, name });
const objectOf = (kind: string, { resource, namespace, name }: StoreKey, color: string): KubeObject => ({
  kind,
  apiVersion: resource.includes('.') ? `${resource.slice(resource.indexOf('.') + 1)}/v1` : 'v1',
  metadata: { name, ...(namespace && { namespace }), uid: `uid-of-${name}`, resourceVersion: '' },
  ...{ color },
});

describe('kubephant db check', () => {
  const postgres = withTestPostgres();
  let connectionString: string;
  let environment: StoreEnvironment;
  let admin: Client;
  const sql = async (text: string) => (await admin.query<Record<string, unknown>>(text)).rows;
  const check = async (): Promise<{ readonly report: CheckReport; readonly findings: readonly string[] }> => {
    const findings: string[] = [];
    const onFinding = (text: string): void => void findings.push(text);
    const report = await checkDatabase({ connectionString, clock: systemClock, log: silent, onFinding });
    expect(report.findings).toBe(findings.length);
    return { report, findings };
  };
  const open = (extra: { historyMs?: number } = {}): Promise<Store> => {
    environment = newEnvironment((config) => openPostgresStore({ log: silent, ...config, ...extra, connectionString }));
    return environment.open();
  };

  beforeEach(async () => {
    connectionString = await postgres.newDatabase();
    admin = new Client({ connectionString });
    await admin.connect();
    await admin.query('SET search_path = kubephant');
  });
  afterEach(async () => {
    await admin.end();
    await environment.close();
  });

  const [a, b, map, node] = [
    keyOf('pods', 'a'),
    keyOf('pods', 'b'),
    keyOf('maps.example.com', 'c'),
    keyOf('nodes', 'n', ''),
  ];
  async function seven(): Promise<void> {
    const store = await open();
    await store.create(a, objectOf('Pod', a, 'red'));
    await store.create(b, objectOf('Pod', b, 'red'));
    await store.guaranteedUpdate(a, () => ({ to: objectOf('Pod', a, 'green') }));
    await store.create(map, objectOf('Map', map, 'red'));
    await store.guaranteedUpdate(a, () => ({ to: objectOf('Pod', a, 'blue') }));
    await store.delete(b);
    await store.create(node, objectOf('Node', node, 'red'));
    await store.compact(2);
  }

  it('finds nothing in a sound database, and says what is there', async () => {
    await seven();
    const { report, findings } = await check();
    expect(findings).toEqual([]);
    expect(report).toMatchObject({ latest: 7, compacted: 2, objectsThen: 2, unverifiable: 0 });
    expect(report.replayed).toBe(report.state);
    const sha256 = expect.stringMatching(/^[0-9a-f]{64}$/) as string;
    expect(report.resources).toEqual([
      { resource: 'maps.example.com', objects: 1, changes: 1, digest: sha256 },
      { resource: 'nodes', objects: 1, changes: 1, digest: sha256 },
      { resource: 'pods', objects: 1, changes: 3, digest: sha256 },
    ]);
  });

  it('has other digests for another state, and the same for the same', async () => {
    await seven();
    const [before, again] = [await check(), await check()];
    expect(again.report).toEqual(before.report);
    const store = await environment.open();
    await store.guaranteedUpdate(a, () => ({ to: objectOf('Pod', a, 'white') }));
    const { report } = await check();
    const changed = report.resources.filter(({ digest }, i) => digest !== before.report.resources[i]?.digest);
    expect(changed.map(({ resource }) => resource)).toEqual(['pods']);
  });

  it('finds nothing while many write and history is forgotten', async () => {
    const store = await open({ historyMs: 100 });
    let stop = false;
    let writes = 0;
    const writing = Array.from({ length: 8 }, async (_, w) => {
      for (let i = 0; !stop; i++) {
        const key = keyOf('pods', `p${w}-${i % 5}`);
        await store.guaranteedUpdate(key, () => ({ to: objectOf('Pod', key, `color ${i}`) }), { orCreate: true });
        if (i % 5 === 4) await store.delete(key);
        writes += 1;
      }
    });
    const reports: CheckReport[] = [];
    while (writes < 2000 || (reports.at(-1)?.compacted ?? 0) === 0) {
      const { report, findings } = await check();
      expect([findings, report.replayed]).toEqual([[], report.state]);
      reports.push(report);
    }
    stop = true;
    await Promise.all(writing);
    expect(new Set(reports.map(({ latest }) => latest)).size).toBeGreaterThan(1);
  }, 30_000);

  it('takes a log that has moved past what it lost for what it is', async () => {
    await seven();
    await sql('SELECT catch_up_with(8)');
    expect(await check()).toMatchObject({ findings: [], report: { latest: 1_000_008, compacted: 1_000_008 } });
    await (await environment.open()).create(b, objectOf('Pod', b, 'red'));
    expect(await check()).toMatchObject({ findings: [], report: { latest: 1_000_009 } });
  });

  it('counts what was written before there were checksums', async () => {
    await seven();
    await sql('UPDATE objects SET checksum = NULL; UPDATE log SET checksum = NULL, previous_checksum = NULL');
    const { report, findings } = await check();
    expect([findings, report.unverifiable, report.replayed]).toEqual([[], 3, report.state]);
  });

  const of = (name: string): string => `WHERE name = '${name}'`;
  const says = (change: string, name = 'a'): string =>
    `UPDATE objects SET data = (${change})::json, checksum = NULL ${of(name)}; UPDATE log SET checksum = NULL`;
  it.each([
    [
      'a change that is gone',
      'DELETE FROM log WHERE revision = 3',
      ['revision 3 is missing from the log', 'pods/shop/a: revision 5 follows revision 3, which the log does not have'],
    ],
    [
      'the newest change gone',
      'DELETE FROM log WHERE revision = 7',
      ['revision 7 is missing from the log', 'nodes/n: is at revision 7, which the log does not have'],
    ],
    [
      'a state that was changed by hand',
      `UPDATE objects SET data = replace(data::text, 'blue', 'black')::json ${of('a')}`,
      ['pods/shop/a: is not what revision 5 wrote', 'pods/shop/a: is not what was written: its checksum is another'],
    ],
    [
      'a past state that was changed by hand',
      "UPDATE log SET previous = replace(previous::text, 'green', 'black')::json WHERE revision = 5",
      [
        'pods/shop/a: the state of revision 3, kept at revision 5, is not what was written',
        'pods/shop/a: revision 5 keeps a state from before it that is not what was written',
      ],
    ],
    [
      'a past state that is gone',
      'UPDATE log SET previous = NULL WHERE revision = 5',
      ['pods/shop/a: revision 5 has lost the state from before it'],
    ],
    [
      'an object that is gone',
      `DELETE FROM objects ${of('a')}`,
      ['pods/shop/a: is not there, and the log left it at revision 5'],
    ],
    [
      'an object that has come back',
      `INSERT INTO objects SELECT 'pods', 'shop', 'b', 2, 2, '{"kind":"Pod","apiVersion":"v1","metadata":{"name":"b","namespace":"shop","uid":"b"}}'`,
      ['pods/shop/b: is there, and the log removed it'],
    ],
    [
      'an object of nobody',
      `INSERT INTO objects SELECT 'pods', 'shop', 'z', 9, 9, '{"kind":"Pod","apiVersion":"v1","metadata":{"name":"z","namespace":"shop","uid":"z"}}'`,
      ['pods/shop/z: is at revision 9, and the newest there is is 7'],
    ],
    [
      'a sequence that was moved ahead',
      'UPDATE revision SET latest = 9',
      ['revisions 8 to 9 are missing from the log'],
    ],
    [
      'a sequence that was moved back',
      'UPDATE revision SET latest = 6',
      ['the log goes on to revision 7, and the newest there is is 6'],
    ],
    [
      'more forgotten than there is',
      'UPDATE revision SET compacted = 8',
      ['history is forgotten up to revision 8, and the newest is 7'],
    ],
    [
      'an object at another revision',
      `UPDATE objects SET revision = 6 ${of('a')}`,
      ['pods/shop/a: is at revision 6, and the log left it at 5'],
    ],
    [
      'an object of another creation',
      `UPDATE objects SET created_revision = 2 ${of('a')}`,
      ['pods/shop/a: was created at revision 2, and the log says 1'],
    ],
    [
      'a broken chain',
      'UPDATE log SET previous_revision = 4 WHERE revision = 5',
      ['pods/shop/a: revision 5 follows revision 4, and the change before it left revision 3'],
    ],
    [
      'a chain of two creations',
      'UPDATE log SET previous_created_revision = 2, created_revision = 2 WHERE revision = 5',
      [
        'pods/shop/a: revision 5 has an object created at 2, and before at 1',
        'pods/shop/a: was created at revision 1, and the log says 2',
      ],
    ],
    [
      'a removal of what was not there',
      'UPDATE log SET previous_revision = NULL, previous = NULL, previous_checksum = NULL WHERE revision = 6',
      ['pods/shop/b: revision 6 removes what was not there'],
    ],
    [
      'the change of another object',
      "UPDATE log SET name = 'd' WHERE revision = 4",
      [
        'maps.example.com/shop/c: is at revision 4, which the log does not have',
        'maps.example.com/shop/d: is not there, and the log left it at revision 4',
      ],
    ],
    [
      'a uid that two have',
      says("replace(data::text, 'uid-of-a', 'uid-of-n')"),
      ['the uid uid-of-n is that of nodes/n and pods/shop/a'],
    ],
    [
      'another name',
      says(`replace(data::text, '"name":"a"', '"name":"x"')`),
      ['pods/shop/a: says that metadata.name is "x" instead of "a"'],
    ],
    [
      'another namespace',
      says(`replace(data::text, '"namespace":"shop",', '')`),
      ['pods/shop/a: says that metadata.namespace is "" instead of "shop"'],
    ],
    [
      'another group',
      says(`replace(data::text, 'example.com/v1', 'example.org/v1')`, 'c'),
      ['maps.example.com/shop/c: says that the group of apiVersion is "example.org" instead of "example.com"'],
    ],
    ['no kind', says(`replace(data::text, '"kind":"Node",', '')`, 'n'), ['nodes/n: has no kind']],
    ['no uid', says(`replace(data::text, 'uid-of-a', '')`), ['pods/shop/a: has no metadata.uid']],
    ['no object', says("'[1]'"), ['pods/shop/a: is not a JSON object']],
    [
      'a resourceVersion that does not belong there',
      says(`replace(data::text, '"name":', '"resourceVersion":"5","name":')`),
      ['pods/shop/a: has a metadata.resourceVersion of its own'],
    ],
    [
      'a part of the log that nobody knows',
      'CREATE TABLE log_99 (LIKE log)',
      ['the table log_99 is not known as a part of the log'],
    ],
    [
      'a part of the log that is not attached',
      'INSERT INTO log_partition VALUES (0, 1); CREATE TABLE log_0 (LIKE log)',
      ['the part log_0 is not attached to the log'],
    ],
    [
      'parts of the log that are gone',
      'INSERT INTO log_partition VALUES (-10, -5)',
      ['the part log_-10 of the log is not there', 'the log has no part for revisions -5 to 0'],
    ],
    [
      'a part of the log with other bounds',
      'UPDATE log_partition SET first = 0 WHERE first = 1; ALTER TABLE log_1 RENAME TO log_0',
      [
        expect.stringMatching(
          /^the part log_0 of the log is FOR VALUES FROM \('1'\) TO \('\d+'\), and should be FOR VALUES FROM \('0'\) TO/,
        ),
      ],
    ],
  ])('names %s', async (_, plant, expected) => {
    await seven();
    expect((await check()).findings).toEqual([]);
    await sql(plant);
    const { findings } = await check();
    expect(findings).toEqual(expected);
  });

  it('names a kind that is not that of its resource', async () => {
    await seven();
    const store = await environment.open();
    await store.create(b, objectOf('Bean', b, 'red'));
    expect((await check()).findings).toEqual(['pods/shop/b: is a Bean, and the others are of kind Pod']);
  });

  it('lets API servers keep notes that are no objects of the API', async () => {
    await seven();
    const note = keyOf('masterleases', '192.0.2.1', '');
    const metadata = { name: note.name, uid: '', resourceVersion: '' };
    await (await environment.open()).create(note, { kind: 'ServerLease', apiVersion: 'kubephant/v1', metadata });
    expect((await check()).findings).toEqual([]);
  });

  it('refuses what is no database of a cluster, and one of another version', async () => {
    await expect(check()).rejects.toThrow('there is no cluster in this database');
    await seven();
    await sql('DELETE FROM migration WHERE version = (SELECT max(version) FROM migration)');
    await expect(check()).rejects.toThrow('run kubephant db migrate first');
    await sql('INSERT INTO migration VALUES (1000)');
    await expect(check()).rejects.toThrow('use the program that wrote it');
  });
});
