import { escapeIdentifier, escapeLiteral, type Client } from 'pg';

/** Makes the schema, or makes it and everything in it a role's own. The caller has the transaction and may do that. */
export async function moveSchema(admin: Client, role: string): Promise<void> {
  const { rows } = await admin.query<{ owner: string }>(
    "SELECT nspowner::regrole::text AS owner FROM pg_namespace WHERE nspname = 'kubephant'",
  );
  if (rows.length === 0) await admin.query(`CREATE SCHEMA kubephant AUTHORIZATION ${escapeIdentifier(role)}`);
  else await moveContents(admin, role);
}

async function moveContents(admin: Client, role: string): Promise<void> {
  const { rows } = await admin.query<{ sql: string }>(foreign(escapeLiteral(role)));
  if (rows.length === 0) return;
  // Writers wait for their turn, as in a migration, rather than for one table after the other.
  await admin.query("SET LOCAL lock_timeout = '10s'; SELECT pg_advisory_xact_lock(1802855013)");
  const { rows: settled } = await admin.query<{ sql: string }>(foreign(escapeLiteral(role)));
  for (const { sql } of settled) await admin.query(sql);
}

/** The commands that give everything that is somebody else's to a role; indexes and row types go with their tables. */
const foreign = (role: string): string => `
  SELECT format('ALTER %s %s OWNER TO %I', kind, name, ${role}) AS sql FROM (
    SELECT 1 AS turn, 'SCHEMA' AS kind, nspname::text AS name, nspowner AS owner FROM pg_namespace WHERE nspname = 'kubephant'
    UNION ALL
    SELECT 2, CASE relkind WHEN 'v' THEN 'VIEW' ELSE 'TABLE' END, oid::regclass::text, relowner
    FROM pg_class WHERE relnamespace = 'kubephant'::regnamespace AND relkind IN ('r', 'p', 'v')
    UNION ALL
    SELECT 3, 'ROUTINE', oid::regprocedure::text, proowner FROM pg_proc WHERE pronamespace = 'kubephant'::regnamespace
  ) item
  WHERE owner <> (SELECT oid FROM pg_roles WHERE rolname = ${role})
  ORDER BY turn, name`;
