export { openPostgresStore, waitForPostgresStore, type PostgresStoreConfig } from './open-postgres-store';
export { PostgresLog, type PostgresLogConfig } from './postgres-log';
export { UnusableDatabase } from './errors';
