import type { Volume } from '@kubephant/schema';
import { none, type Causes } from '../validation/causes';
import type { Check } from '../validation/checks';
import type { Path } from '../validation/path';
import { remoteSources } from './volume-remote';
import { legacySources } from './volume-legacy';
import { localSources } from './volume-local';

export type SourceName = Exclude<keyof Volume, 'name'>;
export type SourceChecks = { readonly [K in SourceName]?: Check<NonNullable<Volume[K]>> };

export { validateIscsi } from './volume-remote';
export { validateStorageOS } from './volume-legacy';

const checks: SourceChecks = { ...localSources, ...remoteSources, ...legacySources };

/** In the order in which upstream looks for them: the first is the source, the others are too many. */
export const sourceNames = [
  'emptyDir',
  'hostPath',
  'gitRepo',
  'gcePersistentDisk',
  'awsElasticBlockStore',
  'secret',
  'nfs',
  'iscsi',
  'glusterfs',
  'flocker',
  'persistentVolumeClaim',
  'rbd',
  'cinder',
  'cephfs',
  'downwardAPI',
  'fc',
  'flexVolume',
  'configMap',
  'azureFile',
  'vsphereVolume',
  'quobyte',
  'photonPersistentDisk',
  'portworxVolume',
  'azureDisk',
  'storageos',
  'projected',
  'scaleIO',
  'csi',
  'ephemeral',
  'image',
] as const satisfies readonly SourceName[];

/** Field paths of sources are their JSON names, but for one. */
const pathNames: Readonly<Record<string, string>> = { gcePersistentDisk: 'persistentDisk' };

/** One source of a volume, or of a persistent volume where it is the same. */
export function validateSource(sources: object, name: string, path: Path): Causes {
  const check = (checks as Partial<Record<string, Check<unknown>>>)[name];
  const source = (sources as Partial<Record<string, unknown>>)[name];
  return check?.(source, path.child(pathNames[name] ?? name)) ?? none;
}
