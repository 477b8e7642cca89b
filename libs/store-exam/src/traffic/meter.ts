import type { Clock } from '@kubephant/base';
import type { Throughput } from './options';

/** Counts what gets done, second by second. */
export class Meter {
  #writes = 0;
  #events = 0;
  #unknown = 0;

  wrote(isKnown: boolean): void {
    if (isKnown) this.#writes++;
    else this.#unknown++;
  }

  told(): void {
    this.#events++;
  }

  async run(clock: Clock, tell: (throughput: Throughput) => void, signal: AbortSignal): Promise<void> {
    for (;;) {
      await clock.sleep(1000, signal);
      if (signal.aborted) return;
      tell({ writesPerSecond: this.#writes, eventsPerSecond: this.#events, unknownPerSecond: this.#unknown });
      this.#writes = this.#events = this.#unknown = 0;
    }
  }
}
