import { Command, InvalidArgumentError, Option } from 'commander';
import {
  collectProcessMetrics,
  newLogger,
  newMetrics,
  systemClock,
  version,
  type Clock,
  type Logger,
  type Metrics,
} from '@kubephant/base';

/** What a program is given to work with. */
export interface ComponentContext {
  readonly name: string;
  readonly log: Logger;
  readonly metrics: Metrics;
  readonly clock: Clock;
  /** Aborts on SIGTERM and SIGINT. */
  readonly signal: AbortSignal;
}

export interface Component<O> {
  /** `kube-scheduler`: upstream's name of the program. */
  readonly name: string;
  readonly description: string;
  /** Adds the program's flags beside the common ones. */
  flags(command: Command): Command;
  /** Runs until aborted; a rejection ends the program with status 1. */
  run(options: O, context: ComponentContext): Promise<void>;
}

interface CommonOptions {
  readonly v: number;
  readonly loggingFormat: 'text' | 'json';
}

/** The process as a dependency: `process` itself in programs. */
export type HostProcess = Pick<NodeJS.Process, 'argv' | 'once' | 'getActiveResourcesInfo'> & {
  readonly stdout: { write(text: string): unknown };
  exit(code: number): void;
};

/**
 * Runs a program: flags, logger, metrics and signals are the same for all. Ends the process: one that has failed must not
 * be kept alive by a connection that somebody forgot, or nobody would start it again. Never rejects.
 */
export async function runComponent<O extends object>(component: Component<O>, host: HostProcess): Promise<void> {
  const command = component
    .flags(new Command(component.name).description(component.description).version(version.gitVersion))
    .option('-v, --v <level>', 'verbosity of the logs', verbosity, 0)
    .addOption(new Option('--logging-format <format>', 'form of the logs').choices(['text', 'json']).default('text'));
  await command
    .action(async (options: O & CommonOptions) => {
      host.exit(await start(component, options, host));
    })
    .parseAsync(host.argv);
}

async function start<O>(component: Component<O>, options: O & CommonOptions, host: HostProcess): Promise<number> {
  const { name } = component;
  const log = newLogger({
    component: name,
    verbosity: options.v,
    format: options.loggingFormat,
    write: (line) => void host.stdout.write(line),
  });
  const stop = new AbortController();
  for (const signal of ['SIGTERM', 'SIGINT'] as const) {
    host.once(signal, () => {
      log.info('stopping', { signal });
      stop.abort();
    });
  }
  const metrics = newMetrics();
  collectProcessMetrics(metrics, version, () => host.getActiveResourcesInfo().length);
  log.info('starting', { version: version.gitVersion });
  try {
    await component.run(options, { name, log, metrics, clock: systemClock, signal: stop.signal });
    return 0;
  } catch (err) {
    if (stop.signal.aborted) return 0;
    log.error('ended with an error', err);
    return 1;
  }
}

/** `-v=2`, as people write it for upstream's programs, reaches the parser as `=2`. */
const verbosity = (text: string): number => wholeNumber(text.replace(/^=/, ''));

/** For flags that count: commander's parser of a whole number. */
export function wholeNumber(text: string): number {
  if (!/^\d{1,9}$/.test(text)) throw new InvalidArgumentError('a whole number is needed');
  return Number(text);
}

/** For flags like `--leader-elect` and `--leader-elect=false`. */
export function boolean(text: string): boolean {
  if (text !== 'true' && text !== 'false') throw new InvalidArgumentError('true or false is needed');
  return text === 'true';
}
