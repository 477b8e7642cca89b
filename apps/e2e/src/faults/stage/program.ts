import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { open } from 'node:fs/promises';
import { childrenOf, kill, signalAll } from './processes';

export interface Command {
  readonly argv: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
  readonly cwd?: string;
  readonly uid?: number;
  readonly gid?: number;
  /** What it says is appended here. */
  readonly logFile: string;
}

/** A program that is started, killed and started again. */
export class Program {
  readonly #command: Command;
  #child: ChildProcess | undefined;

  constructor(command: Command) {
    this.#command = command;
  }

  get isRunning(): boolean {
    return this.#child !== undefined && this.#child.exitCode === null && this.#child.signalCode === null;
  }

  async start(): Promise<void> {
    const { argv, env, cwd, uid, gid, logFile } = this.#command;
    const log = await open(logFile, 'a');
    try {
      const [program, ...args] = argv;
      this.#child = spawn(program as string, args, {
        env: { ...env },
        ...(cwd !== undefined && { cwd }),
        ...(uid !== undefined && { uid }),
        ...(gid !== undefined && { gid }),
        stdio: ['ignore', log.fd, log.fd],
        // A group of its own: Ctrl-C is for us, who end it in its turn.
        detached: true,
      });
      await once(this.#child, 'spawn');
    } finally {
      await log.close();
    }
  }

  /** Stops it and all that it has started, in the middle of whatever they are doing. */
  async pause(): Promise<void> {
    const { pid } = this.#child ?? {};
    if (!this.isRunning || pid === undefined) return;
    signalAll([pid], 'SIGSTOP');
    signalAll(await childrenOf(pid), 'SIGSTOP');
  }

  /** Lets it go on; of no effect on what was not stopped. */
  async resume(): Promise<void> {
    const { pid } = this.#child ?? {};
    if (!this.isRunning || pid === undefined) return;
    signalAll([...(await childrenOf(pid)), pid], 'SIGCONT');
  }

  /** Sends the signal and waits for the end, which comes by force after `patienceMs`. */
  async stop(signal: NodeJS.Signals, patienceMs = 20_000): Promise<void> {
    if (!this.isRunning) return;
    const child = this.#child as ChildProcess;
    const exited = once(child, 'exit');
    child.kill(signal);
    const timer = setTimeout(() => child.kill('SIGKILL'), patienceMs);
    await exited;
    clearTimeout(timer);
  }

  /** kill -9 for it and for all that it has started; resolves when none of them is left. */
  async kill(): Promise<void> {
    if (!this.isRunning) return;
    const child = this.#child as ChildProcess;
    // Stopped first, so that it cannot start another one meanwhile.
    child.kill('SIGSTOP');
    const children = await childrenOf(child.pid as number);
    const exited = once(child, 'exit');
    child.kill('SIGKILL');
    await exited;
    await kill(children);
  }
}
