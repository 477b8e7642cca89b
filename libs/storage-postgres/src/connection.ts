import { newBackoff, type Backoff, type Clock, type Logger } from '@kubephant/base';
import {
  Client,
  DatabaseError,
  types,
  type CustomTypesConfig,
  type QueryConfig,
  type QueryResult,
  type QueryResultRow,
} from 'pg';
import { isRolledBack, unavailable } from './errors';
import { prepareSession } from './session';

export interface ConnectionConfig {
  readonly connectionString: string;
  readonly clock: Clock;
  readonly log: Logger;
}

export interface ConnectionOptions extends ConnectionConfig {
  /** What it is for, in application_name and in logs. */
  readonly purpose: string;
  /** After this a query counts as lost, and the connection with it. */
  readonly queryTimeoutMs: number;
  /** Runs on every new session. */
  readonly onSession?: (client: Client) => Promise<void>;
}

/** How long a query waits for a connection before it fails without having been sent. */
const patienceMs = 3000;

/** Revisions are safe integers; JSON is bytes in a string until somebody needs the object. */
const parsers: CustomTypesConfig = {
  getTypeParser(oid, format) {
    if (oid === types.builtins.INT8) return Number;
    if (oid === types.builtins.JSON) return String;
    return types.getTypeParser(oid, format) as unknown;
  },
};

/**
 * For the `onSession` of whatever reads or writes the log: a server that may not have had every commit, as after a
 * failover, is told apart before anything that it says is believed.
 */
export async function adopt(client: Client): Promise<void> {
  await client.query('SELECT adopt()');
}

/** A session, prepared and checked. Whoever opens it ends it. */
export async function openSession(options: ConnectionOptions): Promise<Client> {
  const { connectionString, purpose, queryTimeoutMs, log, onSession } = options;
  const client = new Client({
    connectionString,
    application_name: `kubephant ${purpose}`,
    connectionTimeoutMillis: 5000,
    query_timeout: queryTimeoutMs,
    keepAlive: true,
    keepAliveInitialDelayMillis: 10_000,
    types: parsers,
  });
  client.on('error', (err) => log.v(2).info('A PostgreSQL connection broke', { purpose, reason: err.message }));
  try {
    await client.connect();
    await prepareSession(client);
    await onSession?.(client);
    return client;
  } catch (err) {
    await closeSession(client);
    throw err;
  }
}

/** Ends a session, without waiting for a server that may not be there any more. */
export async function closeSession(client: Client): Promise<void> {
  const closed = client.end().catch(() => undefined);
  streamOf(client).destroy();
  await closed;
}

const streamOf = (client: Client): { destroy(): void } =>
  (client as unknown as { readonly connection: { readonly stream: { destroy(): void } } }).connection.stream;

const words: ReadonlySet<string | undefined> = new Set(['ERROR', 'FATAL', 'PANIC']);

/**
 * A server may say in its own language how bad an error is, and pg does not pass on the word that is the same in all of
 * them. After a refusal the server goes on answering; after everything else it does not.
 */
async function translate(client: Client, err: unknown): Promise<void> {
  if (!(err instanceof DatabaseError) || words.has(err.severity)) return;
  err.severity = await client.query('SELECT 1').then(
    () => 'ERROR',
    () => 'FATAL',
  );
}

/** One connection that is opened when it is needed and opened again, with backoff, when it is lost. */
export class Connection {
  readonly #options: ConnectionOptions;
  readonly #backoff: Backoff = newBackoff({ initialMs: 20, maxMs: 2000, jitter: 0.5 });
  #session: Promise<Client> | undefined = undefined;
  #current: Client | undefined = undefined;
  #lastTurn: Promise<undefined> = Promise.resolve(undefined);
  readonly #closed = new AbortController();

  constructor(options: ConnectionOptions) {
    this.#options = options;
  }

  /** One at a time. Rejects with ServiceUnavailable when nothing was sent, else with what went wrong. */
  async query<R extends QueryResultRow>(query: QueryConfig): Promise<QueryResult<R>> {
    const turn = this.#lastTurn;
    const { promise, resolve } = Promise.withResolvers<undefined>();
    this.#lastTurn = promise;
    await turn;
    try {
      return await this.#send<R>(query);
    } finally {
      resolve(undefined);
    }
  }

  async #send<R extends QueryResultRow>(query: QueryConfig): Promise<QueryResult<R>> {
    const client = await this.#connected();
    try {
      return await client.query<R>(query);
    } catch (err) {
      await translate(client, err);
      // Anything but an answer, after which the server goes on listening, is the end of the conversation.
      if (!isRolledBack(err)) await this.#drop(client);
      throw err;
    }
  }

  async close(): Promise<void> {
    this.#closed.abort();
    const session = await this.#session?.catch(() => undefined);
    if (session) await closeSession(session);
  }

  async #connected(): Promise<Client> {
    const { clock } = this.#options;
    const deadline = clock.now() + patienceMs;
    for (;;) {
      if (this.#closed.signal.aborted) throw unavailable('the store is closed');
      try {
        const client = await (this.#session ??= this.#open());
        this.#backoff.reset();
        return client;
      } catch (err) {
        if (clock.now() >= deadline) throw unavailable(err);
      }
    }
  }

  async #open(): Promise<Client> {
    try {
      const client = await openSession(this.#options);
      this.#current = client;
      // Of an error it knows a moment before its end; what is asked in between would be lost without having been sent.
      for (const event of ['error', 'end'] as const) client.once(event, () => this.#forget(client));
      return client;
    } catch (err) {
      const { clock, log, purpose } = this.#options;
      log.warn('Cannot connect to PostgreSQL, will retry', { purpose, reason: String(err) });
      await clock.sleep(this.#backoff.next(), this.#closed.signal);
      this.#session = undefined;
      throw err;
    }
  }

  #forget(client: Client): void {
    if (this.#current === client) this.#session = undefined;
  }

  async #drop(client: Client): Promise<void> {
    this.#forget(client);
    await closeSession(client);
  }
}
