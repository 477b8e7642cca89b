import { spawn } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';

export const workspace = resolve(__dirname, '..', '..', '..', '..');

export interface Result {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

export interface RunOptions {
  readonly input?: string;
  readonly env?: Readonly<Record<string, string>>;
  readonly cwd?: string;
  readonly timeoutMs?: number;
}

/** Runs a program to its end, whatever its exit code. */
export async function run(
  command: string,
  args: readonly string[],
  { input, env, cwd, timeoutMs = 60_000 }: RunOptions = {},
): Promise<Result> {
  const child = spawn(command, args, { env: { ...process.env, ...env }, cwd, timeout: timeoutMs });
  let [stdout, stderr] = ['', ''];
  child.stdout.setEncoding('utf8').on('data', (text: string) => (stdout += text));
  child.stderr.setEncoding('utf8').on('data', (text: string) => (stderr += text));
  child.stdin.on('error', () => undefined);
  child.stdin.end(input);
  const { promise, resolve: settle, reject } = Promise.withResolvers<number>();
  child.once('error', reject);
  child.once('close', (code) => settle(code ?? -1));
  return { code: await promise, stdout, stderr };
}

/** A cluster as a person has it: a data directory, and what is done with it. */
export interface Cluster {
  readonly dataDir: string;
  readonly portOffset: number;
  readonly kubeconfig: string;
  /** `./kubephant …`, whatever its exit code. */
  readonly kubephant: (command: string, ...flags: string[]) => Promise<Result>;
  /** `./kubephant …` that must succeed; its standard output. */
  readonly launch: (command: string, ...flags: string[]) => Promise<string>;
  /** Unmodified kubectl; a line is split at spaces, single quotes keep words together. */
  readonly tryKubectl: (line: string, options?: RunOptions) => Promise<Result>;
  /** kubectl that must succeed; its standard output. */
  readonly kubectl: (line: string, options?: RunOptions) => Promise<string>;
  /** Applies objects. */
  readonly apply: (...objects: readonly object[]) => Promise<string>;
  /** The id of one of its processes. */
  readonly pidOf: (name: string) => Promise<number>;
}

const words = (line: string): string[] => (line.match(/'[^']*'|\S+/g) ?? []).map((word) => word.replace(/^'|'$/g, ''));

function succeeded(what: string, { code, stdout, stderr }: Result): string {
  if (code !== 0) throw new Error(`${what}: exit code ${code}\n${stderr}${stdout}`);
  return stdout;
}

export function clusterAt(dataDir: string, portOffset: number): Cluster {
  const kubeconfig = join(dataDir, 'admin.kubeconfig');
  const launcher = join(workspace, 'kubephant');
  const kubephant: Cluster['kubephant'] = (command, ...flags) =>
    run(launcher, [command, `--data-dir=${dataDir}`, ...flags], { timeoutMs: 600_000 });
  const tryKubectl: Cluster['tryKubectl'] = (line, options = {}) =>
    run('kubectl', words(line), { ...options, env: { KUBECONFIG: kubeconfig, ...options.env } });
  const kubectl: Cluster['kubectl'] = async (line, options) =>
    succeeded(`kubectl ${line}`, await tryKubectl(line, options));
  return {
    dataDir,
    portOffset,
    kubeconfig,
    kubephant,
    launch: async (command, ...flags) => succeeded(`kubephant ${command}`, await kubephant(command, ...flags)),
    tryKubectl,
    kubectl,
    apply: (...objects) => kubectl('apply -f -', { input: objects.map((object) => JSON.stringify(object)).join('\n') }),
    async pidOf(name) {
      const { pid } = JSON.parse(await readFile(join(dataDir, 'run', `${name}.pid.json`), 'utf8')) as { pid: number };
      return pid;
    },
  };
}

/** The cluster that one run of the e2e tests shares. */
export const shared = clusterAt(process.env['KUBEPHANT_E2E_DATA_DIR'] ?? '/tmp/kubephant-e2e', 700);
export const { dataDir, portOffset, kubeconfig, kubephant, tryKubectl, kubectl, apply } = shared;
export const tokenKubeconfig = join(dataDir, 'admin-token.kubeconfig');
