import { dns1123Subdomain, Quantity } from '@kubephant/api';
import type { PersistentVolumeClaimSpec } from '@kubephant/schema';
import { invalidValue, none, required, type Causes } from '../validation/causes';
import { roundAmounts } from '../pod-spec/defaults';
import { follows, oneOf, optional, present, when } from '../validation/checks';
import { validateLabelSelector } from '../validation/labels';
import type { Path } from '../validation/path';
import { validateAccessModes, volumeModes } from './access-modes';

const subdomain = (name: string): readonly string[] => dns1123Subdomain(name);

interface DataSource {
  readonly apiGroup?: string | null;
  readonly kind: string;
  readonly name: string;
}

function validateDataSource({ apiGroup, kind, name }: DataSource, path: Path): Causes {
  const core = "must be 'PersistentVolumeClaim' when referencing the default apiGroup";
  return [
    ...present(name, path.child('name')),
    ...present(kind, path.child('kind')),
    ...when(!apiGroup && kind !== 'PersistentVolumeClaim', () => invalidValue(path, kind, core)),
    ...(apiGroup ? follows(apiGroup, path.child('apiGroup'), subdomain) : none),
  ];
}

function validateStorage(text: string | undefined, path: Path): Causes {
  if (text === undefined) return [required(path)];
  const amount = Quantity.parse(text);
  return when(amount.sign <= 0, () => invalidValue(path, amount, 'must be greater than zero'));
}

/** What a claim asks for: of its own, or as the template of an ephemeral volume. */
export function validateClaimSpec(spec: PersistentVolumeClaimSpec, path: Path): Causes {
  const modes = spec.accessModes ?? [];
  const modesPath = path.child('accessModes');
  return [
    ...when(modes.length === 0, () => required(modesPath, 'at least 1 access mode is required')),
    ...validateLabelSelector(spec.selector, path.child('selector')),
    ...validateAccessModes(modes, modesPath),
    ...validateStorage(spec.resources?.requests?.['storage'], path.child('resources').key('storage')),
    ...(spec.storageClassName ? follows(spec.storageClassName, path.child('storageClassName'), subdomain) : none),
    ...optional(spec.volumeMode, path.child('volumeMode'), (mode, where) => oneOf(mode, where, volumeModes)),
    ...optional(spec.dataSource, path.child('dataSource'), validateDataSource),
    ...optional(spec.dataSourceRef, path.child('dataSourceRef'), validateDataSource),
    ...(spec.volumeAttributesClassName
      ? follows(spec.volumeAttributesClassName, path.child('volumeAttributesClassName'), subdomain)
      : none),
  ];
}

/** Bytes come whole. */
export function sizeWarnings({ resources }: PersistentVolumeClaimSpec, path: Path): readonly string[] {
  return (['requests', 'limits'] as const).flatMap((list) => {
    const amount = resources?.[list]?.['storage'];
    if (amount === undefined || Quantity.parse(amount).milliValue() % 1000n === 0n) return [];
    const where = path.child('resources', list).key('storage').toString();
    return [`${where}: fractional byte value ${JSON.stringify(amount)} is invalid, must be an integer`];
  });
}

export function setClaimDefaults(spec: PersistentVolumeClaimSpec): void {
  spec.volumeMode ??= 'Filesystem';
  roundAmounts(spec.resources?.requests);
  roundAmounts(spec.resources?.limits);
}

const isPopulator = ({ apiGroup, kind }: DataSource): boolean =>
  apiGroup ? apiGroup === 'snapshot.storage.k8s.io' && kind === 'VolumeSnapshot' : kind === 'PersistentVolumeClaim';

/**
 * The two fields for one source say the same (KEP-1495): the older one only knows claims and snapshots, and is dropped
 * when it names anything else; the newer one is dropped when it names another namespace (KEP-3294, off by default).
 */
export function alignDataSources(spec: PersistentVolumeClaimSpec): void {
  if (spec.dataSource && !isPopulator(spec.dataSource)) delete spec.dataSource;
  if (spec.dataSourceRef?.namespace) delete spec.dataSourceRef;
  else if (spec.dataSourceRef) spec.dataSource ??= { ...spec.dataSourceRef };
  if (spec.dataSource) spec.dataSourceRef ??= { ...spec.dataSource };
}
