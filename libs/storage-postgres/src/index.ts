export { openPostgresStore, waitForPostgresStore, type PostgresStoreConfig } from './open-postgres-store';
export { PostgresLog, type PostgresLogConfig } from './postgres-log';
export { UnusableDatabase } from './errors';
export { defaultRoles, initDatabase, type InitDatabaseConfig, type Role } from './roles/init-database';
export { checkDatabase, type CheckConfig, type CheckReport } from './check/check-database';
export type { ResourceDigest } from './check/digests';
