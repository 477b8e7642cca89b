export type Settings = Readonly<Record<string, string | number>>;

/**
 * For one cluster's API servers on a shared machine: durable, modest in memory and processes. A handful of connections
 * write and read by key, so nothing is gained from parallel queries.
 */
export const defaultSettings: Settings = {
  fsync: 'on',
  synchronous_commit: 'on',
  shared_buffers: '128MB',
  // What every commit flushes does not pile up; larger, they are resident in every process that has touched them.
  wal_buffers: '4MB',
  max_wal_size: '2GB',
  checkpoint_timeout: '10min',
  max_connections: 50,
  max_worker_processes: 2,
  max_parallel_workers: 0,
  max_parallel_workers_per_gather: 0,
  max_logical_replication_workers: 0,
  autovacuum_max_workers: 2,
  autovacuum_naptime: '15s',
  huge_pages: 'off',
  jit: 'off',
  // A client that dies without a word must not keep its session for two hours.
  tcp_keepalives_idle: 30,
  tcp_keepalives_interval: 5,
  tcp_keepalives_count: 3,
};

/** Settings that exist from some major version on. */
export const newerSettings: readonly { readonly since: number; readonly settings: Settings }[] = [
  // Three processes fewer; what we read is cached.
  { since: 18, settings: { io_method: 'sync' } },
];

export function asArguments(settings: Settings): string[] {
  return Object.entries(settings).flatMap(([name, value]) => ['-c', `${name}=${value}`]);
}
