import {
  annotationBytes,
  annotationKey,
  dns1123Label,
  maxAnnotationBytes,
  type KubeObject,
  type ObjectMeta,
} from '@kubephant/api';
import type { ResourceDefinition } from '../definition';
import { forbidden, invalidValue, none, required, tooLongValue, type Causes } from '../validation/causes';
import { equal, follows, notNegative, when, type Absent } from '../validation/checks';
import { validateLabels } from '../validation/labels';
import { at, type Path } from '../validation/path';
import { validateFinalizers, validateFinalizersWhileDeleting, validateStandardFinalizers } from './finalizers';
import { nameRules } from './names';
import { validateOwners } from './owners';

type Meta = Partial<ObjectMeta>;
type Row = Pick<ResourceDefinition, 'scope' | 'nameRule' | 'names' | 'schema'>;

export const validateAnnotations = (annotations: Readonly<Record<string, string>> | Absent, path: Path): Causes => [
  ...Object.keys(annotations ?? {}).flatMap((key) =>
    annotationKey(key).map((detail) => invalidValue(path, key, detail)),
  ),
  ...when(annotationBytes(annotations ?? {}) > maxAnnotationBytes, () => tooLongValue(path, maxAnnotationBytes)),
];

/** Kinds that look at the name that came of it, and not at the beginning. */
const prefixedFreely = new Set(['replicationcontrollers', 'deviceclasses']);

function validateName({ name, generateName }: Meta, row: Row, path: Path): Causes {
  const rules = nameRules(row);
  return [
    ...(generateName && !prefixedFreely.has(row.names.plural)
      ? follows(generateName, path.child('generateName'), rules.prefix)
      : none),
    ...(name
      ? follows(name, path.child('name'), rules.name)
      : [required(path.child('name'), 'name or generateName is required')]),
  ];
}

function validateNamespace({ namespace }: Meta, { scope }: Row, path: Path): Causes {
  if (scope === 'Cluster') return namespace ? [forbidden(path, 'not allowed on this type')] : none;
  return namespace ? follows(namespace, path, dns1123Label) : [required(path)];
}

/** Kinds that say nothing of metadata themselves: finalizers may have any name, and an update is only compared. */
const checkedNever = new Set(['poddisruptionbudgets']);

/** Extensions of the API and what they define go by the general rules alone. */
const isOfTheApi = ({ schema }: Row): boolean => schema.startsWith('io.k8s.api.');

/** What must hold of metadata at any time, on its own. */
export function validateMeta(meta: Meta, row: Row, path: Path): Causes {
  return [
    ...validateName(meta, row, path),
    ...validateNamespace(meta, row, path.child('namespace')),
    ...notNegative(meta.generation, path.child('generation')),
    ...validateLabels(meta.labels, path.child('labels')),
    ...validateAnnotations(meta.annotations, path.child('annotations')),
    ...validateOwners(meta.ownerReferences, path.child('ownerReferences')),
    ...validateFinalizers(meta.finalizers, path.child('finalizers')),
    ...(isOfTheApi(row) && !checkedNever.has(row.names.plural)
      ? validateStandardFinalizers(meta.finalizers, path.child('finalizers'))
      : none),
  ];
}

const immutableFields = [
  'name',
  'namespace',
  'uid',
  'creationTimestamp',
  'deletionTimestamp',
  'deletionGracePeriodSeconds',
] as const;

/** What must hold of metadata compared with what is stored. */
export function validateMetaUpdate(meta: Meta, old: Meta, path: Path): Causes {
  return [
    ...(old.deletionTimestamp
      ? validateFinalizersWhileDeleting(meta.finalizers ?? [], old.finalizers ?? [], path.child('finalizers'))
      : none),
    ...when((meta.generation ?? 0) < (old.generation ?? 0), () =>
      invalidValue(path.child('generation'), meta.generation ?? 0, 'must not be decremented'),
    ),
    ...immutableFields.flatMap((field) =>
      when(!equal(meta[field], old[field]), () => invalidValue(path.child(field), meta[field], 'field is immutable')),
    ),
    ...validateLabels(meta.labels, path.child('labels')),
    ...validateAnnotations(meta.annotations, path.child('annotations')),
    ...validateOwners(meta.ownerReferences, path.child('ownerReferences')),
  ];
}

/**
 * Upstream checks metadata again in each layer an update passes, and clients see each finding as often as it was
 * found. Of these kinds only the comparison is repeated.
 */
const checkedOnce = new Set([
  'leases',
  'priorityclasses',
  'services',
  'daemonsets',
  'deployments',
  'replicasets',
  'statefulsets',
  'cronjobs',
  'horizontalpodautoscalers',
  'resourcequotas',
  'replicationcontrollers',
  'persistentvolumes',
  'servicecidrs',
  'volumeattributesclasses',
  'resourceslices',
]);

/** Of these even the comparison is made once. */
const comparedOnce = new Set([
  'poddisruptionbudgets',
  'persistentvolumes',
  'csinodes',
  'volumeattachments',
  'flowschemas',
  'prioritylevelconfigurations',
  'mutatingwebhookconfigurations',
  'validatingwebhookconfigurations',
  'mutatingadmissionpolicies',
  'mutatingadmissionpolicybindings',
  'validatingadmissionpolicies',
  'validatingadmissionpolicybindings',
]);

const metadata = at('metadata');

/** Metadata and what the kind says of a new object. The order of causes is upstream's. */
export function validateCreate<T extends KubeObject>(row: ResourceDefinition<T>, obj: T): Causes {
  return [...validateMeta(obj.metadata, row, metadata), ...(row.strategy?.validate?.(obj) ?? none)];
}

/** Metadata and what the kind says of a changed object; for a subresource, give its strategy. */
export function validateUpdate<T extends KubeObject>(
  row: ResourceDefinition<T>,
  obj: T,
  old: T,
  strategy = row.strategy,
): Causes {
  const compared = validateMetaUpdate(obj.metadata, old.metadata, metadata);
  const alone = checkedNever.has(row.names.plural) ? none : validateMeta(obj.metadata, row, metadata);
  return [
    ...compared,
    ...(comparedOnce.has(row.names.plural) ? none : compared),
    ...alone,
    ...(checkedOnce.has(row.names.plural) ? none : alone),
    ...(strategy?.validateUpdate?.(obj, old) ?? none),
  ];
}
