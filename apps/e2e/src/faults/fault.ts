import { setTimeout as sleep } from 'node:timers/promises';
import { between } from './random';
import type { ApiServer } from './stage/api-server';
import type { Stage } from './stage/stage';

/** Where a fault strikes. */
export interface Target {
  readonly stage: Stage;
  /** The API server that it concerns, if it concerns one. */
  readonly server: ApiServer;
  readonly random: () => number;
  /** The clock of the history. */
  readonly now: () => number;
}

/** Something that goes wrong with real programs, and how it is put right. */
export interface Fault {
  /** Shortest and longest time between the two, in ms. */
  readonly lastsMs: readonly [number, number];
  inject(target: Target): Promise<void> | void;
  /** Besides what `Stage.mend` does after every fault. */
  heal?(target: Target): Promise<void>;
}

/** How long the standby of a failover has been cut off: what was committed in that time is lost. */
const lostMs = 1000;

const everyServer = async (stage: Stage, act: (server: ApiServer) => Promise<void>): Promise<void> => {
  await Promise.all(stage.servers.map(act));
};

async function failOver({ stage: { database }, now }: Target): Promise<void> {
  await database.ready();
  database.loseFromNowOn();
  await sleep(lostMs);
  await database.failOver(now);
}

const rebuild = ({ stage }: Target): Promise<void> => stage.database.buildStandby();

export const faults = {
  'listener-killed': { lastsMs: [200, 800], inject: ({ server }) => server.road.cut('listener') },
  'listener-silent': { lastsMs: [1000, 6000], inject: ({ server }) => server.road.fallSilent('listener') },
  'notify-lost': { lastsMs: [1500, 3000], inject: ({ server }) => void (server.road.muted = true) },
  'server-cut': {
    lastsMs: [1000, 4000],
    inject({ server: { road } }) {
      road.blocked = true;
      road.cut();
    },
  },
  'server-silent': { lastsMs: [1000, 4000], inject: ({ server }) => server.road.fallSilent() },
  'server-killed': { lastsMs: [200, 1500], inject: ({ server }) => server.kill() },
  'server-paused': { lastsMs: [1000, 6000], inject: ({ server }) => server.pause() },
  'servers-started-together': {
    lastsMs: [0, 500],
    inject: ({ stage }) => everyServer(stage, (server) => server.kill()),
  },
  'postgres-killed': { lastsMs: [100, 1000], inject: ({ stage }) => stage.database.primary.kill() },
  'postgres-paused': { lastsMs: [1000, 6000], inject: ({ stage }) => stage.database.primary.pause() },
  'postgres-restarted-fast': { lastsMs: [0, 500], inject: ({ stage }) => stage.database.primary.stop('fast') },
  'postgres-restarted-immediate': {
    lastsMs: [0, 500],
    inject: ({ stage }) => stage.database.primary.stop('immediate'),
  },
  'disk-full': { lastsMs: [1500, 4000], inject: ({ stage }) => stage.database.disk.fill() },
  slow: {
    lastsMs: [1500, 4000],
    inject({ stage, server, random }) {
      const lag = { latencyMs: between(random, 50, 200), bytesPerSecond: between(random, 100_000, 2_000_000) };
      const everywhere = random() < 0.5;
      for (const { road } of everywhere ? stage.servers : [server]) road.lag = lag;
    },
  },
  failover: { lastsMs: [0, 0], inject: failOver, heal: rebuild },
  'failover-while-paused': {
    lastsMs: [0, 1000],
    async inject(target) {
      await target.server.pause();
      await failOver(target);
    },
    heal: rebuild,
  },
  'failover-while-silent': {
    lastsMs: [0, 1000],
    async inject(target) {
      target.server.road.fallSilent();
      await failOver(target);
    },
    heal: rebuild,
  },
  'failover-while-writers-wait': {
    lastsMs: [500, 1500],
    async inject(target) {
      for (const { road } of target.stage.servers) road.refused = 'writer';
      await failOver(target);
    },
    heal: rebuild,
  },
} satisfies Record<string, Fault>;

export type FaultName = keyof typeof faults;
export const faultNames = Object.keys(faults) as readonly FaultName[];
/** Those that are not two at once. */
export const singleFaults = faultNames.filter((name) => !name.includes('-while-'));
