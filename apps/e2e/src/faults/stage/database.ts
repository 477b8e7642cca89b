import { join } from 'node:path';
import type { Epoch, Item, Revision, Time } from '@kubephant/store-exam';
import { Disk } from './disk';
import { eventually } from '../../harness/eventually';
import { Postgres } from './postgres';
import { Road } from './road';
import { TruthTable } from './truth-table';

interface Machine {
  readonly disk: Disk;
  readonly postgres: Postgres;
}

/** What is known of an epoch while it lasts. */
interface OpenEpoch {
  readonly state: readonly Item[];
  readonly survived?: Revision;
  readonly began?: Time;
}

const patienceMs = 30_000;

/** A primary and its asynchronous standby, each on a disk of its own, and the roads that lead to the primary. */
export class Database {
  readonly #machines: readonly [Machine, Machine];
  readonly #replication: Road;
  readonly #roads: readonly Road[];
  #primary = 0;
  #name = 'postgres';
  #closed: Epoch[] = [];
  #open: OpenEpoch = { state: [] };

  private constructor(machines: readonly [Machine, Machine], replication: Road, roads: readonly Road[]) {
    this.#machines = machines;
    this.#replication = replication;
    this.#roads = roads;
  }

  /** `defer` is told how to undo each step as soon as it is done. */
  static async start(
    directory: string,
    roads: readonly Road[],
    diskMegabytes: number,
    defer: (undo: () => Promise<void>) => void,
  ): Promise<Database> {
    const replication = await Road.open('');
    defer(() => replication.close());
    const primary = `host=127.0.0.1 port=${replication.port} user=kubephant sslmode=disable gssencmode=disable`;
    const machine = async (name: string): Promise<Machine> => {
      const disk = await Disk.mount(join(directory, name), diskMegabytes);
      defer(() => disk.unmount());
      const postgres = await Postgres.prepare(join(disk.path, 'pg'), primary, join(directory, `${name}.log`));
      defer(() => postgres.kill());
      return { disk, postgres };
    };
    const database = new Database([await machine('postgres-a'), await machine('postgres-b')], replication, roads);
    await database.primary.ready(AbortSignal.timeout(patienceMs));
    database.#lead();
    await database.buildStandby();
    return database;
  }

  get primary(): Postgres {
    return this.#machine.postgres;
  }

  get disk(): Disk {
    return this.#machine.disk;
  }

  get name(): string {
    return this.#name;
  }

  get truth(): TruthTable {
    return new TruthTable(this.primary, this.#name);
  }

  /** A new, empty database for a run of its own, and nothing left of the one before. */
  async renew(name: string): Promise<void> {
    if (this.#name !== 'postgres') await this.primary.query(`DROP DATABASE "${this.#name}" WITH (FORCE)`);
    await this.primary.query(`CREATE DATABASE "${name}"`);
    this.#name = name;
    this.#closed = [];
    this.#open = { state: [] };
  }

  /** Resolves when the primary answers again and the standby has everything that is there now. */
  async ready(): Promise<void> {
    await this.primary.ready(AbortSignal.timeout(patienceMs));
    if (!this.#standby.isRunning) await this.#standby.start();
    await eventually(async () => {
      const caughtUp = `SELECT FROM pg_stat_replication WHERE state = 'streaming'
        AND replay_lsn >= pg_current_wal_lsn() - 65536`;
      if ((await this.primary.query(caughtUp)).length === 0) throw new Error('the standby does not follow');
    }, patienceMs);
  }

  /** Keeps from the standby what is committed from now on. */
  loseFromNowOn(): void {
    this.#replication.blocked = true;
    this.#replication.cut();
  }

  /** Kills the primary and lets the standby take its place, with whatever it had received. */
  async failOver(now: () => Time): Promise<void> {
    await this.primary.kill();
    await this.#standby.query('SELECT pg_promote(wait => true, wait_seconds => 30)');
    const before = this.#open;
    this.#primary = 1 - this.#primary;
    const [survived, state] = [await this.truth.latest(), await this.truth.state()];
    this.#open = { state, survived, began: now() };
    this.#lead();
    // The one that was killed still knows what nobody else does.
    this.#closed.push(await this.#epochOf(before, new TruthTable(await this.#revived(), this.#name)));
    await this.#standby.kill();
  }

  /** Makes a standby of the server that is not the primary. */
  async buildStandby(): Promise<void> {
    await this.#standby.kill();
    this.#replication.repair();
    await this.#standby.copyFrom(this.primary);
    await this.#standby.start();
    await this.ready();
  }

  /** What really happened, up to now. */
  async epochs(): Promise<Epoch[]> {
    return [...this.#closed, await this.#epochOf(this.#open, this.truth)];
  }

  get #machine(): Machine {
    return this.#machines[this.#primary] as Machine;
  }

  get #standby(): Postgres {
    return (this.#machines[1 - this.#primary] as Machine).postgres;
  }

  #lead(): void {
    for (const road of [...this.#roads, this.#replication]) road.leadTo(this.primary.socket);
  }

  async #revived(): Promise<Postgres> {
    const dead = this.#standby;
    await dead.ready(AbortSignal.timeout(patienceMs));
    return dead;
  }

  async #epochOf(open: OpenEpoch, table: TruthTable): Promise<Epoch> {
    const { survived } = open;
    const start = survived === undefined ? 0 : ((await table.firstJumpAfter(survived)) ?? survived);
    return { ...open, start, changes: await table.changesAfter(survived ?? 0) };
  }
}
