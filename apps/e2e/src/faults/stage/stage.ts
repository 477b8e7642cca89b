import { chmod, copyFile, mkdtemp, rm } from 'node:fs/promises';
import { createServer, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { eventually } from '../../harness/eventually';
import { HttpSubject } from '../subject/http-subject';
import { ask } from './administration';
import { ApiServer } from './api-server';
import { makeCredentials } from './certificates';
import { Database } from './database';
import { smallPartitions } from './partitions';
import { Road } from './road';
import { namespace } from './truth-table';

export interface StageConfig {
  /** How many API servers. */
  readonly servers: number;
  /** Their program. It is copied, so that a build in the meantime does not concern a run. */
  readonly apiserver: string;
  /** Size of each PostgreSQL server's disk. */
  readonly diskMegabytes: number;
  /** Leaves the directory, but neither processes nor mounts. */
  readonly keep: boolean;
}

const probeNamespace = 'exam-probe';

/** Real programs, and in between what can be broken: API servers, their roads, a primary and its standby. */
export class Stage {
  readonly directory: string;
  readonly servers: readonly ApiServer[];
  readonly database: Database;
  readonly #undo: AsyncDisposableStack;
  #probes = 0;

  private constructor(
    directory: string,
    servers: readonly ApiServer[],
    database: Database,
    undo: AsyncDisposableStack,
  ) {
    this.directory = directory;
    this.servers = servers;
    this.database = database;
    this.#undo = undo;
  }

  static async open({ servers: count, apiserver, diskMegabytes, keep }: StageConfig): Promise<Stage> {
    const undo = new AsyncDisposableStack();
    try {
      const directory = await mkdtemp(join(tmpdir(), 'kexam-'));
      if (!keep) undo.defer(() => rm(directory, { recursive: true, force: true }));
      // PostgreSQL's user has to get through to its disk.
      await chmod(directory, 0o711);
      const program = join(directory, 'apiserver.cjs');
      await copyFile(apiserver, program);
      const credentials = await makeCredentials(join(directory, 'pki'));
      const servers: ApiServer[] = [];
      for (let i = 0; i < count; i++) {
        const road = await Road.open('');
        undo.defer(() => road.close());
        servers.push(
          new ApiServer({ program, name: `apiserver-${i + 1}`, port: await freePort(), credentials, directory, road }),
        );
      }
      const roads = servers.map(({ road }) => road);
      const database = await Database.start(directory, roads, diskMegabytes, (step) => undo.defer(step));
      undo.defer(async () => {
        await Promise.all(servers.map((server) => server.kill()));
      });
      return new Stage(directory, servers, database, undo);
    } catch (err) {
      await undo.disposeAsync();
      throw err;
    }
  }

  async close(): Promise<void> {
    await this.#undo.disposeAsync();
  }

  /** An empty database, on which all API servers start (and migrate) at the same moment. */
  async begin(database: string): Promise<void> {
    await Promise.all(this.servers.map((server) => server.kill()));
    await this.database.renew(database);
    await Promise.all(this.servers.map((server) => server.start(database)));
    await Promise.all(this.servers.map((server) => server.ready()));
    await smallPartitions(this.database.primary, database);
    await this.database.truth.install();
    for (const name of [namespace, probeNamespace]) await this.#createNamespace(name);
    await this.recovered(30_000);
  }

  /** Undoes whatever a fault may have done, and waits for the database. */
  async mend(): Promise<void> {
    await this.database.disk.release();
    await this.database.primary.resume();
    for (const server of this.servers) {
      server.road.repair();
      await server.resume();
      await server.startAgain();
    }
    await this.database.ready();
  }

  /** Resolves when every API server takes a write and reads it; rejects when one has not after `limitMs`. */
  async recovered(limitMs: number): Promise<void> {
    await Promise.all(this.servers.map((server) => this.#probe(server, limitMs)));
  }

  async #probe(server: ApiServer, limitMs: number): Promise<void> {
    const subject = new HttpSubject(server.name, server.server, probeNamespace);
    try {
      await eventually(async () => {
        const key = `probe-${++this.#probes}`;
        await subject.create(key, { value: 'probe', label: 'probe' });
        await subject.get(key);
      }, limitMs);
    } catch (err) {
      throw new Error(`${server.name} has not recovered within ${limitMs} ms: ${String(err)}`, { cause: err });
    } finally {
      subject.close();
    }
  }

  async #createNamespace(name: string): Promise<void> {
    const body = { apiVersion: 'v1', kind: 'Namespace', metadata: { name } };
    const { status, text } = await ask((this.servers[0] as ApiServer).server, 'POST', '/api/v1/namespaces', body);
    if (status !== 201) throw new Error(`cannot create the namespace ${name}: ${text}`);
  }
}

/** A port that nobody has now; API servers keep theirs over restarts. */
async function freePort(): Promise<number> {
  const server = createServer();
  const { promise, resolve, reject } = Promise.withResolvers<undefined>();
  server.once('error', reject);
  server.listen(0, '127.0.0.1', () => resolve(undefined));
  await promise;
  const { port } = server.address() as AddressInfo;
  const closed = Promise.withResolvers<undefined>();
  server.close(() => closed.resolve(undefined));
  await closed.promise;
  return port;
}
