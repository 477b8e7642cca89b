import { spawn } from 'node:child_process';
import { mkdir, open } from 'node:fs/promises';
import { join } from 'node:path';
import { connectApi } from './api';
import { ensureCertificates } from './certificates';
import { replaceFile } from './files';
import { ensureImages, sandboxImage, type LocalImage } from './images';
import { writeLayout, type Layout, type NodeLayout } from './layout';
import { withLock } from './lock';
import { ensureNetwork } from './network';
import { startedProcesses, stopNodes, surplusNodes } from './node-removal';
import { prepareNode } from './nodes';
import { ensurePackages } from './packages';
import { checkPorts } from './ports';
import { ensurePostgres, ensureRoles } from './postgres';
import { processesOf, type Programs } from './processes';
import type { Progress } from './progress';
import { makeReady } from './ready';
import { guardianName, openProcessTable, stopProcess, supervisorName, type ProcessSpec } from './supervisor';
import { withVersions } from './version';
import { until } from './wait';

export interface UpConfig {
  readonly layout: Layout;
  readonly programs: Programs;
  readonly demoImages: string;
  /** The command line that becomes the supervisor of this data directory. */
  readonly supervise: readonly string[];
}

/** Brings the cluster up, or what is missing of it: every step first looks whether it is already done. */
export async function up(config: UpConfig, progress: Progress, signal: AbortSignal): Promise<void> {
  const { layout } = config;
  await withLock(layout.options.dataDir, async () => {
    const table = openProcessTable(layout.directories.run);
    await checkPorts(layout, new Set((await table.alive()).keys()));
    const contained = layout.options.runtime === 'containerd';
    if (contained) {
      await ensurePackages(progress);
      await progress.step('network', () => ensureNetwork(layout));
    }
    await writeLayout(layout);
    for (const { directory } of layout.nodes) await mkdir(directory, { recursive: true });
    const images = contained ? await prepareNodes(config, progress) : [];
    await progress.step('certificates', () => ensureCertificates(layout));
    const postgres = await progress.step('database', async () => ensurePostgres(layout));
    const surplus = await surplusNodes(layout);
    const supervision = { config, surplus, specs: await withVersions(processesOf(layout, config.programs, postgres)) };
    await replaceProcesses(supervision, progress, signal);
    if (postgres) await progress.step('database roles', () => ensureRoles(postgres, signal));
    using api = await connectApi(layout);
    await makeReady({ layout, images, surplus, api }, progress, signal);
  });
}

async function prepareNodes({ layout, demoImages }: UpConfig, progress: Progress): Promise<readonly LocalImage[]> {
  let images: readonly LocalImage[] = [];
  await progress.step('images', async () => {
    images = await ensureImages(layout, demoImages);
    for (const node of layout.nodes) await prepareNode(layout, node, sandboxImage);
    return `${images.length} assembled`;
  });
  return images;
}

interface Supervision {
  readonly config: UpConfig;
  readonly specs: readonly ProcessSpec[];
  /** Nodes that are to be no more. */
  readonly surplus: readonly NodeLayout[];
}

/**
 * Hands the programs to a new supervisor. Of those that run, only the ones are stopped that are no longer wanted, or
 * not in this form; the others are not disturbed.
 */
async function replaceProcesses(
  { config, surplus, specs }: Supervision,
  progress: Progress,
  signal: AbortSignal,
): Promise<void> {
  const { layout } = config;
  const { run, config: configDirectory, logs } = layout.directories;
  for (const directory of [logs, run]) await mkdir(directory, { recursive: true });
  const table = openProcessTable(run);
  for (const name of [guardianName, supervisorName]) await stopProcess(table, { name }, signal);
  const started = await startedProcesses(layout, table);
  if (surplus.length > 0) await stopNodes(surplus, started, progress, signal);
  await progress.step('processes', async () => {
    let replaced = 0;
    for (const spec of started.specs.toReversed()) {
      const running = await table.get(spec.name);
      if (!running || specs.some(({ name, version }) => name === spec.name && version === running.version)) continue;
      await stopProcess(table, spec, signal);
      replaced += 1;
    }
    await replaceFile(join(configDirectory, 'processes.json'), JSON.stringify(specs, undefined, 2), 0o600);
    await startSupervisor(config);
    await until(
      async () => (await table.get(supervisorName)) !== undefined,
      { what: 'the supervisor', timeoutMs: 10_000 },
      signal,
    );
    return `${specs.length} supervised${replaced > 0 ? `, ${replaced} replaced` : ''}`;
  });
}

async function startSupervisor({ layout, supervise }: UpConfig): Promise<void> {
  const log = await open(join(layout.directories.logs, 'supervisor.log'), 'a', 0o640);
  const [command = '', ...args] = supervise;
  const child = spawn(command, args, { detached: true, stdio: ['ignore', log.fd, log.fd], cwd: '/' });
  child.unref();
  await log.close();
}
