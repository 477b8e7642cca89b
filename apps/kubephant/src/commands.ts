import { homedir } from 'node:os';
import { join, resolve } from 'node:path';
import { Command, InvalidArgumentError, Option } from 'commander';
import {
  down,
  ensurePackages,
  followLog,
  layoutOf,
  newProgress,
  readLayout,
  settleOptions,
  status,
  up,
  type AskedOptions,
  type Layout,
  type Progress,
} from '@kubephant/launcher';
import { dbCommand } from './db';
import { describeStatus } from './describe-status';

interface UpOptions extends Omit<AskedOptions, 'verbosity'> {
  readonly v?: number;
}

interface LogOptions {
  readonly dataDir: string;
  readonly follow?: boolean;
  readonly tail?: number;
}

const isRoot = process.getuid?.() === 0;
const canContain = process.platform === 'linux' && isRoot;
const defaultDataDir = isRoot ? '/var/lib/kubephant' : join(homedir(), '.local', 'share', 'kubephant');
/** The workspace: this file runs as apps/kubephant/dist/main.cjs. */
const workspace = resolve(__dirname, '..', '..', '..');
/** It waits for processes to end, and nothing that it does is worth compiling. */
const supervisorHeap = ['--max-old-space-size=64', '--max-semi-space-size=1', '--lite-mode'];

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

const progressFor = (signal: AbortSignal): Progress =>
  newProgress({ write: print, terminal: process.stdout.isTTY, signal });

export function buildCommands(signal: AbortSignal): Command {
  const program = new Command('kubephant')
    .description('Kubernetes, written in TypeScript, with PostgreSQL as its only store')
    .addHelpText('after', examples);
  upCommand(program).action((options: UpOptions) => runUp(options, signal));
  withDataDir(program.command('down').description('stop the cluster and leave nothing behind but its data')).action(
    async (options: { readonly dataDir: string }) => {
      await down(await existing(options.dataDir), progressFor(signal), signal);
    },
  );
  withDataDir(
    program.command('status').description('show the programs and nodes of the cluster; exit code 1 if one is missing'),
  ).action(async (options: { readonly dataDir: string }) => {
    const layout = await existing(options.dataDir);
    const { text, healthy } = describeStatus(layout, await status(layout, signal), Date.now());
    print(text);
    if (!healthy) process.exitCode = 1;
  });
  withDataDir(program.command('logs <program>').description('show the log of one program, as `status` names it'))
    .option('-f, --follow', 'keep printing what comes')
    .option('--tail <lines>', 'begin with the last lines only', count(1_000_000))
    .action(async (component: string, { dataDir, follow = false, tail }: LogOptions) => {
      const { options } = await existing(dataDir);
      const request = {
        dataDir: options.dataDir,
        component,
        follow,
        write: print,
        ...(tail !== undefined && { tail }),
      };
      await followLog(request, signal);
    });
  dbCommand(program, { print, signal, existing, withDataDir });
  program
    .command('packages', { hidden: true })
    .description('install what the tests need of the machine')
    .action(async () => {
      if (canContain) await ensurePackages(progressFor(signal), { tests: true });
    });
  return program;
}

const examples = `
Examples:
  $ kubephant up                                 a cluster with one node
  $ kubephant up --nodes 3                       the same with three nodes
  $ kubephant up --data-dir /tmp/b --port-offset 1
                                                 another one beside it
  $ kubephant logs -f apiserver
  $ kubephant db check                           is what is stored sound?
  $ kubephant test                               every check of the project
`;

function upCommand(program: Command): Command {
  return withDataDir(
    program.command('up').description('start a cluster on this machine, or what is missing or has changed of it'),
  )
    .option('--nodes <n>', 'number of nodes; 0: a control plane alone (default: as before, or 1)', count(50))
    .addOption(
      new Option('--runtime <name>', 'what runs containers (default: containerd with root on Linux)').choices([
        'containerd',
        'simulated',
      ]),
    )
    .addOption(
      new Option(
        '--database-url <url>',
        'an external PostgreSQL instead of the embedded one; a password is better given by the variable',
      ).env('KUBEPHANT_DATABASE_URL'),
    )
    .option('--port-offset <n>', 'added to every port; modulo 64 it picks the address ranges, too', count(50_000))
    .option('-v, --v <level>', 'verbosity of the logs', count(10));
}

function withDataDir(command: Command): Command {
  return command.addOption(
    new Option('--data-dir <dir>', 'where everything of the cluster lives')
      .env('KUBEPHANT_DATA_DIR')
      .default(defaultDataDir),
  );
}

async function existing(dataDir: string): Promise<Layout> {
  const layout = await readLayout(resolve(dataDir));
  if (!layout) throw new Error(`there is no cluster in ${resolve(dataDir)}`);
  return layout;
}

async function runUp({ v, ...asked }: UpOptions, signal: AbortSignal): Promise<void> {
  const startMs = Date.now();
  const progress = progressFor(signal);
  const dataDir = resolve(asked.dataDir);
  const before = await readLayout(dataDir);
  const layout = layoutOf(
    settleOptions({ ...asked, dataDir, ...(v !== undefined && { verbosity: v }) }, before?.options, canContain),
  );
  if (layout.options.runtime === 'simulated') progress.say(simulation(asked.runtime));
  const config = {
    layout,
    programs: { node: process.execPath, apps: join(workspace, 'apps'), containerd: 'containerd' },
    demoImages: join(workspace, 'k8s-manifests', 'demo', 'images'),
    supervise: [process.execPath, ...supervisorHeap, __filename, 'supervise', `--data-dir=${dataDir}`],
  };
  await up(config, progress, signal);
  progress.say(`\nReady after ${((Date.now() - startMs) / 1000).toFixed(1)} s. Now:\n`);
  progress.say(`  export KUBECONFIG=${layout.adminKubeconfig}`);
  progress.say('  kubectl get nodes');
  progress.say(`  kubectl apply -f ${join(workspace, 'k8s-manifests', 'demo')}/`);
}

function simulation(asked: AskedOptions['runtime']): string {
  const why = asked === undefined && !canContain ? ' (real ones need Linux and root)' : '';
  return `Containers are simulated${why}: pods are scheduled and reported as running, but no program of theirs is.`;
}
