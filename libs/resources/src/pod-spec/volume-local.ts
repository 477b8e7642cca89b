import type {
  ConfigMapVolumeSource,
  DownwardAPIVolumeFile,
  KeyToPath,
  ProjectedVolumeSource,
  SecretVolumeSource,
  VolumeProjection,
} from '@kubephant/schema';
import { Quantity } from '@kubephant/api';
import { forbidden, invalidValue, required, type Causes } from '../validation/causes';
import { each, oneOf, optional, present, when } from '../validation/checks';
import type { Path } from '../validation/path';
import { pullPolicies } from './allowed';
import { volumeFields, validateFieldRef, validateResourceRef } from './field-refs';
import { descendingUnreserved, noBacksteps } from './paths';
import type { SourceChecks } from './volume-sources';

const maxMode = 0o777;

const validateMode = (mode: number | undefined, path: Path): Causes =>
  when(mode !== undefined && (mode < 0 || mode > maxMode), () =>
    invalidValue(path, mode, 'must be a number between 0 and 0777 (octal), both inclusive'),
  );

const validateItem = ({ key, path: file, mode }: KeyToPath, path: Path): Causes => [
  ...present(key, path.child('key')),
  ...(file ? descendingUnreserved(file, path.child('path')) : [required(path.child('path'))]),
  ...validateMode(mode, path.child('mode')),
];

const validateItems = (items: readonly KeyToPath[] | undefined, path: Path): Causes =>
  each(items, path.child('items'), validateItem);

const validateSecret = ({ secretName, defaultMode, items }: SecretVolumeSource, path: Path): Causes => [
  ...present(secretName, path.child('secretName')),
  ...validateMode(defaultMode, path.child('defaultMode')),
  ...validateItems(items, path),
];

const validateConfigMap = ({ name, defaultMode, items }: ConfigMapVolumeSource, path: Path): Causes => [
  ...present(name, path.child('name')),
  ...validateMode(defaultMode, path.child('defaultMode')),
  ...validateItems(items, path),
];

function validateDownwardRef({ fieldRef, resourceFieldRef }: DownwardAPIVolumeFile, path: Path): Causes {
  if (fieldRef) {
    const both = 'fieldRef and resourceFieldRef can not be specified simultaneously';
    return [
      ...validateFieldRef(fieldRef, volumeFields, path.child('fieldRef')),
      ...when(resourceFieldRef !== undefined, () => invalidValue(path, 'resource', both)),
    ];
  }
  return resourceFieldRef
    ? validateResourceRef(resourceFieldRef, path.child('resourceFieldRef'), false)
    : [required(path, 'one of fieldRef and resourceFieldRef is required')];
}

/** Told of the volume, without the index of the file. */
const validateFiles = (files: readonly DownwardAPIVolumeFile[] | undefined, path: Path): Causes =>
  (files ?? []).flatMap((file) => [
    ...(file.path ? descendingUnreserved(file.path, path.child('path')) : [required(path.child('path'))]),
    ...validateDownwardRef(file, path),
    ...validateMode(file.mode, path.child('mode')),
  ]);

const minTokenSeconds = 600;
const maxTokenSeconds = 2 ** 32;

/** The path is told of the volume. */
function validateToken(token: NonNullable<VolumeProjection['serviceAccountToken']>, path: Path, volume: Path): Causes {
  const { expirationSeconds: seconds = minTokenSeconds, path: file } = token;
  const where = path.child('expirationSeconds');
  return [
    ...when(seconds < minTokenSeconds, () =>
      invalidValue(where, seconds, 'may not specify a duration less than 10 minutes'),
    ),
    ...when(seconds > maxTokenSeconds, () =>
      invalidValue(where, seconds, 'may not specify a duration larger than 2^32 seconds'),
    ),
    ...(file ? descendingUnreserved(file, volume.child('path')) : [required(volume.child('path'))]),
  ];
}

function validateProjection(source: VolumeProjection, path: Path, volume: Path): Causes {
  const { secret, configMap, downwardAPI, serviceAccountToken } = source;
  const count = Object.values(source as Record<string, unknown>).filter((part) => part !== undefined).length;
  return [
    ...optional(secret, path.child('secret'), (part, where) => [
      ...present(part.name, where.child('name')),
      ...validateItems(part.items, where),
    ]),
    ...optional(configMap, path.child('configMap'), (part, where) => [
      ...present(part.name, where.child('name')),
      ...validateItems(part.items, where),
    ]),
    ...optional(downwardAPI, path.child('downwardAPI'), (part, where) => validateFiles(part.items, where)),
    ...optional(serviceAccountToken, path.child('serviceAccountToken'), (part, where) =>
      validateToken(part, where, volume),
    ),
    ...when(count > 1, () => forbidden(path, 'may not specify more than 1 volume type per source')),
  ];
}

/** A file, and what is quoted when another has its path. */
interface ProjectedFile {
  readonly path: string | undefined;
  readonly blamed: string | undefined;
}

function projectedFiles({ secret, configMap, downwardAPI, serviceAccountToken }: VolumeProjection): ProjectedFile[] {
  return [
    ...(secret?.items ?? []).map(({ path }) => ({ path, blamed: secret?.name ?? '' })),
    ...(configMap?.items ?? []).map(({ path }) => ({ path, blamed: configMap?.name ?? '' })),
    ...(downwardAPI?.items ?? []).map(({ path }) => ({ path, blamed: path })),
    ...(serviceAccountToken ? [{ path: serviceAccountToken.path, blamed: serviceAccountToken.path }] : []),
  ].filter(({ path }) => Boolean(path));
}

/** All sources put their files into one folder. */
function validateProjectedPaths(sources: readonly VolumeProjection[], path: Path): Causes {
  const files = sources.flatMap(projectedFiles);
  const paths = files.map((file) => file.path);
  return files
    .filter((file, index) => paths.indexOf(file.path) < index)
    .map(({ blamed }) => invalidValue(path, blamed, 'conflicting duplicate paths'));
}

const validateProjected = ({ defaultMode, sources }: ProjectedVolumeSource, path: Path): Causes => [
  ...validateMode(defaultMode, path.child('defaultMode')),
  ...each(sources, path.child('sources'), (source, where) => validateProjection(source, where, path)),
  ...validateProjectedPaths(sources ?? [], path),
];

const hostPathTypes = [
  '',
  'BlockDevice',
  'CharDevice',
  'Directory',
  'DirectoryOrCreate',
  'File',
  'FileOrCreate',
  'Socket',
];

/** Sources the node makes from what it has or the API knows. */
export const localSources: SourceChecks = {
  emptyDir: ({ sizeLimit }, path) =>
    when(sizeLimit !== undefined && Quantity.parse(sizeLimit).sign < 0, () =>
      forbidden(path.child('sizeLimit'), 'SizeLimit field must be a valid resource quantity'),
    ),
  hostPath: ({ path: file, type }, path) => [
    ...(file ? noBacksteps(file, path.child('path')) : [required(path.child('path'))]),
    ...optional(type, path.child('type'), (name, where) => oneOf(name, where, hostPathTypes)),
  ],
  secret: validateSecret,
  configMap: validateConfigMap,
  downwardAPI: ({ defaultMode, items }, path) => [
    ...validateMode(defaultMode, path.child('defaultMode')),
    ...validateFiles(items, path),
  ],
  projected: validateProjected,
  persistentVolumeClaim: ({ claimName }, path) => present(claimName, path.child('claimName')),
  image: ({ reference, pullPolicy }, path) => [
    ...present(reference, path.child('reference')),
    ...oneOf(pullPolicy, path.child('pullPolicy'), pullPolicies),
  ],
};
