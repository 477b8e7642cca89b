import { homedir } from 'node:os';
import { join, resolve } from 'node:path';
import { Command, InvalidArgumentError, Option } from 'commander';
import { down, ensurePackages, followLog, layoutOf, newProgress, readLayout, status, up } from '@kubephant/launcher';

interface Options {
  readonly dataDir: string;
  readonly nodes: number;
  readonly runtime?: 'containerd' | 'simulated';
  readonly portOffset: number;
  readonly databaseUrl?: string;
  readonly v: number;
}

const isRoot = process.getuid?.() === 0;
const canContain = process.platform === 'linux' && isRoot;
const defaultDataDir = isRoot ? '/var/lib/kubephant' : join(homedir(), '.local', 'share', 'kubephant');
/** The workspace: this file runs as apps/kubephant/dist/main.cjs. */
const workspace = resolve(__dirname, '..', '..', '..');
const supervisorHeap = ['--max-old-space-size=64', '--max-semi-space-size=1'];

const print = (text: string): void => {
  process.stdout.write(text);
};

function count(max: number): (text: string) => number {
  return (text) => {
    const value = Number(text);
    if (!/^\d+$/.test(text) || value > max) throw new InvalidArgumentError(`a whole number from 0 to ${max} is needed`);
    return value;
  };
}

export function buildCommands(signal: AbortSignal): Command {
  const program = new Command('kubephant').description(
    'Kubernetes, written in TypeScript, with PostgreSQL as its only store',
  );
  withDataDir(program.command('up').description('start a cluster on this machine'))
    .option('--nodes <n>', 'number of nodes; 0: a control plane alone', count(50), 1)
    .addOption(new Option('--runtime <name>', 'what runs containers').choices(['containerd', 'simulated']))
    .option('--database-url <url>', 'an external PostgreSQL instead of the embedded one')
    .action((options: Options) => runUp(options, signal));
  withDataDir(program.command('down').description('stop the cluster; its data stays')).action((options: Options) =>
    runDown(options, signal),
  );
  withDataDir(program.command('status').description('show the programs of the cluster')).action(showStatus);
  withDataDir(program.command('logs <component>').description('show the log of one program'))
    .option('-f, --follow', 'keep printing what comes')
    .action((component: string, options: Options & { readonly follow?: true }) =>
      followLog(
        { dataDir: resolve(options.dataDir), component, follow: options.follow === true, write: print },
        signal,
      ),
    );
  program.command('packages', { hidden: true }).action(installPackages);
  return program;
}

function withDataDir(command: Command): Command {
  return command
    .option(
      '--data-dir <dir>',
      'where everything of the cluster lives',
      process.env['KUBEPHANT_DATA_DIR'] ?? defaultDataDir,
    )
    .option('--port-offset <n>', 'added to every port; picks the address ranges too', count(50_000), 0)
    .option('-v, --v <level>', 'verbosity of the logs', count(10), 0);
}

async function runUp(options: Options, signal: AbortSignal): Promise<void> {
  const startMs = Date.now();
  const progress = newProgress(print);
  const { nodes, portOffset, databaseUrl, v: verbosity } = options;
  const runtime = options.runtime ?? (canContain ? 'containerd' : 'simulated');
  const layout = layoutOf({
    dataDir: resolve(options.dataDir),
    nodes,
    portOffset,
    runtime,
    verbosity,
    ...(databaseUrl && { databaseUrl }),
  });
  if (options.runtime === undefined && !canContain) {
    progress.say('Real containers need Linux and root: coming up with the simulated runtime.');
  } else if (options.runtime === 'containerd' && !canContain) {
    throw new Error('--runtime containerd needs Linux and root');
  }
  const config = {
    layout,
    programs: { node: process.execPath, apps: join(workspace, 'apps'), containerd: 'containerd' },
    demoImages: join(workspace, 'k8s-manifests', 'demo', 'images'),
    supervise: [process.execPath, ...supervisorHeap, __filename, 'supervise', `--data-dir=${layout.options.dataDir}`],
  };
  await up(config, progress, signal);
  progress.say(`\nReady after ${((Date.now() - startMs) / 1000).toFixed(1)} s. Now:\n`);
  progress.say(`  export KUBECONFIG=${layout.adminKubeconfig}`);
  progress.say('  kubectl get nodes');
  progress.say(`  kubectl apply -f ${join(workspace, 'k8s-manifests', 'demo')}/`);
}

async function runDown(options: Options, signal: AbortSignal): Promise<void> {
  const layout = await readLayout(resolve(options.dataDir));
  if (!layout) throw new Error(`there is no cluster in ${resolve(options.dataDir)}`);
  await down(layout, newProgress(print), signal);
}

/** For the tests: what they need of the machine. */
async function installPackages(): Promise<void> {
  if (canContain) await newProgress(print).step('packages', ensurePackages);
}

async function showStatus(options: Options): Promise<void> {
  for (const { name, pid, memoryMb } of await status(resolve(options.dataDir))) {
    print(`${name.padEnd(24)} ${pid === undefined ? 'stopped' : `running  pid ${pid}  ${memoryMb ?? 0} MiB`}\n`);
  }
}
