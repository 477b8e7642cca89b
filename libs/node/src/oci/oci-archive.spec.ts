import { createHash } from 'node:crypto';
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { busyboxArchive, pauseArchive } from './busybox';
import { ociArchive, type OciImage } from './oci-archive';

const image: OciImage = {
  name: 'docker.io/library/demo:1',
  files: [
    { path: '/bin/app', content: '#!/bin/sh\n', mode: 0o755 },
    { path: '/bin/sh', link: 'busybox' },
    { path: '/var/lib/app', directory: true, mode: 0o700 },
  ],
  entrypoint: ['/bin/app'],
  env: { PORT: '80' },
};

interface Descriptor {
  readonly digest: string;
  readonly size: number;
  readonly annotations: Record<string, string>;
}
/** As much of the image specification's documents as is looked at here. */
interface Json {
  readonly manifests: [Descriptor];
  readonly config: Descriptor & { readonly Env: string[] };
  readonly layers: [Descriptor];
  readonly rootfs: { readonly diff_ids: string[] };
}

describe('OCI archive', () => {
  let dir: string;
  beforeEach(() => (dir = mkdtempSync(join(tmpdir(), 'oci-'))));
  afterEach(() => rmSync(dir, { recursive: true }));
  const unpack = (archive: Buffer): void => {
    writeFileSync(join(dir, 'image.tar'), archive);
    execFileSync('tar', ['-xf', 'image.tar'], { cwd: dir });
  };
  const blob = (digest: string) => readFileSync(join(dir, 'blobs', digest.replace(':', '/')));
  const object = (data: Buffer): Json => JSON.parse(data.toString()) as Json;

  it('is a layout whose every blob has the digest it is called by', () => {
    unpack(ociArchive(image));
    const index = object(readFileSync(join(dir, 'index.json')));
    const manifest = object(blob(index.manifests[0].digest));
    for (const { digest, size } of [index.manifests[0], manifest.config, ...manifest.layers]) {
      expect(blob(digest)).toHaveLength(size);
      expect(`sha256:${createHash('sha256').update(blob(digest)).digest('hex')}`).toBe(digest);
    }
    expect(index.manifests[0].annotations['io.containerd.image.name']).toBe(image.name);
    const { config, rootfs } = object(blob(manifest.config.digest));
    expect(config).toMatchObject({ Entrypoint: ['/bin/app'], WorkingDir: '/' });
    expect(config.Env).toContain('PORT=80');
    expect(rootfs.diff_ids).toEqual([manifest.layers[0].digest]);
  });

  it('has the files with their modes and links, below directories it made', () => {
    unpack(ociArchive(image));
    const manifest = object(blob(object(readFileSync(join(dir, 'index.json'))).manifests[0].digest));
    writeFileSync(join(dir, 'layer.tar'), blob(manifest.layers[0].digest));
    const listing = execFileSync('tar', ['-tvf', 'layer.tar'], { cwd: dir, env: { ...process.env, TZ: 'UTC' } });
    expect(listing.toString().replaceAll(/ +/g, ' ').trim().split('\n')).toEqual([
      'drwxr-xr-x 0/0 0 1970-01-01 00:00 bin/',
      '-rwxr-xr-x 0/0 10 1970-01-01 00:00 bin/app',
      'lrwxrwxrwx 0/0 0 1970-01-01 00:00 bin/sh -> busybox',
      'drwxr-xr-x 0/0 0 1970-01-01 00:00 var/',
      'drwxr-xr-x 0/0 0 1970-01-01 00:00 var/lib/',
      'drwx------ 0/0 0 1970-01-01 00:00 var/lib/app/',
    ]);
  });

  it('makes the same bytes of the same image', () => {
    expect(ociArchive(image).equals(ociArchive(image))).toBe(true);
    const busybox = Buffer.from('busybox');
    expect(pauseArchive(busybox, 'p:1').equals(pauseArchive(busybox, 'p:1'))).toBe(true);
    expect(busyboxArchive(busybox, { name: 'a:1' }).equals(busyboxArchive(busybox, { name: 'b:1' }))).toBe(false);
  });

  it.each(['../etc/passwd', '/a/../../b', '/', ''])('refuses the path %j', (path) => {
    expect(() => ociArchive({ name: 'x:1', files: [{ path, content: '' }] })).toThrow('not a path of an image');
  });
});
