import {
  annotationBytes,
  annotationKey,
  dns1123Label,
  maxAnnotationBytes,
  pathSegmentPrefix,
  type KubeObject,
  type ObjectMeta,
} from '@kubephant/api';
import type { ResourceDefinition, Strategy } from '../definition';
import { forbidden, invalidValue, none, required, tooLongValue, type Causes } from '../validation/causes';
import { equal, follows, notNegative, when, type Absent } from '../validation/checks';
import { validateLabels } from '../validation/labels';
import { at, type Path } from '../validation/path';
import { validateFinalizers, validateFinalizersWhileDeleting, validateStandardFinalizers } from './finalizers';
import { nameRules } from './names';
import { validateOwners } from './owners';
import { roundsOf } from './rounds';

type Meta = Partial<ObjectMeta>;
type Row = Pick<ResourceDefinition, 'group' | 'scope' | 'nameRule' | 'names' | 'schema'>;

export const validateAnnotations = (annotations: Readonly<Record<string, string>> | Absent, path: Path): Causes => [
  ...Object.keys(annotations ?? {}).flatMap((key) =>
    annotationKey(key).map((detail) => invalidValue(path, key, detail)),
  ),
  ...when(annotationBytes(annotations ?? {}) > maxAnnotationBytes, () => tooLongValue(path, maxAnnotationBytes)),
];

/** Kinds that look at the name that came of it, and not at the beginning, of which only what holds of all is asked. */
const prefixedFreely = new Set(['replicationcontrollers', 'deviceclasses']);

function validateName({ name, generateName }: Meta, row: Row, path: Path): Causes {
  const rules = nameRules(row);
  return [
    ...(generateName
      ? follows(
          generateName,
          path.child('generateName'),
          prefixedFreely.has(row.names.plural) ? pathSegmentPrefix : rules.prefix,
        )
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

/** Kinds whose finalizers may have any name, by their schemas: of events only the older form. */
const finalizedFreely = new Set([
  'io.k8s.api.admissionregistration.v1.MutatingAdmissionPolicy',
  'io.k8s.api.admissionregistration.v1.MutatingAdmissionPolicyBinding',
  'io.k8s.api.admissionregistration.v1.MutatingWebhookConfiguration',
  'io.k8s.api.admissionregistration.v1.ValidatingAdmissionPolicy',
  'io.k8s.api.admissionregistration.v1.ValidatingAdmissionPolicyBinding',
  'io.k8s.api.admissionregistration.v1.ValidatingWebhookConfiguration',
  'io.k8s.api.coordination.v1.Lease',
  'io.k8s.api.core.v1.Event',
  'io.k8s.api.node.v1.RuntimeClass',
  'io.k8s.api.policy.v1.PodDisruptionBudget',
]);

/** Extensions of the API and what they define go by the general rules alone. */
const isOfTheApi = ({ schema }: Row): boolean => schema.startsWith('io.k8s.api.');

const validateParts = (meta: Meta, row: Row, path: Path): Causes => [
  ...validateNamespace(meta, row, path.child('namespace')),
  ...notNegative(meta.generation, path.child('generation')),
  ...validateLabels(meta.labels, path.child('labels')),
  ...validateAnnotations(meta.annotations, path.child('annotations')),
  ...validateOwners(meta.ownerReferences, path.child('ownerReferences')),
  ...validateFinalizers(meta.finalizers, path.child('finalizers')),
];

/** What must hold of the metadata of any kind: names are only good for a path. */
const validateAnyMeta = (meta: Meta, row: Row, path: Path): Causes => [
  ...(meta.generateName ? follows(meta.generateName, path.child('generateName'), pathSegmentPrefix) : none),
  ...validateParts(meta, row, path),
];

const validateFinalizersOfKind = ({ finalizers }: Meta, row: Row, path: Path): Causes =>
  isOfTheApi(row) && !finalizedFreely.has(row.schema)
    ? validateStandardFinalizers(finalizers, path.child('finalizers'))
    : none;

/** What must hold of metadata at any time, on its own. */
export const validateMeta = (meta: Meta, row: Row, path: Path): Causes => [
  ...validateName(meta, row, path),
  ...validateParts(meta, row, path),
  ...validateFinalizersOfKind(meta, row, path),
];

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

const metadata = at('metadata');

/** Metadata and what the kind says of a new object. The order of causes is upstream's. */
export function validateCreate<T extends KubeObject>(row: ResourceDefinition<T>, obj: T): Causes {
  return [...validateMeta(obj.metadata, row, metadata), ...(row.strategy?.validate?.(obj) ?? none)];
}

/** What is written to: the main endpoint, or a subresource by its name, each with its strategy. */
export interface UpdatedPart<T> {
  readonly name?: string;
  readonly strategy?: Strategy<T> | undefined;
}

/** Metadata and what the kind says of a changed object; for a subresource, give its name and strategy. */
export function validateUpdate<T extends KubeObject>(
  row: ResourceDefinition<T>,
  obj: T,
  old: T,
  part: UpdatedPart<T> = { strategy: row.strategy },
): Causes {
  const rounds = roundsOf(row, part.name);
  const differences = validateMetaUpdate(obj.metadata, old.metadata, metadata);
  return [
    ...validateAnyMeta(obj.metadata, row, metadata),
    ...differences,
    ...times(rounds.alone, () => validateMeta(obj.metadata, row, metadata)),
    ...times(rounds.compared, () => [...differences, ...validateFinalizersOfKind(obj.metadata, row, metadata)]),
    ...(part.strategy?.validateUpdate?.(obj, old) ?? none),
  ];
}

const times = (count: number, find: () => Causes): Causes => Array.from({ length: count }, find).flat();
