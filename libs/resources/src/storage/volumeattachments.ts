import { dns1123Subdomain } from '@kubephant/api';
import type {
  PersistentVolumeSpec,
  VolumeAttachment,
  VolumeAttachmentSource,
  VolumeAttachmentStatus,
  VolumeError,
} from '@kubephant/schema';
import { defineResource, type Column, type ResourceDefinition } from '../definition';
import { statusAlone } from '../meta/for-status';
import { ageColumn, boolean, nameColumn, text } from '../print/columns';
import { forbidden, invalidValue, none, required, tooLongValue, type Causes } from '../validation/causes';
import { equal, follows, optional, present, when } from '../validation/checks';
import { goForm } from '../validation/go-form';
import { at, type Path } from '../validation/path';
import { validateAccessModes } from './access-modes';
import { validateDriverName } from './driver-name';
import { validateSources } from './volume-validate';

const spec = at('spec');
const subdomain = (name: string): readonly string[] => dns1123Subdomain(name);

const notInline = 'may not be specified in the context of inline volumes';

/** What a volume without an object of its own may be, where others may be more. */
const onlyInline = {
  persistentVolumeReclaimPolicy: ['Retain', 'may only be Retain in the context of inline volumes'],
  volumeMode: ['Filesystem', 'may not specify volumeMode other than Filesystem in the context of inline volumes'],
} as const;

const validateOnly = (inline: PersistentVolumeSpec, field: keyof typeof onlyInline, path: Path): Causes => {
  const [only, detail] = onlyInline[field];
  return when(Boolean(inline[field]) && inline[field] !== only, () => forbidden(path.child(field), detail));
};

/** A volume without an object of its own: what a driver needs to know, and nothing about claims. */
function validateInline(inline: PersistentVolumeSpec, path: Path): Causes {
  const { claimRef, capacity, csi, accessModes = [], nodeAffinity, storageClassName } = inline;
  const not = (field: keyof PersistentVolumeSpec, isThere: boolean): Causes =>
    when(isThere, () => forbidden(path.child(field), notInline));
  return [
    ...not('claimRef', claimRef !== undefined),
    ...not('capacity', Object.keys(capacity ?? {}).length > 0),
    ...when(!csi, () => required(path.child('csi'), 'has to be specified in the context of inline volumes')),
    ...when(accessModes.length === 0, () => required(path.child('accessModes'))),
    ...validateAccessModes(accessModes, path.child('accessModes')),
    ...validateOnly(inline, 'persistentVolumeReclaimPolicy', path),
    ...not('nodeAffinity', nodeAffinity !== undefined),
    ...validateSources(inline, path),
    ...not('storageClassName', Boolean(storageClassName)),
    ...validateOnly(inline, 'volumeMode', path),
  ];
}

const exactlyOne = 'must specify exactly one of inlineVolumeSpec and persistentVolumeName';

function validateSource({ persistentVolumeName: name, inlineVolumeSpec: inline }: VolumeAttachmentSource): Causes {
  const path = spec.child('source');
  if (inline)
    return name === undefined ? validateInline(inline, path.child('inlineVolumeSpec')) : [forbidden(path, exactlyOne)];
  if (name === undefined) return [required(path, exactlyOne)];
  return present(name, path.child('persistentVolumeName'), 'must specify non empty persistentVolumeName');
}

const maxMetadataBytes = 262_144;
const maxErrorBytes = 1024;

const validateError = ({ message = '' }: VolumeError, path: Path): Causes =>
  when(Buffer.byteLength(message) > maxErrorBytes, () => tooLongValue(path.child('message'), maxErrorBytes));

function validateStatus({ attachmentMetadata = {}, attachError, detachError }: VolumeAttachmentStatus): Causes {
  const path = at('status');
  const bytes = Object.entries(attachmentMetadata).reduce(
    (sum, [key, value]) => sum + Buffer.byteLength(key) + Buffer.byteLength(value),
    0,
  );
  return [
    ...when(bytes > maxMetadataBytes, () => tooLongValue(path.child('attachmentMetadata'), maxMetadataBytes)),
    ...optional(attachError, path.child('attachError'), validateError),
    ...optional(detachError, path.child('detachError'), validateError),
  ];
}

const validate = ({ spec: wanted, status }: VolumeAttachment): Causes => [
  ...present(wanted.attacher, spec.child('attacher')),
  ...validateSource(wanted.source),
  ...follows(wanted.nodeName, spec.child('nodeName'), subdomain),
  ...(status ? validateStatus(status) : none),
];

/** Rules that attachments older than them need not follow. */
const validateNew = ({ spec: { attacher, source } }: VolumeAttachment): Causes => [
  ...(attacher ? validateDriverName(attacher, spec.child('attacher')) : none),
  ...optional(source.persistentVolumeName, spec.child('source', 'persistentVolumeName'), (name, path) =>
    follows(name, path, subdomain),
  ),
];

const validateUpdate = (attachment: VolumeAttachment, old: VolumeAttachment): Causes => [
  ...validate(attachment),
  ...when(!equal(attachment.spec, old.spec), () =>
    invalidValue(spec, goForm('io.k8s.api.storage.v1.VolumeAttachmentSpec', attachment.spec), 'field is immutable'),
  ),
];

const attacher: Column<VolumeAttachment> = {
  ...text<VolumeAttachment>('Attacher', 'The driver that attaches it.', ({ spec: wanted }) => wanted.attacher),
  format: 'name',
};

export const volumeAttachments: ResourceDefinition = defineResource<VolumeAttachment>({
  group: 'storage.k8s.io',
  version: 'v1',
  kind: 'VolumeAttachment',
  scope: 'Cluster',
  names: { plural: 'volumeattachments', singular: 'volumeattachment' },
  schema: 'io.k8s.api.storage.v1.VolumeAttachment',
  conditionalUpdate: true,
  deleteReturnsObject: true,
  columns: [
    nameColumn,
    attacher,
    text('PV', 'The volume.', ({ spec: wanted }) => wanted.source.persistentVolumeName ?? ''),
    text('Node', 'The node it is attached to.', ({ spec: wanted }) => wanted.nodeName),
    boolean('Attached', 'Whether it is attached.', ({ status }) => status?.attached ?? false),
    ageColumn,
  ],
  strategy: { validate: (attachment) => [...validate(attachment), ...validateNew(attachment)], validateUpdate },
  subresources: { status: { kind: 'status', strategy: { ...statusAlone, validateUpdate } } },
});
