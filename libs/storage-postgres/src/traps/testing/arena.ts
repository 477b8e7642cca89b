import { silent, systemClock } from '@kubephant/base';
import type { CachedStoreConfig, CommitLog, Store } from '@kubephant/storage';
import { newArena, type Arena, type Fault, type Layer } from '@kubephant/storage/testing';
import { PostgresLog } from '../../postgres-log';
import { Admin } from './admin';
import { openRoad, type Road } from './road';

/** A fault of a store that may have a database of its own way of using. */
export interface PostgresFault extends Fault {
  onDatabase?(log: CommitLog, connectionString: string): CommitLog;
  storeOnDatabase?(store: Store, connectionString: string): Store;
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
  /** A way to the database that things can happen to. */
  readonly newRoad: () => Promise<{ readonly road: Road; readonly via: string }>;
}

const logOf = ({ clock = systemClock, log = silent, historyMs = 300_000 }: OpenConfig, connectionString: string) =>
  new PostgresLog({ connectionString, clock, log, historyMs });

/** On a database that is migrated and else empty. */
export async function newPostgresArena(connectionString: string, fault?: PostgresFault): Promise<PostgresArena> {
  const newLog = async (config: OpenConfig): Promise<CommitLog> => {
    const { via = connectionString } = config;
    const postgres = logOf(config, via);
    return fault?.onDatabase?.(postgres, via) ?? postgres;
  };
  const admin = await Admin.of(connectionString);
  if (fault?.sql !== undefined) await admin.sql(fault.sql);
  const over = fault?.storeOnDatabase?.bind(fault);
  const store = over && ((honest: Store) => over(honest, connectionString));
  const arena = newArena({ newLog, fault: fault && { ...fault, ...(store && { store }) } });
  const roads: Road[] = [];
  return {
    ...arena,
    connectionString,
    admin,
    async newRoad() {
      const opened = await openRoad(connectionString);
      roads.push(opened.road);
      return opened;
    },
    async close() {
      await admin.free();
      // What waits for an answer on a silent road need not wait any longer.
      for (const road of roads) road.cut();
      await arena.close();
      await admin.end();
      for (const road of roads) await road.close();
    },
  };
}
