import { connect, createServer, type AddressInfo, type Server, type Socket } from 'node:net';
import { join } from 'node:path';

/** One connection: the client's end, the server's end, and what the client said first, which tells what it is for. */
interface Lane {
  readonly near: Socket;
  readonly far: Socket;
  greeting: string;
  silent: boolean;
}

/** A way to a server that can be closed, lead elsewhere, and fall silent without closing anything. */
export class Road {
  readonly #server: Server;
  readonly #lanes = new Set<Lane>();
  #target: string;
  #silent = false;

  private constructor(target: string) {
    this.#target = target;
    this.#server = createServer((near) => this.#carry(near));
  }

  static to(socketPath: string): Road {
    return new Road(socketPath);
  }

  async open(port = 0): Promise<number> {
    const listening = Promise.withResolvers<undefined>();
    this.#server.listen(port, '127.0.0.1', () => listening.resolve(undefined));
    await listening.promise;
    return (this.#server.address() as AddressInfo).port;
  }

  /** Nothing arrives any more, in either direction: of any connection, or of those that are there for a purpose now. */
  fallSilent(purpose?: string): void {
    if (purpose === undefined) this.#silent = true;
    else for (const lane of this.#lanes) if (lane.greeting.includes(`kubephant ${purpose}`)) lane.silent = true;
  }

  /** Ends every connection. New ones are carried, and heard. */
  cut(): void {
    this.#silent = false;
    for (const { near, far } of this.#lanes) {
      near.destroy();
      far.destroy();
    }
  }

  leadTo(socketPath: string): void {
    this.#target = socketPath;
    this.cut();
  }

  async close(): Promise<void> {
    const closed = Promise.withResolvers<undefined>();
    this.#server.close(() => closed.resolve(undefined));
    this.cut();
    await closed.promise;
  }

  #carry(near: Socket): void {
    const lane: Lane = { near, far: connect(this.#target), greeting: '', silent: false };
    this.#lanes.add(lane);
    near.once('data', (chunk) => (lane.greeting = chunk.toString('latin1')));
    for (const [from, to] of [
      [near, lane.far],
      [lane.far, near],
    ] as const) {
      from.on('data', (chunk) => {
        if (!this.#silent && !lane.silent) to.write(chunk);
      });
      from.on('error', () => from.destroy());
      from.on('close', () => {
        to.destroy();
        this.#lanes.delete(lane);
      });
    }
  }
}

/** The file of the socket that a connection string leads to. */
export function socketOf(connectionString: string): string {
  const { searchParams, port } = new URL(connectionString);
  return join(searchParams.get('host') ?? '', `.s.PGSQL.${port}`);
}

/** A road to a database that listens on a unix socket, and the connection string of who takes it. */
export async function openRoad(connectionString: string): Promise<{ road: Road; via: string; port: number }> {
  const road = Road.to(socketOf(connectionString));
  const port = await road.open();
  const { username, pathname } = new URL(connectionString);
  return { road, port, via: `postgresql://${username}@127.0.0.1:${port}${pathname}` };
}
