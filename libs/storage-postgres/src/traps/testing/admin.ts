import { Client } from 'pg';

type Rows = readonly Record<string, unknown>[];

const ours = 1_802_855_013;
const stall = 4711;

const waitingWrites = `WHERE datname = current_database() AND wait_event = 'advisory'
  AND query LIKE 'SELECT base, won FROM commit_batch%'
  AND pid IN (SELECT pid FROM pg_locks WHERE locktype = 'advisory' AND objid = ${ours} AND NOT granted)`;

/** Somebody with all rights on the database, who holds up, ends and changes what API servers rely on. */
export class Admin {
  readonly #client: Client;

  private constructor(client: Client) {
    this.#client = client;
  }

  static async of(connectionString: string): Promise<Admin> {
    const client = new Client({ connectionString });
    client.on('error', () => undefined);
    await client.connect();
    await client.query('SET search_path = kubephant, pg_catalog');
    return new Admin(client);
  }

  async sql(text: string): Promise<Rows> {
    return (await this.#client.query<Record<string, unknown>>(text)).rows;
  }

  async number(text: string): Promise<number> {
    return Number(Object.values((await this.sql(text))[0] ?? {})[0]);
  }

  /** Ends the sessions of a purpose; they are gone when this resolves. */
  async terminate(purpose: string): Promise<void> {
    await this.sql(`SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity
      WHERE application_name = 'kubephant ${purpose}' AND datname = current_database()`);
  }

  /** Everyone who creates an object named `slow` stops in the middle of the transaction, until free() is called. */
  async stall(): Promise<void> {
    await this.onCreation('slow', `PERFORM pg_advisory_xact_lock_shared(${stall});`);
    await this.sql(`SELECT pg_advisory_lock(${stall})`);
  }

  /** What happens in the transaction of whoever creates an object of a name. */
  async onCreation(name: string, plpgsql: string): Promise<void> {
    await this.sql(`
      CREATE FUNCTION on_${name}() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN ${plpgsql} RETURN NEW; END $$;
      CREATE TRIGGER on_${name} BEFORE INSERT ON kubephant.objects FOR EACH ROW WHEN (NEW.name = '${name}')
        EXECUTE FUNCTION on_${name}()`);
  }

  /** As if it were an API server in the middle of a commit. */
  async lockRevision(): Promise<void> {
    await this.sql(`SELECT pg_advisory_lock(${ours})`);
  }

  async free(): Promise<void> {
    await this.sql('SELECT pg_advisory_unlock_all()').catch(() => undefined);
  }

  async stalled(): Promise<number> {
    return await this.#waitingFor(stall);
  }

  /** Writes, not sessions that are only being opened, which take the same lock. */
  async waitingForRevision(): Promise<number> {
    return await this.number(`SELECT count(*) FROM pg_stat_activity ${waitingWrites}`);
  }

  /** What statement_timeout does when it has had enough. */
  async cancelWrites(): Promise<void> {
    await this.sql(`SELECT pg_cancel_backend(pid) FROM pg_stat_activity ${waitingWrites}`);
  }

  async end(): Promise<void> {
    await this.#client.end().catch(() => undefined);
  }

  async #waitingFor(key: number): Promise<number> {
    return await this.number(`SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND objid = ${key}
      AND NOT granted AND database = (SELECT oid FROM pg_database WHERE datname = current_database())`);
  }
}
