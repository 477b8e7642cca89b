import type { Item, Revision, TruthChange } from '@kubephant/store-exam';
import { stateOf } from '../subject/config-map';
import type { Postgres } from './postgres';

/** The namespace whose ConfigMaps are the exam's. */
export const namespace = 'exam';

/** Less than a store jumps by when it turns out to have lost commits, and more than any batch. */
const jump = 100_000;

/**
 * Kept by the database itself, in the transaction of each change, and replicated with it: what the store says cannot
 * influence it, compaction does not touch it, and after a failover it tells what survived.
 */
const schema = `
  CREATE SCHEMA exam;
  CREATE TABLE exam.change (
    revision bigint PRIMARY KEY,
    key text NOT NULL,
    value text,
    label text,
    deleted boolean NOT NULL
  );
  CREATE TABLE exam.jump (revision bigint PRIMARY KEY);

  CREATE FUNCTION exam.record_change() RETURNS trigger LANGUAGE plpgsql AS $$
  DECLARE
    -- At the end of the statement that writes both, objects is what it is after the change.
    state json := CASE WHEN NEW.deleted THEN coalesce(NEW.final, NEW.previous) ELSE (
      SELECT data FROM kubephant.objects o
      WHERE o.resource = NEW.resource AND o.namespace = NEW.namespace AND o.name = NEW.name
    ) END;
  BEGIN
    INSERT INTO exam.change VALUES (
      NEW.revision, NEW.name, state #>> '{data,value}', state #>> '{metadata,labels,exam}', NEW.deleted
    );
    RETURN NULL;
  END $$;
  CREATE TRIGGER exam_change AFTER INSERT ON kubephant.log FOR EACH ROW
    WHEN (NEW.resource = 'configmaps' AND NEW.namespace = '${namespace}') EXECUTE FUNCTION exam.record_change();

  CREATE FUNCTION exam.record_jump() RETURNS trigger LANGUAGE plpgsql AS $$
  BEGIN
    INSERT INTO exam.jump VALUES (NEW.latest);
    RETURN NULL;
  END $$;
  CREATE TRIGGER exam_jump AFTER UPDATE ON kubephant.revision FOR EACH ROW
    WHEN (NEW.latest - OLD.latest >= ${jump}) EXECUTE FUNCTION exam.record_jump();
`;

interface ChangeRow {
  readonly revision: string;
  readonly key: string;
  readonly value: string | null;
  readonly label: string | null;
  readonly deleted: boolean;
}

interface ObjectRow {
  readonly name: string;
  readonly revision: string;
  readonly data: {
    readonly data?: Record<string, string>;
    readonly metadata: { readonly labels?: Record<string, string> };
  };
}

/** The truth of one database of one server. */
export class TruthTable {
  readonly #postgres: Postgres;
  readonly #database: string;

  constructor(postgres: Postgres, database: string) {
    this.#postgres = postgres;
    this.#database = database;
  }

  /** After the store's own schema has been made. */
  async install(): Promise<void> {
    await this.#postgres.query(schema, [], this.#database);
  }

  /** Every change after a revision, ascending. */
  async changesAfter(revision: Revision): Promise<TruthChange[]> {
    const sql = 'SELECT revision, key, value, label, deleted FROM exam.change WHERE revision > $1 ORDER BY revision';
    return (await this.#postgres.query<ChangeRow>(sql, [revision], this.#database)).map(changeOf);
  }

  /** The state as the store's own table has it, by key. */
  async state(): Promise<Item[]> {
    const sql = `SELECT name, revision, data FROM kubephant.objects
      WHERE resource = 'configmaps' AND namespace = $1 ORDER BY name`;
    const rows = await this.#postgres.query<ObjectRow>(sql, [namespace], this.#database);
    return rows.map(({ name, revision, data }) => ({
      key: name,
      revision: Number(revision),
      ...stateOf({ data: data.data, labels: data.metadata.labels }),
    }));
  }

  /** Where the sequence of revisions stands. */
  async latest(): Promise<Revision> {
    const rows = await this.#postgres.query<{ latest: string }>(
      'SELECT latest FROM kubephant.revision',
      [],
      this.#database,
    );
    return Number(rows[0]?.latest);
  }

  /** Where the sequence went when it first jumped from beyond a revision; undefined: it has not. */
  async firstJumpAfter(revision: Revision): Promise<Revision | undefined> {
    const sql = 'SELECT min(revision) AS revision FROM exam.jump WHERE revision > $1';
    const rows = await this.#postgres.query<{ revision: string | null }>(sql, [revision], this.#database);
    return rows[0]?.revision == null ? undefined : Number(rows[0].revision);
  }
}

const changeOf = ({ revision, key, value, label, deleted }: ChangeRow): TruthChange => ({
  revision: Number(revision),
  key,
  deleted,
  ...(value !== null && { value }),
  ...(label !== null && { label }),
});
