import { createReadStream, createWriteStream, type Stats } from 'node:fs';
import * as fs from 'node:fs/promises';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { createGzip } from 'node:zlib';
import { StatusError } from '@kubephant/api';
import type { FileInfo, HostFiles, Ownership, ReadableFile } from '@kubephant/node';
import { ifExists, mapped } from './errors';
import { mountsBelow } from './linux-mounts';

/** The machine's files. Every error is a StatusError. */
export const linuxFiles: HostFiles = {
  stat: (path) => mapped(ifExists(fs.lstat(path)).then((stats) => stats && infoOf(stats))),
  realPath: (path) => mapped(fs.realpath(path)),
  makeDirectory: (path, ownership = {}) => mapped(makeDirectory(path, ownership)),
  writeFile: (path, data, ownership = {}) => mapped(writeFile(path, data, ownership)),
  readFile: (path, maxBytes) => mapped(readFile(path, maxBytes)),
  open: (path) => mapped(fs.open(path, 'r').then(readable)),
  list: (path) => mapped(ifExists(fs.readdir(path)).then((names) => (names ?? []).sort())),
  symlink: (target, path) => mapped(fs.symlink(target, path)),
  readLink: (path) => mapped(fs.readlink(path)),
  rename: (from, to) => mapped(fs.rename(from, to)),
  remove: (path) => mapped(remove(path)),
  setGroup: (path, gid) => mapped(setGroup(path, gid)),
  compress: (from, to) => mapped(pipeline(createReadStream(from), createGzip(), createWriteStream(to))),
  usage: (path) => mapped(usage(path)),
};

function infoOf(stats: Stats): FileInfo {
  return {
    type: typeOf(stats),
    mode: stats.mode & 0o7777,
    uid: stats.uid,
    gid: stats.gid,
    sizeBytes: stats.size,
    modifiedAtMs: stats.mtimeMs,
    inode: `${stats.dev}:${stats.ino}`,
  };
}

function typeOf(stats: Stats): FileInfo['type'] {
  if (stats.isFile()) return 'file';
  if (stats.isDirectory()) return 'directory';
  if (stats.isSymbolicLink()) return 'symlink';
  if (stats.isSocket()) return 'socket';
  if (stats.isCharacterDevice()) return 'characterDevice';
  return stats.isBlockDevice() ? 'blockDevice' : 'other';
}

async function makeDirectory(path: string, { mode, uid, gid }: Ownership): Promise<void> {
  await fs.mkdir(path, { recursive: true });
  if (uid !== undefined || gid !== undefined) await fs.chown(path, uid ?? -1, gid ?? -1);
  if (mode !== undefined) await fs.chmod(path, mode);
}

async function writeFile(path: string, data: string | Uint8Array, { mode, uid, gid }: Ownership): Promise<void> {
  await using file = await fs.open(path, 'w', mode ?? 0o644);
  if (uid !== undefined || gid !== undefined) await file.chown(uid ?? -1, gid ?? -1);
  if (mode !== undefined) await file.chmod(mode);
  await file.writeFile(data);
}

async function readFile(path: string, maxBytes?: number): Promise<Buffer> {
  if (maxBytes === undefined) return await fs.readFile(path);
  await using file = await fs.open(path, 'r');
  return await readFully(file, 0, maxBytes);
}

async function readFully(file: fs.FileHandle, position: number, length: number): Promise<Buffer> {
  const buffer = Buffer.alloc(length);
  let filled = 0;
  while (filled < length) {
    const { bytesRead } = await file.read(buffer, filled, length - filled, position + filled);
    if (bytesRead === 0) break;
    filled += bytesRead;
  }
  return buffer.subarray(0, filled);
}

function readable(file: fs.FileHandle): ReadableFile {
  return {
    info: () => mapped(file.stat().then(infoOf)),
    read: (position, length) => mapped(readFully(file, position, length)),
    [Symbol.asyncDispose]: () => file.close(),
  };
}

async function remove(path: string): Promise<void> {
  const [mounted] = await mountsBelow(path);
  if (mounted !== undefined) throw new StatusError('Forbidden', `${mounted} is still mounted`);
  await fs.rm(path, { recursive: true, force: true });
}

async function setGroup(path: string, gid: number): Promise<void> {
  for await (const { at, stats } of walk(path)) {
    await fs.lchown(at, stats.uid, gid);
    if (stats.isSymbolicLink()) continue;
    const group = stats.isDirectory() ? 0o2070 : (stats.mode & 0o600) >> 3;
    await fs.chmod(at, (stats.mode & 0o7777) | group);
  }
}

async function usage(path: string): Promise<{ usedBytes: number; inodesUsed: number }> {
  let usedBytes = 0;
  let inodesUsed = 0;
  for await (const { stats } of walk(path)) {
    usedBytes += stats.blocks * 512;
    inodesUsed++;
  }
  return { usedBytes, inodesUsed };
}

/** Everything at and below the path, parents first, links not followed; what vanishes meanwhile is left out. */
async function* walk(at: string): AsyncGenerator<{ at: string; stats: Stats }> {
  const stats = await ifExists(fs.lstat(at));
  if (!stats) return;
  yield { at, stats };
  if (!stats.isDirectory()) return;
  for (const name of (await ifExists(fs.readdir(at))) ?? []) yield* walk(join(at, name));
}
