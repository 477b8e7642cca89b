import { setTimeout as sleep } from 'node:timers/promises';
import { readKubeconfig } from '@kubephant/http-client';
import { serveParent } from '../measure/child';
import { meter, nowMs, type Usage } from '../measure/machine';
import { Thirds } from '../measure/statistics';
import { until } from '../measure/until';
import { MarkReader, onMarks } from './marks';
import { openWatches } from './watches';
import type { Wire } from './wire';

export const watchProcess = 'watch-process';

export interface Watching {
  readonly kubeconfig: string;
  readonly path: string;
}

export interface Crowd extends Watching {
  readonly watchers: number;
  /** Events that each will get. */
  readonly total: number;
}

/** Many connections that read all they can; latencies are taken here, where the events arrive. */
class Watchers {
  #wires: readonly Wire[] = [];
  #thirds = new Thirds(1);
  #expected = 0;
  #delivered = 0;
  #usage: () => Usage = meter();

  async open({ kubeconfig, path, watchers, total }: Crowd): Promise<void> {
    this.#thirds = new Thirds(total);
    this.#expected = watchers * total;
    this.#delivered = 0;
    this.#wires = await openWatches(await readKubeconfig(kubeconfig), watchers, path);
    this.#usage = meter();
    for (const wire of this.#wires) {
      onMarks(wire, (i, sentMs) => {
        this.#delivered += 1;
        this.#thirds.add(i, nowMs() - sentMs);
      });
    }
  }

  async end(): Promise<{ counts: number[][]; delivered: number; expected: number; usage: Usage }> {
    await until(() => this.#delivered >= this.#expected);
    const usage = this.#usage();
    this.#wires.forEach((wire) => wire.close());
    return { counts: this.#thirds.counts, delivered: this.#delivered, expected: this.#expected, usage };
  }
}

const slowBytes = 1024;

/** One connection that reads a kilobyte a second, and at the end what there is. */
class SlowWatcher {
  #stop = new AbortController();
  #reading: Promise<SlowlyRead> | undefined = undefined;

  async open({ kubeconfig, path }: Watching): Promise<void> {
    this.#stop = new AbortController();
    const [wire] = await openWatches(await readKubeconfig(kubeconfig), 1, path);
    if (!wire) throw new Error('there is no watch');
    this.#reading = readSlowly(wire, this.#stop.signal);
  }

  async end(): Promise<SlowlyRead> {
    this.#stop.abort();
    if (!this.#reading) throw new Error('open() comes first');
    return await this.#reading;
  }
}

export interface SlowlyRead {
  readonly events: number;
  /** What it was told last was an ERROR event with code 410. */
  readonly expired: boolean;
}

async function readSlowly(wire: Wire, signal: AbortSignal): Promise<SlowlyRead> {
  const take = wire.take();
  const marks = new MarkReader();
  let events = 0;
  let last = '';
  const read = (bytes: number): boolean => {
    const chunk = take(bytes);
    if (!chunk) return false;
    marks.read(chunk, () => (events += 1));
    last = (last + chunk.toString('latin1')).slice(-1000);
    return true;
  };
  while (!signal.aborted) {
    read(slowBytes);
    await sleep(1000, undefined, { signal }).catch(() => undefined);
  }
  // What the machine holds for it comes now; then either the end, or nothing for a while.
  for (let idle = 0; !wire.ended && idle < 200;) {
    idle = read(1 << 20) ? 0 : idle + 1;
    await sleep(5);
  }
  wire.close();
  return { events, expired: /"code":410/.test(last) };
}

// eslint-disable-next-line @typescript-eslint/explicit-module-boundary-types -- its type is what the parent calls by
export function watchTasks() {
  const watchers = new Watchers();
  const slow = new SlowWatcher();
  return {
    open: (crowd: Crowd) => watchers.open(crowd),
    end: () => watchers.end(),
    openSlow: (watching: Watching) => slow.open(watching),
    endSlow: () => slow.end(),
  };
}

export type WatchTasks = ReturnType<typeof watchTasks>;

export const runWatchProcess = (): void => serveParent(watchTasks());
