import { openCachedStore, type CachedStoreConfig } from '../../cached-store';
import type { CommitLog } from '../../log';
import type { Store } from '../../store';
import { testResources } from '../fixtures';
import { Trapped } from './trap';

/** What makes a store naive: one thing done differently, in its log or on top of it. */
export interface Fault {
  readonly name: string;
  log?(log: CommitLog): CommitLog;
  store?(store: Store): Store;
  /** Done to a database before it is used; only stores that have one can have this fault. */
  readonly sql?: string;
}

export type Layer = (log: CommitLog) => CommitLog;

export type Condition = () => boolean | Promise<boolean>;

/** Where a trap is laid: any number of API servers, as a fault has them, on one log. */
export interface Arena {
  /** Another API server; `beneath` is laid between the log and everything that follows it. */
  readonly open: (config?: Partial<CachedStoreConfig>, beneath?: Layer) => Promise<Store>;
  /** Waits until something has come about that even a naive store brings about. */
  readonly comes: (condition: Condition) => Promise<void>;
  /** Waits until something is so. What never comes is Trapped; only a naive store makes one wait for that. */
  readonly eventually: (condition: Condition, otherwise: string) => Promise<void>;
  /** How every loop that has ended did so. */
  readonly ended: readonly string[];
  readonly close: () => Promise<void>;
}

export interface ArenaConfig {
  /** One API server's own way to the log that all share. */
  readonly newLog: (config: Partial<CachedStoreConfig>) => Promise<CommitLog>;
  readonly fault?: Fault | undefined;
}

/** Long for those who keep their promises, so that a busy machine is no reason to fail; short for those who do not. */
const patienceMs = { honest: 20_000, naive: 500 };

export function newArena({ newLog, fault }: ArenaConfig): Arena {
  const stopped = new AbortController();
  const running: Promise<unknown>[] = [];
  const ended: string[] = [];
  return {
    ended,
    async open(config = {}, beneath = (log) => log) {
      const log = beneath(await newLog(config));
      const { store, run } = await openCachedStore(fault?.log?.(log) ?? log, { resources: testResources, ...config });
      const loop = run(stopped.signal);
      running.push(
        loop.then(
          () => ended.push('resolved'),
          (err: unknown) => ended.push(String(err)),
        ),
      );
      return fault?.store?.(store) ?? store;
    },
    async comes(condition) {
      if (!(await isSoWithin(patienceMs.honest, condition))) throw new Error(`never: ${condition.toString()}`);
    },
    async eventually(condition, otherwise) {
      const patience = fault ? patienceMs.naive : patienceMs.honest;
      if (!(await isSoWithin(patience, condition))) throw new Trapped(otherwise);
    },
    async close() {
      stopped.abort();
      await Promise.all(running);
    },
  };
}

async function isSoWithin(ms: number, condition: Condition): Promise<boolean> {
  const deadline = performance.now() + ms;
  while (!(await condition())) {
    if (performance.now() > deadline) return false;
    await new Promise<void>((resolve) => setImmediate(resolve));
  }
  return true;
}
