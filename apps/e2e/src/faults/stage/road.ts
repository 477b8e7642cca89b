import { createServer, type AddressInfo, type Server } from 'node:net';
import type { Lag } from './lane';
import { Passage, type Conditions } from './passage';

/** One client's way to PostgreSQL: a TCP proxy that can be made as bad as networks are, and lead elsewhere later. */
export class Road {
  readonly #server: Server;
  readonly #passages = new Set<Passage>();
  readonly #conditions: { -readonly [K in keyof Conditions]: Conditions[K] };
  #blocked = false;

  private constructor(target: string) {
    this.#conditions = { target, lag: undefined, muted: false, refused: undefined };
    this.#server = createServer((near) => {
      if (this.#blocked) {
        near.destroy();
        return;
      }
      const passage = new Passage(near, this.#conditions, () => this.#passages.delete(passage));
      this.#passages.add(passage);
    });
  }

  /** A road to the unix socket of a server, from a port of 127.0.0.1 that the system picks. */
  static async open(target: string): Promise<Road> {
    const road = new Road(target);
    const { promise, resolve, reject } = Promise.withResolvers<undefined>();
    road.#server.once('error', reject);
    road.#server.listen(0, '127.0.0.1', () => resolve(undefined));
    await promise;
    return road;
  }

  get port(): number {
    return (this.#server.address() as AddressInfo).port;
  }

  /** Where new connections lead; those that stand are not moved. */
  leadTo(target: string): void {
    this.#conditions.target = target;
  }

  /** Breaks the connections of one purpose, or all. */
  cut(purpose?: string): void {
    for (const passage of this.#of(purpose)) passage.cut();
  }

  /** Drops from now on every packet of the connections that stand, of one purpose or all. New ones are not concerned. */
  fallSilent(purpose?: string): void {
    for (const passage of this.#of(purpose)) passage.fallSilent();
  }

  /** Swallows notifications, and nothing else. */
  set muted(muted: boolean) {
    this.#conditions.muted = muted;
  }

  /** Lets nobody through who comes for this. */
  set refused(purpose: string | undefined) {
    this.#conditions.refused = purpose;
  }

  set lag(lag: Lag | undefined) {
    this.#conditions.lag = lag;
  }

  /** Closes the road for new connections. */
  set blocked(blocked: boolean) {
    this.#blocked = blocked;
  }

  /** As good as new, but for connections that a fault has ended. */
  repair(): void {
    this.muted = false;
    this.refused = undefined;
    this.lag = undefined;
    this.blocked = false;
    for (const passage of this.#passages) passage.forget();
  }

  async close(): Promise<void> {
    const { promise, resolve } = Promise.withResolvers<undefined>();
    this.#server.close(() => resolve(undefined));
    this.cut();
    await promise;
  }

  #of(purpose: string | undefined): readonly Passage[] {
    return [...this.#passages].filter((passage) => purpose === undefined || passage.purpose === purpose);
  }
}
