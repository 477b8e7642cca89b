import type { Client, QueryResultRow } from 'pg';

const pageSize = 500;

/** The rows of a query one after the other, a few in memory at a time, with a look at the next. Within a transaction. */
export class Cursor<R extends QueryResultRow> {
  readonly #client: Client;
  readonly #name: string;
  #page: readonly R[] = [];
  #at = 0;
  #ended = false;

  private constructor(client: Client, name: string) {
    this.#client = client;
    this.#name = name;
  }

  static async open<R extends QueryResultRow>(client: Client, name: string, sql: string): Promise<Cursor<R>> {
    await client.query(`DECLARE ${name} NO SCROLL CURSOR FOR ${sql}`);
    return new Cursor<R>(client, name);
  }

  /** The next row without taking it; undefined at the end. */
  async peek(): Promise<R | undefined> {
    if (this.#at === this.#page.length && !this.#ended) {
      const { rows } = await this.#client.query<R>(`FETCH ${pageSize} FROM ${this.#name}`);
      this.#page = rows;
      this.#at = 0;
      this.#ended = rows.length < pageSize;
      if (this.#ended) await this.#client.query(`CLOSE ${this.#name}`);
    }
    return this.#page[this.#at];
  }

  /** Takes the row that was peeked at. */
  take(): void {
    this.#at += 1;
  }
}
