import { Quantity } from '@kubephant/api';
import type { PersistentVolumeClaim } from '@kubephant/schema';
import { defineResource, type Column, type ResourceDefinition, type Strategy } from '../definition';
import { ageColumn, nameColumn, text, wideText } from '../print/columns';
import { forbidden, none, type Causes } from '../validation/causes';
import { equal, when } from '../validation/checks';
import { at } from '../validation/path';
import { accessModesText, classWarnings } from './access-modes';
import { alignDataSources, setClaimDefaults, sizeWarnings, validateClaimSpec } from './claim-spec';

const spec = at('spec');

const sizeOf = (amounts: Readonly<Record<string, string>> | undefined): Quantity =>
  Quantity.parse(amounts?.['storage'] ?? '0');

/** A claim may shrink back to what was asked for in vain, never below what it has (KEP-1790). */
function validateSize(now: PersistentVolumeClaim, old: PersistentVolumeClaim): Causes {
  const wanted = sizeOf(now.spec.resources?.requests);
  const before = sizeOf(old.spec.resources?.requests);
  const has = sizeOf(old.status?.capacity);
  return when(wanted.compare(before) < 0 && wanted.compare(has) < 0, () =>
    forbidden(spec.child('resources', 'requests', 'storage'), 'field can not be less than status.capacity'),
  );
}

const fixed =
  'spec is immutable after creation except resources.requests and volumeAttributesClassName for bound claims';

/** Until it is bound a claim may only be given its volume; then it may grow and change its attributes. */
function validateChange(now: PersistentVolumeClaim, old: PersistentVolumeClaim): Causes {
  const allowed = structuredClone(old.spec);
  if (!allowed.volumeName && now.spec.volumeName) allowed.volumeName = now.spec.volumeName;
  const isBound = old.status?.phase === 'Bound';
  const { volumeAttributesClassName, resources } = now.spec;
  if (isBound && volumeAttributesClassName !== undefined) allowed.volumeAttributesClassName = volumeAttributesClassName;
  if (isBound && resources?.requests) allowed.resources = { ...allowed.resources, requests: resources.requests };
  return [
    ...when(!equal(now.spec, allowed), () => forbidden(spec, fixed)),
    ...(isBound ? validateSize(now, old) : none),
  ];
}

const strategy: Strategy<PersistentVolumeClaim> = {
  prepareForCreate(claim) {
    claim.status = { phase: 'Pending' };
    alignDataSources(claim.spec);
  },
  prepareForUpdate: (claim) => alignDataSources(claim.spec),
  validate: (claim) => validateClaimSpec(claim.spec, spec),
  validateUpdate: (claim, old) => [...validateClaimSpec(claim.spec, spec), ...validateChange(claim, old)],
  warnings: (claim) => [...classWarnings(claim), ...sizeWarnings(claim.spec, spec)],
};

const isBoundTo = ({ spec: { volumeName } }: PersistentVolumeClaim): boolean => Boolean(volumeName);

const columns: readonly Column<PersistentVolumeClaim>[] = [
  nameColumn,
  text('Status', 'Whether a volume was found.', ({ metadata, status }) =>
    metadata.deletionTimestamp ? 'Terminating' : (status?.phase ?? ''),
  ),
  text('Volume', 'The volume.', ({ spec: { volumeName } }) => volumeName ?? ''),
  text('Capacity', 'Its size.', (claim) => (isBoundTo(claim) ? sizeOf(claim.status?.capacity).toString() : '')),
  text('Access Modes', 'How it may be mounted.', (claim) =>
    isBoundTo(claim) ? accessModesText(claim.status?.accessModes) : '',
  ),
  text('StorageClass', 'Class of the claim.', ({ spec: { storageClassName } }) => storageClassName ?? ''),
  text(
    'VolumeAttributesClass',
    'Class of its attributes.',
    ({ spec: { volumeAttributesClassName } }) => volumeAttributesClassName ?? '<unset>',
  ),
  ageColumn,
  wideText('VolumeMode', 'Block or Filesystem.', ({ spec: { volumeMode } }) => volumeMode ?? '<unset>'),
];

export const persistentVolumeClaims: ResourceDefinition = defineResource<PersistentVolumeClaim>({
  group: '',
  version: 'v1',
  kind: 'PersistentVolumeClaim',
  scope: 'Namespaced',
  names: { plural: 'persistentvolumeclaims', singular: 'persistentvolumeclaim', short: ['pvc'] },
  schema: 'io.k8s.api.core.v1.PersistentVolumeClaim',
  columns,
  defaults: ({ spec: wanted }) => setClaimDefaults(wanted),
  strategy,
  subresources: { status: { kind: 'status' } },
});
