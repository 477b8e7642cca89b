import { connect, type Socket } from 'node:net';
import { Lane, type Lag } from './lane';
import { MessageFilter, notification, readOpening } from './postgres-wire';

/** What a road does to its passages, asked for every packet. */
export interface Conditions {
  readonly lag: Lag | undefined;
  /** Notifications are swallowed. */
  readonly muted: boolean;
  /** Connections of this purpose are broken as soon as they say what they are for. */
  readonly refused: string | undefined;
  /** The path of the server's socket. */
  readonly target: string;
}

const listener = 'listener';

/** One connection of a client to PostgreSQL, through us. */
export class Passage {
  /** From `application_name`: `kubephant writer` is a `writer`. Undefined before the client has said who it is. */
  purpose: string | undefined;
  readonly #near: Socket;
  readonly #conditions: Conditions;
  #far: Socket | undefined;
  #toFar: Lane | undefined;
  #arrived: Buffer = Buffer.alloc(0);
  readonly #onClosed: () => void;
  #silent = false;

  constructor(near: Socket, conditions: Conditions, onClosed: () => void) {
    this.#near = near;
    this.#conditions = conditions;
    near.setNoDelay(true);
    near.on('error', () => near.destroy());
    near.on('data', (chunk) => this.#fromClient(chunk));
    near.on('close', () => {
      if (this.#silent && this.#far?.destroyed === false) return;
      this.#toFar?.end();
      onClosed();
    });
    this.#onClosed = onClosed;
  }

  /** Both sides find out at once. */
  cut(): void {
    this.#near.destroy();
    this.#far?.destroy();
  }

  /** From now on nothing passes, and neither side is told, not even that the other one has left. */
  fallSilent(): void {
    this.#silent = true;
  }

  /** Lets the server go of what had fallen silent; the client has to find out by itself. */
  forget(): void {
    if (!this.#silent) return;
    this.#far?.destroy();
    if (this.#near.destroyed) this.#onClosed();
  }

  #fromClient(chunk: Buffer): void {
    if (this.#silent) return;
    if (this.#toFar) this.#toFar.send(chunk);
    else this.#open(Buffer.concat([this.#arrived, chunk]));
  }

  #open(arrived: Buffer): void {
    const opening = readOpening(arrived);
    this.#arrived = opening?.kind === 'encryption' ? opening.rest : arrived;
    if (!opening) return;
    if (opening.kind === 'encryption') {
      this.#near.write('N');
      this.#open(opening.rest);
      return;
    }
    const name = opening.kind === 'startup' ? opening.parameters.get('application_name') : undefined;
    this.purpose = name?.replace(/^kubephant /, '') ?? 'unknown';
    if (this.purpose === this.#conditions.refused) {
      this.cut();
      return;
    }
    this.#toFar = this.#connect();
    this.#toFar.send(arrived);
  }

  #connect(): Lane {
    const far = connect(this.#conditions.target);
    this.#far = far;
    const lagNow = (): Lag | undefined => this.#conditions.lag;
    const toNear = new Lane(this.#near, lagNow);
    const filter = this.purpose === listener ? new MessageFilter() : undefined;
    const isWanted = (type: number): boolean => type !== notification || !this.#conditions.muted;
    far.on('error', () => far.destroy());
    far.on('data', (chunk) => {
      if (!this.#silent) toNear.send(filter ? filter.push(chunk, isWanted) : chunk);
    });
    far.on('close', () => {
      if (!this.#silent) toNear.end();
    });
    return new Lane(far, lagNow);
  }
}
