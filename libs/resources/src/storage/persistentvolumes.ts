import { timestamp } from '@kubephant/api';
import type { PersistentVolume } from '@kubephant/schema';
import { defineResource, type Column, type ResourceDefinition, type Strategy } from '../definition';
import { setSourceDefaults } from '../pod-spec/volume-defaults';
import { ageColumn, nameColumn, text, wideText } from '../print/columns';
import { accessModesText, classWarnings } from './access-modes';
import { validateVolume, validateVolumeChange } from './volume-validate';

const recycleWarning =
  'spec.persistentVolumeReclaimPolicy: The Recycle reclaim policy is deprecated. ' +
  'Instead, the recommended approach is to use dynamic provisioning.';

const strategy: Strategy<PersistentVolume> = {
  prepareForCreate(volume, { now }) {
    volume.status = { phase: 'Pending', lastPhaseTransitionTime: timestamp(now) };
  },
  validate: validateVolume,
  // Upstream looks at all of it twice.
  validateUpdate: (volume, old) => [
    ...validateVolume(volume),
    ...validateVolume(volume),
    ...validateVolumeChange(volume, old),
  ],
  warnings: (volume) => [
    ...classWarnings(volume),
    ...(volume.spec.persistentVolumeReclaimPolicy === 'Recycle' ? [recycleWarning] : []),
  ],
};

/** The time of the last transition moves with the phase, unless the client names it. */
const statusStrategy: Strategy<PersistentVolume> = {
  prepareForUpdate({ status }, old, { now }) {
    if (!status || status.phase === old.status?.phase) return;
    if (status.lastPhaseTransitionTime === old.status?.lastPhaseTransitionTime) {
      status.lastPhaseTransitionTime = timestamp(now);
    }
  },
};

function claimText({ spec: { claimRef } }: PersistentVolume): string {
  return claimRef ? `${claimRef.namespace ?? ''}/${claimRef.name ?? ''}` : '';
}

const columns: readonly Column<PersistentVolume>[] = [
  nameColumn,
  text('Capacity', 'Its size.', ({ spec }) => spec.capacity?.['storage'] ?? '0'),
  text('Access Modes', 'How it may be mounted.', ({ spec }) => accessModesText(spec.accessModes)),
  text('Reclaim Policy', 'What becomes of it without a claim.', ({ spec }) => spec.persistentVolumeReclaimPolicy ?? ''),
  text('Status', 'Whether it is claimed.', ({ metadata, status }) =>
    metadata.deletionTimestamp ? 'Terminating' : (status?.phase ?? ''),
  ),
  text('Claim', 'The claim it is bound to.', claimText),
  text('StorageClass', 'Class of the volume.', ({ spec }) => spec.storageClassName ?? ''),
  text('VolumeAttributesClass', 'Class of its attributes.', ({ spec }) => spec.volumeAttributesClassName ?? '<unset>'),
  text('Reason', 'Why it is in its phase.', ({ status }) => status?.reason ?? ''),
  ageColumn,
  wideText('VolumeMode', 'Block or Filesystem.', ({ spec }) => spec.volumeMode ?? '<unset>'),
];

export const persistentVolumes: ResourceDefinition = defineResource<PersistentVolume>({
  group: '',
  version: 'v1',
  kind: 'PersistentVolume',
  scope: 'Cluster',
  names: { plural: 'persistentvolumes', singular: 'persistentvolume', short: ['pv'] },
  schema: 'io.k8s.api.core.v1.PersistentVolume',
  columns,
  deleteReturnsObject: true,
  defaults({ spec }) {
    spec.persistentVolumeReclaimPolicy ||= 'Retain';
    spec.volumeMode ??= 'Filesystem';
    setSourceDefaults(spec);
  },
  strategy,
  subresources: { status: { kind: 'status', strategy: statusStrategy } },
});
