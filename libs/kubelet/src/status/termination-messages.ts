import type { ContainerStatus, HostFiles } from '@kubephant/node';
import { terminationLogName } from '../pods/container-config';
import { annotations } from '../pods/labels';
import type { PodPaths } from '../pods/paths';
import type { PodRuntime } from '../runtime/pod-runtime';

const maxBytes = 4096;
const fromLog = { maxBytes: 2048, maxLines: 80 };

/** What ended containers left as their last words, by container id (https://kubernetes.io/docs/tasks/debug/debug-application/determine-reason-pod-failure/). */
export async function terminationMessages(
  { files, paths }: { readonly files: HostFiles; readonly paths: PodPaths },
  uid: string,
  runtime: PodRuntime,
): Promise<ReadonlyMap<string, string>> {
  const ended = runtime.containers.filter(({ state }) => state === 'EXITED');
  const messages = await Promise.all(
    ended.map(async (container) => [container.id, await messageOf(files, paths, uid, container)] as const),
  );
  return new Map(messages.filter(([, message]) => message !== ''));
}

async function messageOf(files: HostFiles, paths: PodPaths, uid: string, container: ContainerStatus): Promise<string> {
  const { name, attempt } = container.metadata;
  const path = `${paths.containerDirectory(uid, name)}/${terminationLogName(attempt)}`;
  const written = (await readIfThere(files, path, maxBytes)).toString();
  const wantsLog = container.annotations[annotations.terminationMessagePolicy] === 'FallbackToLogsOnError';
  if (written !== '' || !wantsLog || container.exitCode === 0) return written;
  return await tailOf(files, container.logPath);
}

async function readIfThere(files: HostFiles, path: string, bytes: number): Promise<Buffer> {
  return (await files.stat(path))?.type === 'file' ? await files.readFile(path, bytes) : Buffer.alloc(0);
}

/** The end of a CRI log, without the times and streams before each line. */
async function tailOf(files: HostFiles, path: string): Promise<string> {
  const info = await files.stat(path);
  if (info?.type !== 'file') return '';
  await using file = await files.open(path);
  const window = fromLog.maxBytes * 2;
  const text = (await file.read(Math.max(0, info.sizeBytes - window), window)).toString();
  const lines = text.split('\n').slice(info.sizeBytes > window ? 1 : 0);
  const content = lines.map((line) => line.replace(/^\S+ \S+ \S+ /, ''));
  return content
    .slice(-fromLog.maxLines - 1)
    .join('\n')
    .slice(-fromLog.maxBytes);
}
