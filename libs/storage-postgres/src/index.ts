export { openPostgresStore, type PostgresStoreConfig } from './open-postgres-store';
export { PostgresLog, type PostgresLogConfig } from './postgres-log';
