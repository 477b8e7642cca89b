import { Quantity } from '@kubephant/api';
import { variant, type PersistentVolumeClaim } from '@kubephant/schema';
import { defineResource, type Column, type ResourceDefinition, type Strategy } from '../definition';
import { ageColumn, nameColumn, text, wideText } from '../print/columns';
import { forbidden, type Causes } from '../validation/causes';
import { equal, immutable, when } from '../validation/checks';
import { difference } from '../validation/difference';
import { goForm } from '../validation/go-form';
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
  return when(wanted.compare(before) < 0 && wanted.compare(has) <= 0, () =>
    forbidden(spec.child('resources', 'requests', 'storage'), 'field can not be less than status.capacity'),
  );
}

const fixed =
  'spec is immutable after creation except resources.requests and volumeAttributesClassName for bound claims';

type ClaimSpec = PersistentVolumeClaim['spec'];

/** What may change taken from the old claim: its size and its attributes, once it is bound. */
function withOldChangeables(now: PersistentVolumeClaim, old: ClaimSpec): ClaimSpec {
  if (now.status?.phase !== 'Bound') return now.spec;
  const { resources } = now.spec;
  const storage = old.resources?.requests?.['storage'] ?? '0';
  return variant(now.spec, {
    volumeAttributesClassName: old.volumeAttributesClassName,
    ...(resources?.requests && { resources: variant(resources, { requests: { ...resources.requests, storage } }) }),
  } as Partial<ClaimSpec>);
}

/** Until it is bound a claim may only be given its volume; then it may grow and change its attributes. */
function validateChange(now: PersistentVolumeClaim, old: PersistentVolumeClaim): Causes {
  const { volumeName } = now.spec;
  const was: ClaimSpec = { ...old.spec, ...(!old.spec.volumeName && volumeName && { volumeName }) };
  const is = withOldChangeables(now, old.spec);
  const quoted = (form: ClaimSpec): unknown => goForm('io.k8s.api.core.v1.PersistentVolumeClaimSpec', form);
  return [
    ...when(!equal(is, was), () => forbidden(spec, `${fixed}\n${difference(quoted(was), quoted(is))}`)),
    ...validateSize(now, old),
    ...immutable(now.spec.volumeMode, old.spec.volumeMode, at('volumeMode')),
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
  deleteReturnsObject: true,
  defaults: ({ spec: wanted }) => setClaimDefaults(wanted),
  strategy,
  subresources: { status: { kind: 'status' } },
});
