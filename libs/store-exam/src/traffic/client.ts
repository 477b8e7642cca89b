import { StatusError } from '@kubephant/api';
import type { Call, Outcome } from '../history';
import { Random } from '../random';
import type { Page, Revision, State, Subject } from '../subject';
import { labels, type Setting } from './setting';

const refusals = new Set(['AlreadyExists', 'NotFound', 'Conflict']);
const harmless = new Set(['ServiceUnavailable', 'TooManyRequests']);

/** A state read page by page at one revision, and the record of its first page. */
export interface Listing {
  readonly first: number;
  readonly revision: Revision;
}

/** One client: makes a call at a time, to whichever server it likes, and records each. */
export class Client {
  readonly name: string;
  readonly random: Random;
  readonly setting: Setting;
  #writes = 0;

  constructor(name: string, setting: Setting) {
    this.name = name;
    this.setting = setting;
    this.random = new Random(setting.options.seed, name);
  }

  /** A state that nobody has ever written. */
  newState(label: string = this.random.pick(labels)): State {
    return { value: `${this.setting.options.seed}-${this.name}-${++this.#writes}`, label };
  }

  anyServer(): Subject {
    return this.random.pick(this.setting.subjects);
  }

  async create(key: string, state = this.newState()): Promise<Outcome> {
    return this.#call({ op: 'create', key, ...state }, async (server) => ({ item: await server.create(key, state) }));
  }

  async update(key: string, expected?: Revision, state = this.newState()): Promise<Outcome> {
    const call: Call = { op: 'update', key, ...state, ...(expected !== undefined && { expected }) };
    return this.#call(call, async (server) => ({ item: await server.update(key, state, expected) }));
  }

  async delete(key: string, expected?: Revision): Promise<Outcome> {
    return this.#call({ op: 'delete', key, ...(expected !== undefined && { expected }) }, async (server) => {
      const revision = await server.delete(key, expected);
      return revision === undefined ? {} : { revision };
    });
  }

  async get(key: string): Promise<Outcome> {
    return this.#call({ op: 'get', key }, async (server) => ({ item: await server.get(key) }));
  }

  /** All pages from one server; undefined when one of them failed. */
  async list(limit: number, selector?: string): Promise<Listing | undefined> {
    const server = this.anyServer();
    let listing: Listing | undefined;
    let next: string | undefined;
    do {
      const request = { ...(limit > 0 && { limit }), ...(selector && { selector }), ...(next && { continue: next }) };
      const id = this.setting.recorder.newId();
      const call: Call = { op: 'list', ...request, ...(listing && { first: listing.first }) };
      const outcome = await this.#record(id, call, {
        server,
        work: async () => ({ page: await server.list(request) }),
      });
      const page: Page | undefined = outcome.is === 'ok' ? outcome.page : undefined;
      if (!page) return undefined;
      listing ??= { first: id, revision: page.revision };
      next = page.continue;
    } while (next);
    return listing;
  }

  heardOf(revision: Revision): void {
    const { newest } = this.setting;
    newest.revision = Math.max(newest.revision, revision);
  }

  async #call(call: Call, work: (server: Subject) => Promise<Answer>): Promise<Outcome> {
    const server = this.anyServer();
    return this.#record(this.setting.recorder.newId(), call, { server, work: () => work(server) });
  }

  async #record(id: number, call: Call, { server, work }: Work): Promise<Outcome> {
    const { recorder, meter } = this.setting;
    const invoked = recorder.now();
    const isWrite = call.op !== 'get' && call.op !== 'list';
    const outcome = await this.#outcome(work, isWrite);
    recorder.add({
      kind: 'call',
      id,
      client: this.name,
      server: server.name,
      call,
      invoked,
      returned: recorder.now(),
      outcome,
    });
    if (outcome.is === 'ok') this.heardOf(outcome.page?.revision ?? outcome.item?.revision ?? outcome.revision ?? 0);
    if (isWrite && (outcome.is === 'ok' || outcome.is === 'unknown')) meter.wrote(outcome.is === 'ok');
    return outcome;
  }

  async #outcome(work: () => Promise<Answer>, isWrite: boolean): Promise<Outcome> {
    const { clock, options } = this.setting;
    const answered = new AbortController();
    const patience = clock.sleep(options.callTimeoutMs, answered.signal).then((): Outcome => noAnswer(isWrite));
    const answer = work().then(
      (done): Outcome => ({ is: 'ok', ...done }),
      (err: unknown): Outcome => outcomeOf(err, isWrite),
    );
    const outcome = await Promise.race([answer, patience]);
    answered.abort();
    await patience;
    return outcome;
  }
}

type Answer = Omit<Extract<Outcome, { is: 'ok' }>, 'is'>;

interface Work {
  readonly server: Subject;
  readonly work: () => Promise<Answer>;
}

const noAnswer = (isWrite: boolean): Outcome => ({
  is: isWrite ? 'unknown' : 'failed',
  reason: 'NoAnswer',
  message: 'the client gave up waiting',
});

/** A read that failed has no effect, whatever went wrong. */
function outcomeOf(err: unknown, isWrite: boolean): Outcome {
  const reason = err instanceof StatusError ? err.reason : 'Error';
  const message = err instanceof Error ? err.message : String(err);
  if (refusals.has(reason)) return { is: 'refused', reason, message };
  return { is: isWrite && !harmless.has(reason) ? 'unknown' : 'failed', reason, message };
}
