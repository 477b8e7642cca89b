import type { Clock } from '@kubephant/base';
import type { ContainerConfig, PodSandboxConfig } from '../config';
import type { ContainerState, ContainerStatus } from '../runtime';
import { behaviourOf, type Behaviour } from './behaviour';
import type { MemoryFiles } from './memory-files';

type ContainerEventName = 'start' | 'exit';

/** What each state makes of an event; an event a state does not know leaves it as it is. */
const transitions: Readonly<Record<ContainerState, Readonly<Record<ContainerEventName, ContainerState>>>> = {
  CREATED: { start: 'RUNNING', exit: 'EXITED' },
  RUNNING: { start: 'RUNNING', exit: 'EXITED' },
  EXITED: { start: 'EXITED', exit: 'EXITED' },
  UNKNOWN: { start: 'UNKNOWN', exit: 'UNKNOWN' },
};

export interface SimulatedContainerDeps {
  readonly clock: Clock;
  readonly files: MemoryFiles;
  readonly changed: (container: SimulatedContainer, type: 'STARTED' | 'STOPPED') => void;
}

/** One container as a state machine; only one that ends by itself costs a timer. */
export class SimulatedContainer {
  readonly id: string;
  readonly sandboxId: string;
  readonly config: ContainerConfig;
  readonly sandbox: PodSandboxConfig;
  readonly logPath: string;
  readonly createdAtMs: number;
  state: ContainerState = 'CREATED';
  startedAtMs = 0;
  #finishedAtMs = 0;
  #exitCode = 0;
  #oomKilled = false;
  readonly #behaviour: Behaviour;
  readonly #deps: SimulatedContainerDeps;
  readonly #ended = new AbortController();

  constructor(
    ids: { id: string; sandboxId: string },
    config: ContainerConfig,
    sandbox: PodSandboxConfig,
    deps: SimulatedContainerDeps,
  ) {
    this.id = ids.id;
    this.sandboxId = ids.sandboxId;
    this.config = config;
    this.sandbox = sandbox;
    this.logPath = `${sandbox.logDirectory}/${config.logPath}`;
    this.createdAtMs = deps.clock.now();
    this.#behaviour = behaviourOf(config, sandbox);
    this.#deps = deps;
  }

  async start(): Promise<void> {
    const { clock, files } = this.#deps;
    await files.makeDirectory(this.logPath.slice(0, this.logPath.lastIndexOf('/')));
    this.startedAtMs = clock.now();
    this.#move('start');
    this.#deps.changed(this, 'STARTED');
    this.#log('stdout', this.#behaviour.stdout);
    this.#log('stderr', this.#behaviour.stderr);
    if (this.#behaviour.runsForMs !== Infinity)
      void this.#endAfter(this.#behaviour.runsForMs, this.#behaviour.exitCode);
  }

  /** As TERM, a grace and KILL would. */
  async stop(graceMs: number): Promise<void> {
    if (this.state === 'RUNNING') {
      const { stopsAfterMs } = this.#behaviour;
      const obeys = stopsAfterMs <= graceMs;
      await this.#endAfter(obeys ? stopsAfterMs : graceMs, obeys ? 143 : 137);
    } else if (this.state === 'CREATED') this.#finish(137);
  }

  kill(): void {
    if (this.state !== 'EXITED') this.#finish(137);
  }

  /** Ends it the way the kernel does when memory runs out. */
  outOfMemory(): void {
    this.#oomKilled = true;
    this.kill();
  }

  reopenLog(): void {
    this.#deps.files.append(this.logPath, '');
  }

  status(): ContainerStatus {
    const { metadata, image, labels, annotations } = this.config;
    const exited = this.state === 'EXITED';
    return {
      id: this.id,
      sandboxId: this.sandboxId,
      metadata,
      image: image.userSpecifiedImage ?? image.image,
      imageRef: image.image,
      state: this.state,
      createdAtMs: this.createdAtMs,
      startedAtMs: this.startedAtMs,
      finishedAtMs: this.#finishedAtMs,
      exitCode: this.#exitCode,
      reason: exited ? this.#reason() : '',
      message: '',
      labels,
      annotations,
      logPath: this.logPath,
      resources: this.config.linux.resources,
    };
  }

  #reason(): string {
    if (this.#oomKilled) return 'OOMKilled';
    return this.#exitCode === 0 ? 'Completed' : 'Error';
  }

  async #endAfter(ms: number, exitCode: number): Promise<void> {
    if (ms > 0) await this.#deps.clock.sleep(ms, this.#ended.signal);
    if (this.state === 'RUNNING') this.#finish(exitCode);
  }

  #finish(exitCode: number): void {
    this.#exitCode = exitCode;
    this.#finishedAtMs = this.#deps.clock.now();
    this.#move('exit');
    this.#ended.abort();
    this.#deps.changed(this, 'STOPPED');
  }

  #move(event: ContainerEventName): void {
    this.state = transitions[this.state][event];
  }

  #log(stream: 'stdout' | 'stderr', text: string): void {
    const stamp = new Date(this.#deps.clock.now()).toISOString().replace('Z', '000000Z');
    const lines = text.split('\n').slice(0, -1);
    this.#deps.files.append(this.logPath, lines.map((line) => `${stamp} ${stream} F ${line}\n`).join(''));
  }
}
