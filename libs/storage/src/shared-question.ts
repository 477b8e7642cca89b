/**
 * Asks a question whose answer must be newer than its asker: whoever comes while one is on its way shares the next one,
 * so that any number of askers costs one question at a time.
 */
export class SharedQuestion<T> {
  readonly #ask: () => Promise<T>;
  #current: Promise<T> | undefined = undefined;
  #next: Promise<T> | undefined = undefined;

  constructor(ask: () => Promise<T>) {
    this.#ask = ask;
  }

  answer(): Promise<T> {
    // Between the end of one and the start of the next there is a moment with neither: who comes then shares the next.
    if (this.#next) return this.#next;
    if (!this.#current) return this.#start();
    return (this.#next = this.#afterCurrent(this.#current));
  }

  async #afterCurrent(current: Promise<T>): Promise<T> {
    // Its failure is its askers' business.
    await current.catch(() => undefined);
    this.#next = undefined;
    return await this.#start();
  }

  #start(): Promise<T> {
    const asked = this.#ask().finally(() => {
      if (this.#current === asked) this.#current = undefined;
    });
    this.#current = asked;
    return asked;
  }
}
