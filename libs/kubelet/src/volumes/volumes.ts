import { Quantity, StatusError } from '@kubephant/api';
import type { Clock } from '@kubephant/base';
import type { Host, Mount } from '@kubephant/node';
import type { Container, EphemeralContainer, Pod, Volume, VolumeMount } from '@kubephant/schema';
import { propagationOf } from '../pods/container-config';
import type { KubeletMetrics } from '../metrics/kubelet-metrics';
import { expand } from '../pods/expansion';
import type { PodPaths } from '../pods/paths';
import { writeAtomically } from './atomic-writer';
import { checkHostPath } from './host-path';
import { volumePayload, type PayloadInput } from './payload';

export interface VolumeDeps {
  readonly host: Host;
  readonly clock: Clock;
  readonly paths: PodPaths;
  readonly metrics: Pick<KubeletMetrics, 'storageSeconds'>;
}

/** A pod's volumes by name: where each is on the host. */
export type MountedVolumes = ReadonlyMap<string, string>;

const inMemory = new Set(['secret', 'projected', 'downwardAPI']);
/** Each kind's name as a plugin, without `kubernetes.io/`: the folder of its volumes, too. */
const plugins: Readonly<Record<string, string>> = {
  emptyDir: 'empty-dir',
  configMap: 'configmap',
  secret: 'secret',
  projected: 'projected',
  downwardAPI: 'downward-api',
  hostPath: 'host-path',
};

/** As metrics have it: `kubernetes.io/configmap`. */
export function pluginOf(volume: Volume): string {
  const kind = kindOf(volume);
  return `kubernetes.io/${Object.hasOwn(plugins, kind) ? (plugins[kind] ?? '') : kind.toLowerCase()}`;
}

function kindOf(volume: Volume): string {
  return Object.keys(volume).find((key) => key !== 'name') ?? 'emptyDir';
}

/**
 * Makes every volume of the pod ready, or brings it up to date: called again and again, it changes nothing that is as it
 * should be. Rejects with the first problem, naming the volume.
 */
export async function mountVolumes(deps: VolumeDeps, input: PayloadInput): Promise<MountedVolumes> {
  const mounted = new Map<string, string>();
  for (const volume of input.pod.spec.volumes ?? []) {
    const end = deps.metrics.storageSeconds.startTimer({
      migrated: 'false',
      operation_name: 'volume_mount',
      volume_plugin: pluginOf(volume),
    });
    try {
      mounted.set(volume.name, await mountVolume(deps, volume, input));
      end({ status: 'success' });
    } catch (err) {
      end({ status: 'fail-unknown' });
      const { message, reason } = StatusError.from(err);
      const text = `MountVolume.SetUp failed for volume ${JSON.stringify(volume.name)} : ${message}`;
      throw new StatusError(reason === 'NotFound' ? 'NotFound' : 'InternalError', text, undefined, { cause: err });
    }
  }
  return mounted;
}

async function mountVolume(deps: VolumeDeps, volume: Volume, input: PayloadInput): Promise<string> {
  const { host, clock, paths } = deps;
  const kind = kindOf(volume);
  if (volume.hostPath) {
    await checkHostPath(host.files, volume.hostPath.path, volume.hostPath.type ?? '');
    return volume.hostPath.path;
  }
  const folder = Object.hasOwn(plugins, kind) ? plugins[kind] : undefined;
  if (folder === undefined)
    throw new StatusError('NotImplemented', `${kind} volumes are not supported by this kubelet`);
  const path = paths.volume(input.pod.metadata.uid, folder, volume.name);
  const fsGroup = input.pod.spec.securityContext?.fsGroup;
  if (volume.emptyDir) {
    await mountEmptyDir(deps, volume, path, fsGroup);
    return path;
  }
  const payload = (await volumePayload(volume, input)) ?? new Map();
  await host.files.makeDirectory(path, { mode: 0o755 });
  if (inMemory.has(kind)) await ensureTmpfs(host, path, {});
  const changed = await writeAtomically(host.files, path, payload, clock.now());
  if (changed && fsGroup !== undefined) await host.files.setGroup(path, fsGroup);
  return path;
}

async function mountEmptyDir(
  { host }: VolumeDeps,
  { emptyDir }: Volume,
  path: string,
  fsGroup?: number,
): Promise<void> {
  const fresh = (await host.files.stat(path)) === undefined;
  if (!fresh && emptyDir?.medium !== 'Memory') return;
  await host.files.makeDirectory(path, fresh ? { mode: 0o777 } : {});
  if (emptyDir?.medium === 'Memory') {
    const sizeBytes = emptyDir.sizeLimit === undefined ? undefined : Number(Quantity.parse(emptyDir.sizeLimit).value());
    await ensureTmpfs(host, path, sizeBytes ? { sizeBytes } : {});
  }
  if (fresh && fsGroup !== undefined) await host.files.setGroup(path, fsGroup);
}

async function ensureTmpfs(host: Host, path: string, options: { readonly sizeBytes?: number }): Promise<void> {
  if ((await host.mounts.below(path)).includes(path)) return;
  await host.mounts.tmpfs(path, options);
}

export interface MountInput {
  readonly pod: Pod;
  readonly container: Container | EphemeralContainer;
  readonly volumes: MountedVolumes;
  readonly env: ReadonlyMap<string, string>;
}

/** What a container sees of the pod's volumes. Sub-paths become mounts of their own, which nothing can lead outside. */
export async function containerMounts(deps: VolumeDeps, input: MountInput): Promise<Mount[]> {
  const mounts: Mount[] = [];
  for (const [i, mount] of (input.container.volumeMounts ?? []).entries()) {
    const volume = input.volumes.get(mount.name);
    if (volume === undefined)
      throw new StatusError('BadRequest', `volume ${JSON.stringify(mount.name)} is not mounted`);
    mounts.push({
      containerPath: mount.mountPath.startsWith('/') ? mount.mountPath : `/${mount.mountPath}`,
      hostPath: await mountedPath(deps, input, { mount, volume, index: i }),
      readonly: mount.readOnly ?? false,
      propagation: propagationOf(mount),
    });
  }
  return mounts;
}

interface Mounting {
  readonly mount: VolumeMount;
  readonly volume: string;
  readonly index: number;
}

async function mountedPath(
  { host, paths }: VolumeDeps,
  { pod, container, env }: MountInput,
  { mount, volume, index }: Mounting,
): Promise<string> {
  const subPath = mount.subPathExpr === undefined ? (mount.subPath ?? '') : expand(mount.subPathExpr, env);
  if (subPath === '') return volume;
  const target = `${paths.subPaths(pod.metadata.uid)}/${mount.name}/${container.name}/${index}`;
  await host.mounts.unmount(target);
  await host.mounts.bindInside(volume, subPath, target);
  return target;
}

/** Takes down every mount below the pod's directory, and then the directory: volumes, sub-paths and all. */
export async function removePodDirectory({ host, paths }: VolumeDeps, uid: string): Promise<void> {
  const directory = paths.podDirectory(uid);
  for (const point of await host.mounts.below(directory)) await host.mounts.unmount(point);
  await host.files.remove(directory);
}
