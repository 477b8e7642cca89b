import { dns1123Label } from '@kubephant/api';
import type {
  AzureDiskVolumeSource,
  FlockerVolumeSource,
  QuobyteVolumeSource,
  StorageOSVolumeSource,
} from '@kubephant/schema';
import { invalidValue, none, notSupported, required, type Causes } from '../validation/causes';
import { follows, inRange, oneOf, optional, present, when } from '../validation/checks';
import type { Path } from '../validation/path';
import { noBacksteps } from './paths';
import type { SourceChecks } from './volume-sources';

function validateFlocker({ datasetName = '', datasetUUID = '' }: FlockerVolumeSource, path: Path): Causes {
  return [
    ...when(!datasetName && !datasetUUID, () => required(path, 'one of datasetName and datasetUUID is required')),
    ...when(Boolean(datasetName) && Boolean(datasetUUID), () =>
      invalidValue(path, 'resource', 'datasetName and datasetUUID can not be specified simultaneously'),
    ),
    ...when(datasetName.includes('/'), () =>
      invalidValue(path.child('datasetName'), datasetName, "must not contain '/'"),
    ),
  ];
}

const blobUri = 'https://{account-name}.blob.core.windows.net/{container-name}/{disk-name}.vhd';
const managedUri = '/subscriptions/{sub-id}/resourcegroups/{group-name}/providers/microsoft.compute/disks/{disk-id}';

function validateDiskUri({ kind, diskURI }: AzureDiskVolumeSource, path: Path): Causes {
  if (kind === 'Managed')
    return diskURI.startsWith('/subscriptions') ? none : [notSupported(path, diskURI, [managedUri])];
  return diskURI.startsWith('https://') ? none : [notSupported(path, diskURI, [blobUri])];
}

const validateAzureDisk = (source: AzureDiskVolumeSource, path: Path): Causes => [
  ...present(source.diskName, path.child('diskName')),
  ...present(source.diskURI, path.child('diskURI')),
  ...optional(source.cachingMode, path.child('cachingMode'), (mode, where) =>
    oneOf(mode, where, ['None', 'ReadOnly', 'ReadWrite']),
  ),
  ...optional(source.kind, path.child('kind'), (kind, where) => oneOf(kind, where, ['Dedicated', 'Managed', 'Shared'])),
  ...validateDiskUri(source, path.child('diskURI')),
];

const monitors = (list: readonly string[] | null, path: Path): Causes =>
  when((list ?? []).length === 0, () => required(path.child('monitors')));

/** An absolute path of a partition of a disk: none, or one of 255. */
const partition = (value: number | undefined, path: Path): Causes =>
  value === undefined ? none : inRange(value, path.child('partition'), [value === 0 ? 0 : 1, 255]);

const pairs = 'must be a host:port pair or multiple pairs separated by commas';

/** `host:port`, `[::1]:port`; either may be empty. */
const isPair = (text: string): boolean => /^(\[[^[\]]*\]|[^:[\]]*):[^:[\]]*$/.test(text);

function validateRegistry({ registry, tenant = '' }: QuobyteVolumeSource, path: Path): Causes {
  const where = path.child('registry');
  if (!registry) return [required(where, pairs)];
  if (tenant.length > 64)
    return [required(path.child('tenant'), 'must be a UUID and may not exceed a length of 64 characters')];
  return registry
    .split(',')
    .filter((pair) => !isPair(pair))
    .map(() => invalidValue(where, registry, pairs));
}

/** What holds of it in pods and of persistent ones. */
export const validateStorageOS = (
  { volumeName, volumeNamespace }: Omit<StorageOSVolumeSource, 'secretRef'>,
  path: Path,
): Causes => [
  ...(volumeName ? follows(volumeName, path.child('volumeName'), dns1123Label) : [required(path.child('volumeName'))]),
  ...(volumeNamespace ? follows(volumeNamespace, path.child('volumeNamespace'), dns1123Label) : none),
];

/** Sources whose drivers left the tree: still accepted, validated as ever. */
export const legacySources: SourceChecks = {
  gcePersistentDisk: (source, path) => [
    ...present(source.pdName, path.child('pdName')),
    ...partition(source.partition, path),
  ],
  awsElasticBlockStore: (source, path) => [
    ...present(source.volumeID, path.child('volumeID')),
    ...partition(source.partition, path),
  ],
  gitRepo: ({ repository, directory }, path) => [
    ...present(repository, path.child('repository')),
    ...(directory ? noBacksteps(directory, path.child('directory')) : none),
  ],
  glusterfs: (source, path) => [
    ...present(source.endpoints, path.child('endpoints')),
    ...present(source.path, path.child('path')),
  ],
  flocker: validateFlocker,
  rbd: (source, path) => [...monitors(source.monitors, path), ...present(source.image, path.child('image'))],
  cinder: (source, path) => [
    ...present(source.volumeID, path.child('volumeID')),
    ...optional(source.secretRef, path.child('secretRef'), (ref, where) => present(ref.name, where.child('name'))),
  ],
  cephfs: (source, path) => monitors(source.monitors, path),
  azureFile: (source, path) => [
    ...present(source.secretName, path.child('secretName')),
    ...present(source.shareName, path.child('shareName')),
  ],
  azureDisk: validateAzureDisk,
  vsphereVolume: (source, path) => present(source.volumePath, path.child('volumePath')),
  quobyte: (source, path) => [...validateRegistry(source, path), ...present(source.volume, path.child('volume'))],
  photonPersistentDisk: (source, path) => present(source.pdID, path.child('pdID')),
  portworxVolume: (source, path) => present(source.volumeID, path.child('volumeID')),
  scaleIO: (source, path) => [
    ...present(source.gateway, path.child('gateway')),
    ...present(source.system, path.child('system')),
    ...present(source.volumeName, path.child('volumeName')),
  ],
  storageos: (source, path) => [
    ...validateStorageOS(source, path),
    ...optional(source.secretRef, path.child('secretRef'), (ref, where) => present(ref.name, where.child('name'))),
  ],
};
