export { findPostgres, type Binaries } from './binaries';
export { preparePostgres, type PostgresConfig, type PreparedPostgres } from './prepare';
export { startPostgres, waitForPostgres, type RunningPostgres } from './server';
export { defaultSettings, type Settings } from './settings';
