import { createHash } from 'node:crypto';
import { mkdir, mkdtemp, readFile, readdir, rename, rm, stat, writeFile } from 'node:fs/promises';
import { arch, tmpdir } from 'node:os';
import { basename, join, relative } from 'node:path';
import { busyboxArchive, goArchitecture, pauseArchive, type ImageFile } from '@kubephant/node';
import { run } from './command';
import type { Layout } from './layout';

/** An image assembled on this machine, as an OCI archive. */
export interface LocalImage {
  readonly name: string;
  readonly digest: string;
  readonly archive: string;
}

export const sandboxImage = 'kubephant.local/pause:1';

/** The part of an image's `image.json` that varies; its files are in `rootfs/` beside it. */
interface ImageSource {
  readonly name: string;
  readonly tags: readonly string[];
  readonly command: readonly string[];
}

/**
 * Assembles the sandbox image, a plain busybox and the demo's images from what the machine has, so that they run
 * without a registry. `demoImages` is a directory with one directory per image.
 */
export async function ensureImages(layout: Layout, demoImages: string): Promise<readonly LocalImage[]> {
  const directory = join(layout.directories.cache, 'images');
  await mkdir(directory, { recursive: true });
  const busybox = await dynamicBusybox(layout.directories.cache);
  const architecture = goArchitecture(arch());
  const image = (
    name: string,
    rest: { files?: readonly ImageFile[]; cmd?: readonly string[]; env?: Record<string, string> },
  ): Promise<LocalImage> =>
    store(
      directory,
      name,
      busyboxArchive(busybox.binary, {
        name,
        architecture,
        ...rest,
        files: [...busybox.libraries, ...(rest.files ?? [])],
      }),
    );

  const images = [
    await store(directory, sandboxImage, pauseArchive(await readFile(staticBusybox), sandboxImage, architecture)),
    await image('kubephant.local/busybox:1', {}),
  ];
  for (const name of (await readdir(demoImages)).sort()) {
    const source = JSON.parse(await readFile(join(demoImages, name, 'image.json'), 'utf8')) as ImageSource;
    const files = await filesUnder(join(demoImages, name, 'rootfs'));
    for (const tag of source.tags)
      images.push(await image(`${source.name}:${tag}`, { files, cmd: source.command, env: { IMAGE_TAG: tag } }));
  }
  return images;
}

const staticBusybox = '/bin/busybox';

/**
 * Debian's dynamically linked busybox and its libraries. Not the static one: it cannot resolve names, since glibc's name
 * service does not work in static programs. It is unpacked, not installed, as Debian allows only one of the two.
 */
async function dynamicBusybox(
  cache: string,
): Promise<{ readonly binary: Buffer; readonly libraries: readonly ImageFile[] }> {
  const path = join(cache, 'busybox', 'bin', 'busybox');
  if (!(await exists(path))) await unpackBusybox(cache);
  const listed = await run(['ldd', path]);
  const libraries = [...listed.matchAll(/(\/\S+) \(0x/g)].map(([, library = '']) => library);
  return {
    binary: await readFile(path),
    libraries: await Promise.all(
      libraries.map(async (library) => ({ path: library, content: await readFile(library), mode: 0o755 })),
    ),
  };
}

async function unpackBusybox(cache: string): Promise<void> {
  // Under /tmp, where apt's unprivileged downloader may write.
  const work = await mkdtemp(join(tmpdir(), 'kubephant-'));
  try {
    await run(['apt-get', 'download', '-qq', 'busybox'], { cwd: work, timeoutMs: 120_000 });
    const [deb] = (await readdir(work)).filter((name) => name.endsWith('.deb'));
    const target = join(cache, 'busybox.new');
    await run(['dpkg-deb', '-x', join(work, basename(deb ?? '')), target]);
    await rm(join(cache, 'busybox'), { recursive: true, force: true });
    await rename(target, join(cache, 'busybox'));
  } finally {
    await rm(work, { recursive: true, force: true });
  }
}

async function filesUnder(root: string): Promise<ImageFile[]> {
  const entries = await readdir(root, { recursive: true, withFileTypes: true });
  const files = entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
  return await Promise.all(
    files.sort().map(async (file) => ({
      path: `/${relative(root, file)}`,
      content: await readFile(file),
      mode: (await stat(file)).mode & 0o777,
    })),
  );
}

async function store(directory: string, name: string, archive: Buffer): Promise<LocalImage> {
  const path = join(directory, `${name.replaceAll(/[/:]/g, '_')}.tar`);
  await writeFile(path, archive);
  return { name, digest: createHash('sha256').update(archive).digest('hex'), archive: path };
}

async function exists(path: string): Promise<boolean> {
  return await stat(path).then(
    () => true,
    () => false,
  );
}
