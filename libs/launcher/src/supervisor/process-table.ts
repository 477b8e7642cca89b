import { mkdir, readFile, readdir, rename, rm, writeFile } from 'node:fs/promises';
import { platform } from 'node:os';
import { join } from 'node:path';
import { run } from '../command';

/** A running process, told apart from a later one with the same id by its start time. */
export interface ProcessId {
  readonly pid: number;
  /** When it started: in clock ticks since boot (proc(5), field 22), or as ps(1) writes it. */
  readonly startTicks: string;
  /** `ProcessSpec.version` that it was started with. */
  readonly version?: string;
}

/** Which processes run, as files in a directory, so that another supervisor can take over. */
export interface ProcessTable {
  get(name: string): Promise<ProcessId | undefined>;
  set(name: string, pid: number, version?: string): Promise<void>;
  delete(name: string): Promise<void>;
  /** Names and ids of all that are alive. */
  alive(): Promise<ReadonlyMap<string, ProcessId>>;
}

const suffix = '.pid.json';

export function openProcessTable(directory: string): ProcessTable {
  const file = (name: string): string => join(directory, `${name}${suffix}`);

  const get = async (name: string): Promise<ProcessId | undefined> => {
    const text = await readFile(file(name), 'utf8').catch(() => undefined);
    if (text === undefined) return undefined;
    const id = JSON.parse(text) as ProcessId;
    return (await isAlive(id)) ? id : undefined;
  };

  return {
    get,
    async set(name, pid, version) {
      const id: ProcessId = { ...(await processIdOf(pid)), ...(version !== undefined && { version }) };
      await mkdir(directory, { recursive: true });
      await writeFile(`${file(name)}.new`, JSON.stringify(id));
      await rename(`${file(name)}.new`, file(name));
    },
    delete: (name) => rm(file(name), { force: true }),
    async alive() {
      const files = await readdir(directory).catch(() => []);
      const found = new Map<string, ProcessId>();
      for (const name of files.filter((f) => f.endsWith(suffix)).map((f) => f.slice(0, -suffix.length))) {
        const id = await get(name);
        if (id) found.set(name, id);
      }
      return found;
    },
  };
}

/** An empty start time (the process had already ended) matches nothing. */
export async function processIdOf(pid: number): Promise<ProcessId> {
  return { pid, startTicks: (await startTicksOf(pid)) ?? '' };
}

export async function isAlive({ pid, startTicks }: ProcessId): Promise<boolean> {
  const ticks = await startTicksOf(pid);
  return ticks !== undefined && ticks === startTicks;
}

/** Undefined when there is no such process, or only its zombie. */
async function startTicksOf(pid: number): Promise<string | undefined> {
  if (platform() !== 'linux') return await startTimeOf(pid);
  const stat = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => undefined);
  if (stat === undefined) return undefined;
  // The command name may contain spaces and parentheses: the fields begin after the last one.
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  return fields[0] === 'Z' ? undefined : fields[19];
}

/** Where there is no /proc: what ps(1) of POSIX says. */
async function startTimeOf(pid: number): Promise<string | undefined> {
  const line = await run(['ps', '-o', 'stat=,lstart=', '-p', String(pid)]).catch(() => '');
  const [, state = 'Z', since] = /^\s*(\S+)\s+(.+?)\s*$/.exec(line) ?? [];
  return state.startsWith('Z') ? undefined : since;
}
