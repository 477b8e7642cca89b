import { timestamp } from '@kubephant/api';
import type { PersistentVolume } from '@kubephant/schema';
import { defineResource, type Column, type ResourceDefinition, type Strategy } from '../definition';
import { setSourceDefaults } from '../pod-spec/volume-defaults';
import { deprecatedSources } from '../pod-spec/volume-warnings';
import { ageColumn, nameColumn, text, wideText } from '../print/columns';
import { accessModesText, classWarnings } from './access-modes';
import { validateVolume, validateVolumeChange } from './volume-validate';

const recycleWarning =
  'spec.persistentVolumeReclaimPolicy: The Recycle reclaim policy is deprecated. ' +
  'Instead, the recommended approach is to use dynamic provisioning.';

const betaOptions = 'volume.beta.kubernetes.io/mount-options';

function warnings(volume: PersistentVolume): readonly string[] {
  const { metadata, spec } = volume;
  const gone = deprecatedSources.filter(([source]) => sources.has(source) && Object.hasOwn(spec, source));
  return [
    ...classWarnings(volume),
    ...(metadata.annotations?.[betaOptions] === undefined
      ? []
      : [`metadata.annotations[${betaOptions}]: deprecated since v1.31; use "mountOptions" attribute instead`]),
    ...(spec.persistentVolumeReclaimPolicy === 'Recycle' ? [recycleWarning] : []),
    ...gone.map(([source, why, name = source]) => `spec.${name}: ${why}`),
  ];
}

/** Those of the sources that are gone that upstream warns of in volumes. */
const sources = new Set(['cephfs', 'photonPersistentDisk', 'scaleIO', 'storageos', 'glusterfs', 'rbd']);

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
  warnings,
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
