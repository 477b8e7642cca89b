/** Who did what while something was measured; shares are of the time, 0..1. */
export interface Busy {
  /** Event loops by the name of their process. */
  readonly loops: Readonly<Record<string, number>>;
  /** Of all cores of the machine. */
  readonly machine: number;
  /** Cores that were taken by what is no part of the measurement. */
  readonly others: number;
  /** What PostgreSQL's writing sessions did. */
  readonly sessions?: Sessions;
}

/** Shares of the samples of pg_stat_activity; their sum is 1. */
export interface Sessions {
  /** Waiting for their client. */
  readonly waiting: number;
  readonly computing: number;
  readonly flushing: number;
  /** Waiting for the session of another process. */
  readonly locked: number;
  readonly other: number;
}

const busyFrom = 0.9;

/** Says in words who was the limit. */
export function limitOf({ loops, machine, others, sessions }: Busy): string {
  const noise = others >= 0.2 ? ` (NOT A QUIET MACHINE: others took ${others.toFixed(1)} cores)` : '';
  const [name, share] = Object.entries(loops).reduce((a, b) => (b[1] > a[1] ? b : a), ['nobody', 0]);
  const crowded = machine >= 0.95 ? `; all cores of the machine are busy (${percent(machine)})` : '';
  if (share >= busyFrom) return `the event loop of ${name} (${percent(share)} busy)${crowded}${noise}`;
  const loop = `the event loop of ${name} is ${percent(share)} busy`;
  if (!sessions) return `${crowded ? 'the machine' : 'nobody'}: ${loop}${crowded}${noise}`;
  return `${ofSessions(sessions)}; ${loop}${crowded}${noise}`;
}

function ofSessions(sessions: Sessions): string {
  const { waiting, computing, flushing, other, locked } = sessions;
  const own = 1 - locked;
  // Whoever waits for a lock waits for a session that is counted itself.
  if (own > 0 && waiting / own > 0.5)
    return `nobody, each waits for the other: PostgreSQL's writer waits ${percent(waiting)} for its client`;
  const [what, share] = (
    [
      ["PostgreSQL's processor time", computing],
      ['flushing to disk', flushing],
      ["PostgreSQL's inner waits", other],
    ] as const
  ).reduce((a, b) => (b[1] > a[1] ? b : a));
  return `${what} (${percent(share)} of its writers' time${locked > 0.05 ? `, ${percent(locked)} waiting for each other` : ''})`;
}

const percent = (share: number): string => `${Math.round(share * 100)} %`;

/** A row of pg_stat_activity of a session that writes. */
export interface Sample {
  readonly pid: number;
  readonly state: string | null;
  readonly type: string | null;
  readonly event: string | null;
}

/** Sessions that did nothing at all are no part of it: their process did not write. */
export function sessionsOf(all: readonly Sample[]): Sessions {
  const writing = new Set(all.filter((some) => doing(some) !== 'waiting').map(({ pid }) => pid));
  const samples = all.filter(({ pid }) => writing.has(pid));
  const share = (of: keyof Sessions): number => samples.filter((some) => doing(some) === of).length / samples.length;
  return {
    waiting: share('waiting'),
    computing: share('computing'),
    flushing: share('flushing'),
    locked: share('locked'),
    other: share('other'),
  };
}

/** [PostgreSQL docs, wait events] */
function doing({ state, type, event }: Sample): keyof Sessions {
  if (state !== 'active' || type === 'Client') return 'waiting';
  if (type === null) return 'computing';
  if (/^WAL?(Sync|Write)$/i.test(event ?? '')) return 'flushing';
  return type === 'Lock' ? 'locked' : 'other';
}
