import { constants } from 'node:fs';
import * as fs from 'node:fs/promises';
import { relative } from 'node:path';
import { StatusError } from '@kubephant/api';
import type { HostMounts } from '@kubephant/node';
import { ifExists, mapped } from './errors';
import { runCommand } from './run-command';

/** Linux' O_PATH, which Node does not name: a handle on a place, without access to what is there. */
const oPath = 0o10000000;

/** `pid` is this process': a child reaches our open files through /proc by it. */
export function linuxMounts(pid: number): HostMounts {
  return {
    async tmpfs(path, { sizeBytes, mode = 0o777 }) {
      const size = sizeBytes === undefined ? [] : [`size=${sizeBytes}`];
      const options = [...size, `mode=${mode.toString(8)}`].join(',');
      await runCommand('mount', ['-t', 'tmpfs', '-o', options, 'tmpfs', path]);
    },
    bindInside: (root, subPath, target) => mapped(bindInside({ root, subPath, target, pid })),
    async unmount(path) {
      if ((await mountsBelow(path)).includes(path)) await runCommand('umount', [path]);
    },
    below: mountsBelow,
  };
}

/** Mount points at or below the path, deepest first; a point mounted twice is there twice. */
export async function mountsBelow(path: string): Promise<readonly string[]> {
  const mounts = await fs.readFile('/proc/self/mounts', 'utf8');
  const points = mounts.split('\n').map((line) => unescaped(line.split(' ')[1] ?? ''));
  return points.filter((point) => point === path || point.startsWith(`${path}/`)).reverse();
}

/** The kernel writes spaces, tabs, newlines and backslashes in octal. */
function unescaped(text: string): string {
  return text.replaceAll(/\\(\d{3})/g, (_, octal: string) => String.fromCharCode(parseInt(octal, 8)));
}

interface InsideBind {
  readonly root: string;
  readonly subPath: string;
  readonly target: string;
  readonly pid: number;
}

/**
 * Resolves links first, checks that the result is inside, then walks to it one name at a time without following any
 * link, and mounts the very thing that was opened: a link swapped in after the check makes the walk fail.
 */
async function bindInside({ root, subPath, target, pid }: InsideBind): Promise<void> {
  if (subPath.startsWith('/') || subPath.split('/').includes('..')) throw outside(subPath);
  const realRoot = await fs.realpath(root);
  const inside = await resolveInside(realRoot, subPath);
  await using place = await openInside(realRoot, inside);
  const isDirectory = (await place.stat()).isDirectory();
  if (isDirectory) await fs.mkdir(target, { recursive: true });
  else await ifMissing(target);
  const source = `/proc/${pid}/fd/${place.fd}`;
  await runCommand('mount', ['--no-canonicalize', '--bind', source, target]);
}

async function ifMissing(target: string): Promise<void> {
  await fs.mkdir(target.slice(0, target.lastIndexOf('/')), { recursive: true });
  await (await fs.open(target, 'a', 0o640)).close();
}

/** The names from the root to the place, links resolved. */
async function resolveInside(realRoot: string, subPath: string): Promise<readonly string[]> {
  const wanted = subPath.split('/').filter((name) => name !== '' && name !== '.');
  const real = (await ifExists(fs.realpath(`${realRoot}/${wanted.join('/')}`))) ?? undefined;
  if (real === undefined) return wanted;
  const path = relative(realRoot, real);
  if (path === '..' || path.startsWith('../') || path.startsWith('/')) throw outside(subPath);
  return path.split('/').filter((name) => name !== '');
}

async function openInside(root: string, names: readonly string[]): Promise<fs.FileHandle> {
  const flags = oPath | constants.O_NOFOLLOW;
  let place = await fs.open(root, flags | constants.O_DIRECTORY);
  for (const name of names) {
    try {
      const next = await openOrMake(`/proc/self/fd/${place.fd}/${name}`, flags);
      if ((await next.stat()).isSymbolicLink()) {
        await next.close();
        throw outside(name);
      }
      await place.close();
      place = next;
    } catch (err) {
      await place.close();
      throw err;
    }
  }
  return place;
}

async function openOrMake(path: string, flags: number): Promise<fs.FileHandle> {
  const there = await ifExists(fs.open(path, flags));
  if (there) return there;
  await fs.mkdir(path, 0o750);
  return await fs.open(path, flags);
}

function outside(subPath: string): StatusError {
  return new StatusError('Forbidden', `subpath ${JSON.stringify(subPath)} not within volume path`);
}
