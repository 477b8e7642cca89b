/** One program to keep running. */
export interface ProcessSpec {
  readonly name: string;
  readonly argv: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
  readonly cwd?: string;
  readonly uid?: number;
  readonly gid?: number;
  /** Name of the network namespace it runs in; absent: the machine's. */
  readonly namespace?: string;
  readonly stopSignal?: NodeJS.Signals;
  /** How long it may take to stop before it is killed. */
  readonly stopTimeoutMs?: number;
  /** Stands for the command line and the files it names: `up` replaces a process of another version. */
  readonly version?: string;
  /** Its standard input is a pipe that closes when the supervisor ends, however it ends. */
  readonly lifeline?: true;
  /** Removed before each start: files that a killed predecessor leaves and that would refuse the next one. */
  readonly stale?: readonly string[];
}

/** The argv to execute, inside the namespace where one is named. `nsenter` leaves mounts alone, unlike `ip netns exec`, which hides the cgroups. */
export function commandLine({ argv, namespace }: ProcessSpec): readonly string[] {
  return namespace ? ['nsenter', `--net=/run/netns/${namespace}`, '--', ...argv] : argv;
}
