import { silent, systemClock } from '@kubephant/base';
import type { CachedStoreConfig, CommitLog, Store } from '@kubephant/storage';
import { newArena, type Arena, type Fault, type Layer } from '@kubephant/storage/testing';
import { PostgresLog } from '../../postgres-log';
import { Admin } from './admin';

/** A fault of a store that may have a database of its own way of using. */
export interface PostgresFault extends Fault {
  onDatabase?(log: CommitLog, connectionString: string): CommitLog;
}

export interface OpenConfig extends Partial<CachedStoreConfig> {
  readonly historyMs?: number;
  /** The way to the database, if it is not the direct one. */
  readonly via?: string;
}

/** API servers on one database, and somebody who does things to it. */
export interface PostgresArena extends Arena {
  readonly open: (config?: OpenConfig, beneath?: Layer) => Promise<Store>;
  readonly connectionString: string;
  readonly admin: Admin;
}

const logOf = ({ clock = systemClock, log = silent, historyMs = 300_000 }: OpenConfig, connectionString: string) =>
  new PostgresLog({ connectionString, clock, log, historyMs });

/** The template of databases that arenas are on: what an API server makes of an empty one. */
export const migrated = (connectionString: string): Promise<void> => logOf({}, connectionString).migrate();

/** On a database that is migrated and else empty. */
export async function newPostgresArena(connectionString: string, fault?: PostgresFault): Promise<PostgresArena> {
  const newLog = async (config: OpenConfig): Promise<CommitLog> => {
    const { via = connectionString } = config;
    const postgres = logOf(config, via);
    return fault?.onDatabase?.(postgres, via) ?? postgres;
  };
  const admin = await Admin.of(connectionString);
  if (fault?.sql !== undefined) await admin.sql(fault.sql);
  const arena = newArena({ newLog, fault });
  return {
    ...arena,
    connectionString,
    admin,
    async close() {
      await admin.free();
      await arena.close();
      await admin.end();
    },
  };
}
