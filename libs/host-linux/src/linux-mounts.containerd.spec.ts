import { mkdtemp, mkdir, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { linuxFiles } from './linux-files';
import { linuxMounts } from './linux-mounts';

const mounts = linuxMounts(process.pid);

describe('mounts', () => {
  let dir: string;
  beforeEach(async () => {
    dir = await mkdtemp(join(tmpdir(), 'mounts-'));
    await mkdir(join(dir, 'volume/data'), { recursive: true });
    await writeFile(join(dir, 'volume/data/file'), 'inside');
  });
  afterEach(async () => {
    for (const path of await mounts.below(dir)) await mounts.unmount(path);
    await rm(dir, { recursive: true });
  });
  const bind = (subPath: string): Promise<void> => mounts.bindInside(join(dir, 'volume'), subPath, join(dir, 'target'));

  it.each([
    ['a directory', 'data', 'target/file'],
    ['a file', 'data/file', 'target'],
  ])('show %s of a volume elsewhere', async (_, subPath, seen) => {
    await bind(subPath);
    expect(await readFile(join(dir, seen), 'utf8')).toBe('inside');
    expect(await mounts.below(dir)).toEqual([join(dir, 'target')]);
    await expect(linuxFiles.remove(dir)).rejects.toThrow('still mounted');
  });

  it('make a directory that is missing', async () => {
    await bind('new/one');
    expect(await linuxFiles.stat(join(dir, 'volume/new/one'))).toMatchObject({ type: 'directory', mode: 0o750 });
  });

  it('follow links inside a volume and refuse links out of it', async () => {
    await mkdir(join(dir, 'volume/..2026'));
    await writeFile(join(dir, 'volume/..2026/file'), 'inside');
    await symlink('..2026', join(dir, 'volume/..data'));
    await bind('..data/file');
    expect(await readFile(join(dir, 'target'), 'utf8')).toBe('inside');
    await symlink('/etc', join(dir, 'volume/outside'));
    await symlink('/no/such/place', join(dir, 'volume/dangling'));
    for (const path of ['outside', 'outside/passwd', '../x', '/etc', 'dangling']) {
      await expect(bind(path)).rejects.toMatchObject({ reason: 'Forbidden' });
    }
  });

  it('of memory have the size asked for', async () => {
    await mkdir(join(dir, 'memory'));
    await mounts.tmpfs(join(dir, 'memory'), { sizeBytes: 2 ** 20 });
    expect(await mounts.below(dir)).toEqual([join(dir, 'memory')]);
    await expect(writeFile(join(dir, 'memory/big'), Buffer.alloc(2 ** 21))).rejects.toThrow('ENOSPC');
    await mounts.unmount(join(dir, 'memory'));
    await mounts.unmount(join(dir, 'memory'));
  });
});
