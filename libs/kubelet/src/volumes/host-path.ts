import { badRequest } from '@kubephant/api';
import type { FileInfo, HostFiles } from '@kubephant/node';

type Check = (info: FileInfo | undefined, path: string, files: HostFiles) => Promise<string | undefined>;

const mustBe =
  (type: FileInfo['type'], what: string): Check =>
  async (info) =>
    info?.type === type ? undefined : `is not ${what}`;

/** What each `type` of a hostPath demands, or makes (https://kubernetes.io/docs/concepts/storage/volumes/#hostpath-volume-types). */
const checks: Readonly<Record<string, Check>> = {
  '': async () => undefined,
  DirectoryOrCreate: async (info, path, files) => {
    if (!info) await files.makeDirectory(path, { mode: 0o755 });
    return !info || info.type === 'directory' ? undefined : 'is not a directory';
  },
  Directory: mustBe('directory', 'a directory'),
  FileOrCreate: async (info, path, files) => {
    if (!info) await files.writeFile(path, '', { mode: 0o644 });
    return !info || info.type === 'file' ? undefined : 'is not a file';
  },
  File: mustBe('file', 'a file'),
  Socket: mustBe('socket', 'a socket'),
  CharDevice: mustBe('characterDevice', 'a character device'),
  BlockDevice: mustBe('blockDevice', 'a block device'),
};

/** Rejects with BadRequest when the path is not what the volume says it is. */
export async function checkHostPath(files: HostFiles, path: string, type: string): Promise<void> {
  if (path.split('/').includes('..')) throw badRequest(`hostPath ${JSON.stringify(path)} must not contain '..'`);
  const check = Object.hasOwn(checks, type) ? checks[type] : undefined;
  if (!check) throw badRequest(`unknown hostPath type ${JSON.stringify(type)}`);
  const problem = await check(await followed(files, path), path, files);
  if (problem !== undefined) throw badRequest(`hostPath type check failed: ${path} ${problem}`);
}

async function followed(files: HostFiles, path: string): Promise<FileInfo | undefined> {
  const info = await files.stat(path);
  return info?.type === 'symlink' ? await files.stat(await files.realPath(path)) : info;
}
