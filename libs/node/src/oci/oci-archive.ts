import { createHash } from 'node:crypto';
import { tarArchive, type TarEntry } from './tar';

/** A file of the image. Paths start with `/`; the directories on the way are made. */
export type ImageFile =
  | { readonly path: string; readonly content: Uint8Array | string; readonly mode?: number }
  | { readonly path: string; readonly link: string }
  | { readonly path: string; readonly directory: true; readonly mode?: number };

export interface OciImage {
  /** With its tag, as pods name it: `docker.io/library/demo:1`. */
  readonly name: string;
  readonly files: readonly ImageFile[];
  readonly entrypoint?: readonly string[];
  readonly cmd?: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
  readonly workingDir?: string;
  readonly user?: string;
  readonly exposedPorts?: readonly string[];
  readonly stopSignal?: string;
  readonly labels?: Readonly<Record<string, string>>;
  /** Go's name of it; this machine's by default. */
  readonly architecture?: string;
}

const goArchitectures: Readonly<Record<string, string>> = { x64: 'amd64', arm64: 'arm64' };

/** This machine's architecture under Go's name, as images and nodes have it. */
export function goArchitecture(arch: string): string {
  return goArchitectures[arch] ?? arch;
}

/**
 * A single-layer image as an OCI image layout in a tar archive, ready for `ctr images import`
 * (https://github.com/opencontainers/image-spec). The same image makes the same bytes, and so the same digests.
 */
export function ociArchive(image: OciImage): Buffer {
  const layer = tarArchive(layerEntries(image.files));
  const config = json({
    architecture: image.architecture ?? 'amd64',
    os: 'linux',
    config: imageConfig(image),
    rootfs: { type: 'layers', diff_ids: [digest(layer)] },
    history: [{ created: epoch, created_by: 'kubephant' }],
    created: epoch,
  });
  const manifest = json({
    schemaVersion: 2,
    mediaType: mediaTypes.manifest,
    config: descriptor(mediaTypes.config, config),
    layers: [descriptor(mediaTypes.layer, layer)],
  });
  const index = json({
    schemaVersion: 2,
    mediaType: mediaTypes.index,
    manifests: [{ ...descriptor(mediaTypes.manifest, manifest), annotations: names(image.name) }],
  });
  return tarArchive([
    { type: 'file', path: 'oci-layout', content: json({ imageLayoutVersion: '1.0.0' }) },
    { type: 'file', path: 'index.json', content: index },
    { type: 'directory', path: 'blobs' },
    { type: 'directory', path: 'blobs/sha256' },
    ...[config, manifest, layer].map(blob),
  ]);
}

const epoch = '1970-01-01T00:00:00Z';
const mediaTypes = {
  index: 'application/vnd.oci.image.index.v1+json',
  manifest: 'application/vnd.oci.image.manifest.v1+json',
  config: 'application/vnd.oci.image.config.v1+json',
  layer: 'application/vnd.oci.image.layer.v1.tar',
};

const json = (value: object): Buffer => Buffer.from(JSON.stringify(value));
const sha256 = (data: Uint8Array): string => createHash('sha256').update(data).digest('hex');
const digest = (data: Uint8Array): string => `sha256:${sha256(data)}`;
const descriptor = (mediaType: string, data: Uint8Array): object => ({
  mediaType,
  digest: digest(data),
  size: data.length,
});
const blob = (content: Uint8Array): TarEntry => ({ type: 'file', path: `blobs/sha256/${sha256(content)}`, content });

function names(name: string): Record<string, string> {
  return { 'io.containerd.image.name': name, 'org.opencontainers.image.ref.name': name };
}

function imageConfig(image: OciImage): object {
  return {
    ...(image.user && { User: image.user }),
    ...(image.exposedPorts && { ExposedPorts: Object.fromEntries(image.exposedPorts.map((port) => [port, {}])) }),
    Env: Object.entries({ PATH: '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin', ...image.env }).map(
      ([name, value]) => `${name}=${value}`,
    ),
    ...(image.entrypoint && { Entrypoint: image.entrypoint }),
    ...(image.cmd && { Cmd: image.cmd }),
    WorkingDir: image.workingDir ?? '/',
    ...(image.stopSignal && { StopSignal: image.stopSignal }),
    ...(image.labels && { Labels: image.labels }),
  };
}

function layerEntries(files: readonly ImageFile[]): TarEntry[] {
  const entries = new Map<string, TarEntry>();
  for (const file of files) {
    const path = relative(file.path);
    for (const parent of parents(path)) {
      if (!entries.has(parent)) entries.set(parent, { type: 'directory', path: parent });
    }
    entries.set(path, entryOf(file, path));
  }
  return [...entries.values()];
}

function entryOf(file: ImageFile, path: string): TarEntry {
  if ('link' in file) return { type: 'symlink', path, target: file.link };
  const mode = file.mode === undefined ? {} : { mode: file.mode };
  if ('directory' in file) return { type: 'directory', path, ...mode };
  return { type: 'file', path, content: Buffer.from(file.content), ...mode };
}

function relative(path: string): string {
  const parts = path.split('/').filter((part) => part !== '' && part !== '.');
  if (parts.length === 0 || parts.includes('..')) throw new RangeError(`not a path of an image: ${path}`);
  return parts.join('/');
}

function parents(path: string): string[] {
  const parts = path.split('/').slice(0, -1);
  return parts.map((_, i) => parts.slice(0, i + 1).join('/'));
}
