import type { KubeObject } from '@kubephant/api';
import { forbidden, notSupported, type Causes } from '../validation/causes';
import { when } from '../validation/checks';
import type { Path } from '../validation/path';

const short: Readonly<Record<string, string>> = {
  ReadWriteOnce: 'RWO',
  ReadOnlyMany: 'ROX',
  ReadWriteMany: 'RWX',
  ReadWriteOncePod: 'RWOP',
};
const allowed = Object.keys(short).sort();
const exclusive = 'ReadWriteOncePod';

/** `RWO,ROX`, each once, in a fixed order. */
export const accessModesText = (modes: readonly string[] | undefined): string =>
  Object.entries(short)
    .filter(([mode]) => modes?.includes(mode))
    .map(([, text]) => text)
    .join(',');

/** Known modes; the one that excludes all others alone. Told of the list, without index. */
export const validateAccessModes = (modes: readonly string[], path: Path): Causes => [
  ...modes.filter((mode) => !allowed.includes(mode)).map((mode) => notSupported(path, mode, allowed)),
  ...when(modes.includes(exclusive) && modes.some((mode) => mode !== exclusive && allowed.includes(mode)), () =>
    forbidden(path, `may not use ${exclusive} with other access modes`),
  ),
];

const betaClass = 'volume.beta.kubernetes.io/storage-class';

/** The annotation that named the storage class before there was a field. */
export const classWarnings = ({ metadata }: KubeObject): readonly string[] =>
  metadata.annotations?.[betaClass] === undefined
    ? []
    : [`metadata.annotations[${betaClass}]: deprecated since v1.8; use "storageClassName" attribute instead`];

export const volumeModes: readonly string[] = ['Block', 'Filesystem'];
