import type { Socket } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';

/** What a bad line does to every packet, in each direction. */
export interface Lag {
  readonly latencyMs: number;
  readonly bytesPerSecond: number;
}

/** One direction of a connection: whatever the lag, bytes arrive in the order in which they were sent. */
export class Lane {
  readonly #to: Socket;
  readonly #lagNow: () => Lag | undefined;
  #waiting = 0;
  #freeAtMs = 0;
  #last: Promise<void> = Promise.resolve();

  constructor(to: Socket, lagNow: () => Lag | undefined) {
    this.#to = to;
    this.#lagNow = lagNow;
  }

  send(chunk: Buffer): void {
    if (chunk.length === 0) return;
    const lag = this.#lagNow();
    if (!lag && this.#waiting === 0) {
      this.#to.write(chunk);
      return;
    }
    const nowMs = performance.now();
    const { latencyMs, bytesPerSecond } = lag ?? { latencyMs: 0, bytesPerSecond: Infinity };
    this.#freeAtMs = Math.max(nowMs, this.#freeAtMs) + (chunk.length / bytesPerSecond) * 1000;
    const dueMs = this.#freeAtMs + latencyMs;
    this.#waiting += 1;
    this.#last = this.#last.then(async () => {
      await sleep(Math.max(0, dueMs - performance.now()));
      this.#waiting -= 1;
      this.#to.write(chunk);
    });
  }

  /** Ends the connection behind the last byte. */
  end(): void {
    if (this.#waiting === 0) this.#to.end();
    else void this.#last.then(() => this.#to.end());
  }
}
