import { dns1123Label, dns1123Subdomain } from '@kubephant/api';
import type { PersistentVolume, SecretReference } from '@kubephant/schema';
import { validateIscsi, validateStorageOS } from '../pod-spec/volume-sources';
import { invalidValue, none, required, type Causes } from '../validation/causes';
import { follows, optional, present, type Check } from '../validation/checks';
import type { Path } from '../validation/path';
import { validateDriverName } from './driver-name';

type Spec = PersistentVolume['spec'];

const subdomain = (name: string): readonly string[] => dns1123Subdomain(name);

const named = (name: string | undefined, path: Path, rule: typeof subdomain): Causes =>
  name ? follows(name, path, rule) : [required(path)];

const validateSecret = ({ name, namespace }: SecretReference, path: Path): Causes => [
  ...named(name, path.child('name'), subdomain),
  ...named(namespace, path.child('namespace'), dns1123Label),
];

/** The secret for staging is not looked at. */
const secrets = [
  'controllerPublishSecretRef',
  'controllerExpandSecretRef',
  'nodePublishSecretRef',
  'nodeExpandSecretRef',
] as const;

export const validateCsi = (csi: NonNullable<Spec['csi']>, path: Path): Causes => [
  ...validateDriverName(csi.driver, path.child('driver')),
  ...present(csi.volumeHandle, path.child('volumeHandle')),
  ...secrets.flatMap((field) => optional(csi[field], path.child(field), validateSecret)),
];

const wholeSecret = ({ name, namespace }: SecretReference, path: Path): Causes => [
  ...present(name, path.child('name')),
  ...present(namespace, path.child('namespace')),
];

const badNamespace = 'if the endpointnamespace is set, it must be a valid namespace name';

/** Sources that are examined otherwise, or for more, where they outlive pods. */
type PersistentChecks = { readonly [K in keyof Spec]?: Check<NonNullable<Spec[K]>> };

export const persistentChecks: PersistentChecks = {
  csi: validateCsi,
  glusterfs: ({ endpoints, path: file, endpointsNamespace }, path) => [
    ...present(endpoints, path.child('endpoints')),
    ...present(file, path.child('path')),
    ...optional(endpointsNamespace, path.child('endpointsNamespace'), (name, where) =>
      name === '' ? [invalidValue(where, name, badNamespace)] : follows(name, where, dns1123Label),
    ),
  ],
  azureFile: ({ secretName, shareName, secretNamespace }, path) => [
    ...present(secretName, path.child('secretName')),
    ...present(shareName, path.child('shareName')),
    ...(secretNamespace === '' ? [required(path.child('secretNamespace'))] : none),
  ],
  iscsi: (source, path) => [
    ...validateIscsi(source, path, 'must be valid format'),
    ...optional(source.secretRef, path.child('secretRef'), (ref, where) => present(ref.name, where.child('name'))),
  ],
  storageos: (source, path) => [
    ...validateStorageOS(source, path),
    ...optional(source.secretRef, path.child('secretRef'), wholeSecret),
  ],
};
