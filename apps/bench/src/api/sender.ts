import type { ServerConfig } from '@kubephant/http-client';
import { nowMs } from '../measure/machine';
import { markedConfigMap } from './marks';
import { Wire } from './wire';

const connections = 64;
let senders = 0;

/** Creates ConfigMaps of 1 KB that carry their number and when they were sent, over as many connections as it takes. */
export class Sender implements Disposable {
  readonly sentMs: number[] = [];
  readonly answeredMs: number[] = [];
  readonly #path: string;
  readonly #prefix = `sent-${process.pid}-${(senders += 1)}`;
  readonly #idle: Wire[];
  readonly #waiting: ((wire: Wire) => void)[] = [];

  private constructor(wires: Wire[], namespace: string) {
    this.#idle = wires;
    this.#path = `/api/v1/namespaces/${namespace}/configmaps`;
  }

  static async open(server: ServerConfig, namespace: string): Promise<Sender> {
    const wires = await Promise.all(Array.from({ length: connections }, () => Wire.open(server)));
    return new Sender(wires, namespace);
  }

  /** The time counts from the call, also while all connections are taken. */
  async send(i: number): Promise<void> {
    const sentMs = nowMs();
    this.sentMs[i] = sentMs;
    const wire = this.#idle.pop() ?? (await new Promise<Wire>((resolve) => this.#waiting.push(resolve)));
    const { status } = await wire.exchange(
      'POST',
      this.#path,
      markedConfigMap({ name: `${this.#prefix}-${i}` }, i, sentMs),
    );
    this.answeredMs[i] = nowMs();
    const next = this.#waiting.shift();
    if (next) next(wire);
    else this.#idle.push(wire);
    if (status !== 201) throw new Error(`POST ${this.#path}: ${status}`);
  }

  [Symbol.dispose](): void {
    this.#idle.forEach((wire) => wire.close());
  }
}
