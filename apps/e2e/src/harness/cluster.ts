import { spawn } from 'node:child_process';
import { join, resolve } from 'node:path';

/** The cluster that one run of the e2e tests shares. */
export const workspace = resolve(__dirname, '..', '..', '..', '..');
export const dataDir = process.env['KUBEPHANT_E2E_DATA_DIR'] ?? '/tmp/kubephant-e2e';
export const portOffset = 700;
export const kubeconfig = join(dataDir, 'admin.kubeconfig');
export const tokenKubeconfig = join(dataDir, 'admin-token.kubeconfig');

export interface Result {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

export interface RunOptions {
  readonly input?: string;
  readonly env?: Readonly<Record<string, string>>;
  readonly timeoutMs?: number;
}

/** Runs a program to its end, whatever its exit code. */
export async function run(
  command: string,
  args: readonly string[],
  { input, env, timeoutMs = 60_000 }: RunOptions = {},
): Promise<Result> {
  const child = spawn(command, args, { env: { ...process.env, ...env }, timeout: timeoutMs });
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

/** `./kubephant …` for this cluster. */
export function kubephant(command: string, ...flags: string[]): Promise<Result> {
  return run(join(workspace, 'kubephant'), [command, `--data-dir=${dataDir}`, ...flags], { timeoutMs: 600_000 });
}

const words = (line: string): string[] => (line.match(/'[^']*'|\S+/g) ?? []).map((word) => word.replace(/^'|'$/g, ''));

/** Unmodified kubectl; a line is split at spaces, single quotes keep words together. */
export function tryKubectl(line: string, options: RunOptions = {}): Promise<Result> {
  return run('kubectl', words(line), { ...options, env: { KUBECONFIG: kubeconfig, ...options.env } });
}

/** kubectl that must succeed; its standard output. */
export async function kubectl(line: string, options: RunOptions = {}): Promise<string> {
  const { code, stdout, stderr } = await tryKubectl(line, options);
  if (code !== 0) throw new Error(`kubectl ${line}: exit code ${code}\n${stderr}${stdout}`);
  return stdout;
}

/** Applies objects (JSON is YAML). */
export async function apply(...objects: readonly object[]): Promise<string> {
  return await kubectl('apply -f -', { input: objects.map((object) => JSON.stringify(object)).join('\n---\n') });
}
