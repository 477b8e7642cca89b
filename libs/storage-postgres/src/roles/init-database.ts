import { Client, escapeIdentifier, escapeLiteral } from 'pg';
import { moveSchema } from './ownership';
import { scramVerifier } from './scram';

export interface Role {
  readonly name: string;
  /** Absent: as it is; for a server that trusts whoever reaches it. */
  readonly password?: string;
}

export interface InitDatabaseConfig {
  /** As someone who may create roles, and who owns or may create the database. A secret. */
  readonly connectionString: string;
  /** The database that is the cluster's alone; created if it is not there. Default: the one connected to. */
  readonly database?: string;
  /** Owns the schema, and may nothing else. */
  readonly apiserver: Role;
  /** May read the views, and nothing else. */
  readonly reader: Role;
}

export const defaultRoles = { apiserver: 'kubephant_apiserver', reader: 'kubephant_reader' } as const;

/**
 * Prepares a database for a cluster: two roles, and the schema for them, with everything in it when it is there already.
 * May be repeated. Returns remarks for whoever asked, in words: what could not be done because of who asked.
 */
export async function initDatabase(config: InitDatabaseConfig): Promise<readonly string[]> {
  if (config.database !== undefined) await ensureDatabase(config.connectionString, config.database);
  const url = new URL(config.connectionString);
  if (config.database !== undefined) url.pathname = `/${encodeURIComponent(config.database)}`;
  return await connected(url.toString(), async (admin) => {
    await admin.query('BEGIN');
    const remarks = await prepare(admin, config);
    await admin.query('COMMIT');
    return remarks;
  });
}

async function connected<T>(connectionString: string, work: (client: Client) => Promise<T>): Promise<T> {
  const client = new Client({ connectionString, application_name: 'kubephant init', connectionTimeoutMillis: 5000 });
  client.on('error', () => undefined);
  try {
    await client.connect();
    return await work(client);
  } finally {
    await client.end().catch(() => undefined);
  }
}

async function ensureDatabase(connectionString: string, database: string): Promise<void> {
  await connected(connectionString, async (admin) => {
    const { rows } = await admin.query('SELECT FROM pg_database WHERE datname = $1', [database]);
    if (rows.length > 0) return;
    await admin.query(`CREATE DATABASE ${escapeIdentifier(database)} ENCODING 'UTF8' TEMPLATE template0`);
  });
}

async function prepare(admin: Client, { apiserver, reader }: InitDatabaseConfig): Promise<readonly string[]> {
  // Everything or nothing, and one after the other when two do this at once.
  await admin.query("SELECT pg_advisory_xact_lock(hashtext('kubephant.init'))");
  for (const role of [apiserver, reader]) await ensureRole(admin, role);
  const { rows } = await admin.query<{ database: string; superuser: boolean }>(
    'SELECT current_database() AS database, rolsuper AS superuser FROM pg_roles WHERE rolname = current_user',
  );
  const [{ database, superuser } = { database: '', superuser: false }] = rows;
  const [owner, readerName] = [apiserver.name, reader.name].map(escapeIdentifier) as [string, string];
  await admin.query(`REVOKE ALL ON DATABASE ${escapeIdentifier(database)} FROM PUBLIC`);
  await admin.query(`GRANT CONNECT ON DATABASE ${escapeIdentifier(database)} TO ${owner}, ${readerName}`);
  for (const setting of readerSettings) await admin.query(`ALTER ROLE ${readerName} SET ${setting}`);
  if (!superuser) await admin.query(`GRANT ${owner} TO CURRENT_USER`);
  await moveSchema(admin, apiserver.name);
  await admin.query(`SET LOCAL ROLE ${owner}`);
  await admin.query(`REVOKE ALL ON SCHEMA kubephant FROM PUBLIC; GRANT USAGE ON SCHEMA kubephant TO ${readerName}`);
  await admin.query('RESET ROLE');
  if (!superuser) await admin.query(`REVOKE ${owner} FROM CURRENT_USER`);
  return superuser ? await keepForServers(admin, owner) : [ordinaryAdmin(readerName)];
}

/** A query of theirs must not keep what is deleted from being cleaned up for long. */
const readerSettings = [
  'search_path = kubephant, pg_catalog',
  'default_transaction_read_only = on',
  "statement_timeout = '5min'",
  "idle_in_transaction_session_timeout = '1min'",
];

interface Existing {
  readonly powers: readonly string[];
  readonly memberships: readonly string[];
}

async function ensureRole(admin: Client, { name, password }: Role): Promise<void> {
  const { rows } = await admin.query<Existing>(
    `SELECT array_remove(ARRAY[
        CASE WHEN rolsuper THEN 'SUPERUSER' END, CASE WHEN rolcreaterole THEN 'CREATEROLE' END,
        CASE WHEN rolcreatedb THEN 'CREATEDB' END, CASE WHEN rolreplication THEN 'REPLICATION' END,
        CASE WHEN rolbypassrls THEN 'BYPASSRLS' END], NULL) AS powers,
      ARRAY(SELECT roleid::regrole::text FROM pg_auth_members WHERE member = r.oid) AS memberships
    FROM pg_roles r WHERE rolname = $1`,
    [name],
  );
  const [there] = rows;
  const excess = [...(there?.powers ?? []), ...(there?.memberships ?? []).map((role) => `membership of ${role}`)];
  if (excess.length > 0) throw new Error(`the role ${name} exists and has more than it should: ${excess.join(', ')}`);
  const secret = password === undefined ? '' : ` PASSWORD ${escapeLiteral(scramVerifier(password))}`;
  const role = escapeIdentifier(name);
  if (!there) await admin.query(`CREATE ROLE ${role} LOGIN${secret}`);
  else if (password !== undefined) await admin.query(`ALTER ROLE ${role}${secret}`);
}

/**
 * What PostgreSQL lets everyone do and readers should not: make things in `public` (before version 15), and take advisory
 * locks, with which they could keep the API servers from writing.
 */
async function keepForServers(admin: Client, owner: string): Promise<readonly string[]> {
  const { rows } = await admin.query<{ name: string }>(`
    SELECT oid::regprocedure::text AS name FROM pg_proc
    WHERE pronamespace = 'pg_catalog'::regnamespace AND proname ~ '^pg_(try_)?advisory_(xact_)?lock(_shared)?$'`);
  const functions = rows.map(({ name }) => name).join(', ');
  await admin.query(`REVOKE EXECUTE ON FUNCTION ${functions} FROM PUBLIC`);
  await admin.query(`GRANT EXECUTE ON FUNCTION ${functions} TO ${owner}`);
  await admin.query(`DO $$ BEGIN
    IF to_regnamespace('public') IS NOT NULL THEN REVOKE CREATE ON SCHEMA public FROM PUBLIC; END IF;
  END $$`);
  return [];
}

const ordinaryAdmin = (reader: string): string =>
  `only a superuser can keep ${reader} from taking advisory locks, with which it could keep the API servers from writing`;
