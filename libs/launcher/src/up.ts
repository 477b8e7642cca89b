import { spawn } from 'node:child_process';
import { mkdir, open, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { addons } from './addons';
import { connectApi, type Api } from './api';
import { ensureCertificates } from './certificates';
import { ensureImages, sandboxImage, type LocalImage } from './images';
import { writeLayout, type Layout } from './layout';
import { withLock } from './lock';
import { ensureNetwork, routePods } from './network';
import { importImages, prepareNode } from './nodes';
import { ensurePackages } from './packages';
import { ensurePostgres } from './postgres';
import { processesOf, type Programs } from './processes';
import type { Progress } from './progress';
import { openProcessTable, stopProcess, supervisorName, type ProcessSpec } from './supervisor';
import { until } from './wait';

export interface UpConfig {
  readonly layout: Layout;
  readonly programs: Programs;
  readonly demoImages: string;
  /** The command line that becomes the supervisor of this data directory. */
  readonly supervise: readonly string[];
}

const readyMs = 60_000;

/** Brings the cluster up, or what is missing of it: every step first looks whether it is already done. */
export async function up(config: UpConfig, progress: Progress, signal: AbortSignal): Promise<void> {
  const { layout } = config;
  await withLock(layout.options.dataDir, async () => {
    await writeLayout(layout);
    const images = layout.options.runtime === 'containerd' ? await prepareMachine(config, progress) : [];
    await progress.step('certificates', () => ensureCertificates(layout));
    const postgres = await progress.step('database', async () => ensurePostgres(layout));
    await startProcesses(config, processesOf(layout, config.programs, postgres), progress, signal);
    await makeReady(layout, images, progress, signal);
  });
}

async function prepareMachine({ layout, demoImages }: UpConfig, progress: Progress): Promise<readonly LocalImage[]> {
  await progress.step('packages', ensurePackages);
  await progress.step('network', () => ensureNetwork(layout));
  let images: readonly LocalImage[] = [];
  await progress.step('images', async () => {
    images = await ensureImages(layout, demoImages);
    for (const node of layout.nodes) await prepareNode(layout, node, sandboxImage);
    return `${images.length} assembled`;
  });
  return images;
}

/** Hands the programs to a supervisor; one that already runs is replaced, its programs are not disturbed. */
async function startProcesses(
  config: UpConfig,
  specs: readonly ProcessSpec[],
  progress: Progress,
  signal: AbortSignal,
): Promise<void> {
  const { run, config: configDirectory, logs } = config.layout.directories;
  await mkdir(logs, { recursive: true });
  await mkdir(run, { recursive: true });
  await writeFile(join(configDirectory, 'processes.json'), JSON.stringify(specs, undefined, 2), { mode: 0o600 });
  const table = openProcessTable(run);
  await progress.step('processes', async () => {
    await stopProcess(table, { name: 'guardian' }, signal);
    await stopProcess(table, { name: supervisorName }, signal);
    const log = await open(join(logs, 'supervisor.log'), 'a', 0o640);
    const [command = '', ...args] = config.supervise;
    const child = spawn(command, args, { detached: true, stdio: ['ignore', log.fd, log.fd], cwd: '/' });
    child.unref();
    await log.close();
    await until(
      async () => (await table.get(supervisorName)) !== undefined,
      { what: 'the supervisor', timeoutMs: 10_000 },
      signal,
    );
    return `${specs.length} supervised`;
  });
}

async function makeReady(
  layout: Layout,
  images: readonly LocalImage[],
  progress: Progress,
  signal: AbortSignal,
): Promise<void> {
  using api = await connectApi(layout);
  await progress.step('API server ready', () =>
    until(() => api.ready(signal), { what: 'the API server', timeoutMs: readyMs }, signal),
  );
  await progress.step('cluster objects', async () => {
    for (const addon of addons(layout)) await api.apply(addon, signal);
  });
  if (images.length > 0) await progress.step('images imported', () => importAll(layout, images, signal));
  if (layout.nodes.length > 0) await progress.step('nodes ready', () => nodesReady(layout, api, signal));
  await progress.step('DNS ready', () =>
    until(() => api.dnsReady(signal), { what: 'the DNS server', timeoutMs: readyMs }, signal),
  );
}

async function importAll(layout: Layout, images: readonly LocalImage[], signal: AbortSignal): Promise<void> {
  for (const node of layout.nodes) {
    await until(
      () => importImages(node, images).then(() => true),
      { what: `containerd of ${node.name}`, timeoutMs: readyMs },
      signal,
    );
  }
}

async function nodesReady(layout: Layout, api: Api, signal: AbortSignal): Promise<string> {
  for (const node of layout.nodes) {
    await until(() => api.nodeReady(node.name, signal), { what: node.name, timeoutMs: readyMs }, signal);
    const podCidr = await api.podCidr(node.name, signal);
    if (node.namespace !== undefined && podCidr !== undefined) await routePods(node, podCidr);
  }
  return layout.nodes.map(({ name }) => name).join(', ');
}
