import type { ContainerStatus } from '@kubephant/node';
import type { PodDeps } from '../runtime/pod-deps';

/** Upstream's defaults of containerLogMaxSize and containerLogMaxFiles. */
const maxBytes = 10 * 2 ** 20;
const maxFiles = 5;

type Deps = Pick<PodDeps, 'host' | 'clock' | 'runtime'>;

/** Puts aside every log that has grown too large, compresses older ones, and removes the oldest. */
export async function rotateLogs(
  deps: Deps,
  containers: readonly ContainerStatus[],
  signal: AbortSignal,
): Promise<void> {
  for (const { id, logPath } of containers) {
    const info = logPath === '' ? undefined : await deps.host.files.stat(logPath);
    if (info && info.sizeBytes >= maxBytes) await rotate(deps, id, logPath, signal);
  }
}

async function rotate({ host, clock, runtime }: Deps, id: string, logPath: string, signal: AbortSignal): Promise<void> {
  const { files } = host;
  const slash = logPath.lastIndexOf('/');
  const [directory, name] = [logPath.slice(0, slash), logPath.slice(slash + 1)];
  const rotated = (await files.list(directory)).filter((file) => file.startsWith(`${name}.`) && !file.endsWith('.tmp'));
  for (const file of rotated.filter((one) => !one.endsWith('.gz'))) {
    await files.compress(`${directory}/${file}`, `${directory}/${file}.tmp`);
    await files.rename(`${directory}/${file}.tmp`, `${directory}/${file}.gz`);
    await files.remove(`${directory}/${file}`);
  }
  // The log itself and the one put aside now count too.
  for (const file of rotated.slice(0, Math.max(0, rotated.length - (maxFiles - 2)))) {
    await files.remove(`${directory}/${file}`);
    await files.remove(`${directory}/${file}.gz`);
  }
  const stamp = new Date(clock.now()).toISOString().replaceAll(/[-:]/g, '').replace('T', '-').slice(0, 15);
  await files.rename(logPath, `${logPath}.${stamp}`);
  try {
    await runtime.reopenContainerLog(id, signal);
  } catch (err) {
    // The container writes on to the file it has: give that its name back.
    await files.rename(`${logPath}.${stamp}`, logPath);
    throw err;
  }
}
