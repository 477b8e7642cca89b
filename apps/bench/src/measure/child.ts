import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { gathering, type Answer, type Call } from './remote';

/** What a process offers: functions of one argument each, which travel as JSON. */
export type Tasks = Readonly<Record<string, (args: never) => unknown>>;

/**
 * Another process of this program, which serves `T` under the command `name`. It ends with its parent, and is profiled
 * when that is.
 */
export class Child<T extends Tasks> implements AsyncDisposable {
  readonly #process: ChildProcess;
  readonly #waiting = new Map<number, PromiseWithResolvers<unknown>>();
  readonly #send: (call: Call) => void;
  #calls = 0;

  constructor(name: string) {
    const execArgv = [...process.execArgv, '--expose-gc', '--max-semi-space-size=32', '--max-old-space-size=4096'];
    this.#process = fork(process.argv[1] ?? '', [name], { execArgv, stdio: ['ignore', 'inherit', 'inherit', 'ipc'] });
    this.#process.on('message', (answers) => (answers as readonly Answer[]).forEach((answer) => this.#settle(answer)));
    this.#process.once('exit', (code, signal) => this.#fail(new Error(`a process ended with ${signal ?? code}`)));
    this.#send = gathering((calls) => this.#process.send(calls));
  }

  get pid(): number {
    return this.#process.pid ?? 0;
  }

  async call<K extends keyof T & string>(task: K, ...[args]: Parameters<T[K]>): Promise<Awaited<ReturnType<T[K]>>> {
    const waiting = Promise.withResolvers<unknown>();
    const id = (this.#calls += 1);
    this.#waiting.set(id, waiting);
    this.#send({ id, task, args });
    return (await waiting.promise) as Awaited<ReturnType<T[K]>>;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    if (this.#process.exitCode !== null || this.#process.signalCode !== null) return;
    const ended = once(this.#process, 'exit');
    // It exits by itself, and so writes its profile.
    this.#process.disconnect();
    await ended;
  }

  #settle({ id, value, error }: Answer): void {
    if (error === undefined) this.#waiting.get(id)?.resolve(value);
    else this.#waiting.get(id)?.reject(new Error(error));
    this.#waiting.delete(id);
  }

  #fail(err: Error): void {
    for (const { reject } of this.#waiting.values()) reject(err);
    this.#waiting.clear();
  }
}

/** The other side: answers the parent for as long as there is one. */
export function serveParent(tasks: Tasks): void {
  const answer = gathering<Answer>((answers) => process.send?.(answers));
  process.on('disconnect', () => process.exit());
  process.on('message', (calls) => {
    for (const { id, task, args } of calls as readonly Call[]) {
      void work(tasks, task, args).then(
        (value) => answer({ id, value }),
        (err: unknown) => answer({ id, error: err instanceof Error ? (err.stack ?? err.message) : String(err) }),
      );
    }
  });
}

async function work(tasks: Tasks, task: string, args: unknown): Promise<unknown> {
  const found = tasks[task] as ((args: unknown) => unknown) | undefined;
  if (!found) throw new Error(`no task ${task}`);
  return await found(args);
}
