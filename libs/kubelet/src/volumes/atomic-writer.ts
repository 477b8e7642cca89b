import { badRequest } from '@kubephant/api';
import type { HostFiles } from '@kubephant/node';

export interface PayloadFile {
  readonly data: Uint8Array;
  readonly mode: number;
  readonly uid?: number;
  readonly gid?: number;
}

/** Relative paths, `/` between names, and what is to be there. */
export type Payload = ReadonlyMap<string, PayloadFile>;

const dataLink = '..data';

/**
 * Makes a directory show exactly the payload, all of it at once: files are links through `..data` into a directory with
 * a time in its name, and replacing `..data` is the one step a reader can see. Returns whether anything changed.
 */
export async function writeAtomically(
  files: HostFiles,
  directory: string,
  payload: Payload,
  nowMs: number,
): Promise<boolean> {
  for (const path of payload.keys()) checkPath(path);
  const current = await currentData(files, directory);
  if (current !== undefined && (await shows(files, `${directory}/${current}`, payload))) {
    await linkNames(files, directory, payload);
    return false;
  }
  const fresh = await freshName(files, directory, nowMs);
  await writeAll(files, `${directory}/${fresh}`, payload);
  await files.remove(`${directory}/${dataLink}_tmp`);
  await files.symlink(fresh, `${directory}/${dataLink}_tmp`);
  await files.rename(`${directory}/${dataLink}_tmp`, `${directory}/${dataLink}`);
  await linkNames(files, directory, payload);
  await removeStale(files, directory, payload, fresh);
  return true;
}

function checkPath(path: string): void {
  const names = path.split('/');
  const bad = path === '' || path.startsWith('/') || names.includes('..') || names.includes('') || names.includes('.');
  if (bad || path.startsWith('..')) throw badRequest(`invalid path ${JSON.stringify(path)} for a file of a volume`);
}

async function currentData(files: HostFiles, directory: string): Promise<string | undefined> {
  const info = await files.stat(`${directory}/${dataLink}`);
  return info?.type === 'symlink' ? await files.readLink(`${directory}/${dataLink}`) : undefined;
}

async function shows(files: HostFiles, directory: string, payload: Payload): Promise<boolean> {
  if ((await countFiles(files, directory)) !== payload.size) return false;
  for (const [path, { data, mode }] of payload) {
    const info = await files.stat(`${directory}/${path}`);
    // A volume's fsGroup adds bits to the mode afterwards.
    if (info?.type !== 'file' || info.sizeBytes !== data.length || (info.mode & mode) !== mode) return false;
    if (!(await files.readFile(`${directory}/${path}`)).equals(data)) return false;
  }
  return true;
}

async function countFiles(files: HostFiles, path: string): Promise<number> {
  const info = await files.stat(path);
  if (info?.type !== 'directory') return info ? 1 : 0;
  let count = 0;
  for (const name of await files.list(path)) count += await countFiles(files, `${path}/${name}`);
  return count;
}

async function freshName(files: HostFiles, directory: string, nowMs: number): Promise<string> {
  const stamp = `..${new Date(nowMs).toISOString().replaceAll(/[-T:]/g, '_').replace('Z', '')}`;
  const taken = new Set(await files.list(directory));
  for (let n = 0; ; n++) if (!taken.has(`${stamp}.${n}`)) return `${stamp}.${n}`;
}

async function writeAll(files: HostFiles, directory: string, payload: Payload): Promise<void> {
  await files.makeDirectory(directory, { mode: 0o755 });
  for (const [path, { data, ...ownership }] of payload) {
    const slash = path.lastIndexOf('/');
    if (slash > 0) await files.makeDirectory(`${directory}/${path.slice(0, slash)}`, { mode: 0o755 });
    await files.writeFile(`${directory}/${path}`, data, ownership);
  }
}

function topNames(payload: Payload): ReadonlySet<string> {
  return new Set([...payload.keys()].map((path) => path.split('/')[0] ?? ''));
}

async function linkNames(files: HostFiles, directory: string, payload: Payload): Promise<void> {
  const present = new Set(await files.list(directory));
  for (const name of topNames(payload)) {
    if (!present.has(name)) await files.symlink(`${dataLink}/${name}`, `${directory}/${name}`);
  }
}

async function removeStale(files: HostFiles, directory: string, payload: Payload, fresh: string): Promise<void> {
  const wanted = new Set([...topNames(payload), dataLink, fresh]);
  for (const name of await files.list(directory)) {
    if (!wanted.has(name)) await files.remove(`${directory}/${name}`);
  }
}
