import { qualifiedName } from '@kubephant/api';
import type { StorageClass, TopologySelectorLabelRequirement, TopologySelectorTerm } from '@kubephant/schema';
import { defineResource, type Column, type ResourceDefinition } from '../definition';
import { deprecatedNodeLabels } from '../pod-spec/node-labels';
import { ageColumn, nameColumn, text } from '../print/columns';
import { duplicate, none, required, type Causes } from '../validation/causes';
import { each, follows, immutable, listOf, oneOf, requiredOneOf, when } from '../validation/checks';
import { at, type Path } from '../validation/path';
import { validateParameters } from './parameters';

function validateRequirement(requirement: TopologySelectorLabelRequirement, path: Path, isTaken: boolean): Causes {
  const values = requirement.values as string[] | null;
  const where = path.child('values');
  return [
    ...when((values ?? []).length === 0, () => required(where)),
    ...each(values, where, (value, at_, index) =>
      when((values ?? []).indexOf(value) < index, () => duplicate(at_, value)),
    ),
    ...follows(requirement.key, path.child('key'), qualifiedName),
    ...when(isTaken, () => duplicate(path.child('key'), requirement.key)),
  ];
}

/** A term as the set of values it wants for each key. */
const meaningOf = ({ matchLabelExpressions = [] }: TopologySelectorTerm): string =>
  JSON.stringify(
    [
      ...new Map(matchLabelExpressions.map(({ key, values }) => [key, [...new Set(listOf(values))].sort()] as const)),
    ].sort(),
  );

/** Terms that say something, each something else: told once for each earlier one, and as often as there are terms for an empty one. */
function validateTopologies(terms: readonly TopologySelectorTerm[] | undefined): Causes {
  const all = terms ?? [];
  const seen = new Map([[meaningOf({}), all.length]]);
  return each(all, at('allowedTopologies'), (term, path) => {
    const { matchLabelExpressions = [] } = term;
    const where = path.child('matchLabelExpressions');
    const keys = matchLabelExpressions.map(({ key }) => key);
    const repeats = seen.get(meaningOf(term)) ?? 0;
    seen.set(meaningOf(term), repeats + 1);
    return [
      ...each(matchLabelExpressions, where, (requirement, at_, position) =>
        validateRequirement(requirement, at_, keys.indexOf(requirement.key) < position),
      ),
      ...Array.from({ length: repeats }, () => duplicate(where, '')),
    ];
  });
}

const validateProvisioner = (name: string): Causes =>
  name ? follows(name.toLowerCase(), at('provisioner'), qualifiedName) : [required(at('provisioner'))];

const validate = (storage: StorageClass): Causes => [
  ...validateProvisioner(storage.provisioner),
  ...validateParameters(storage.parameters ?? {}, at('parameters')),
  ...(storage.reclaimPolicy ? oneOf(storage.reclaimPolicy, at('reclaimPolicy'), ['Delete', 'Retain']) : none),
  ...(storage.volumeBindingMode === undefined
    ? requiredOneOf('', at('volumeBindingMode'), [])
    : oneOf(storage.volumeBindingMode, at('volumeBindingMode'), ['Immediate', 'WaitForFirstConsumer'])),
  ...validateTopologies(storage.allowedTopologies),
];

const warnings = ({ allowedTopologies }: StorageClass): readonly string[] =>
  (allowedTopologies ?? []).flatMap(({ matchLabelExpressions = [] }, index) =>
    matchLabelExpressions.flatMap(({ key }, position) => {
      const path = at('allowedTopologies').index(index).child('matchLabelExpressions').index(position).child('key');
      const why = Object.hasOwn(deprecatedNodeLabels, key) ? deprecatedNodeLabels[key] : undefined;
      return why === undefined ? [] : [`${path.toString()}: ${why}`];
    }),
  );

const fixedFields = ['parameters', 'provisioner', 'reclaimPolicy', 'volumeBindingMode'] as const;

const defaultAnnotations = [
  'storageclass.kubernetes.io/is-default-class',
  'storageclass.beta.kubernetes.io/is-default-class',
];

function nameText({ metadata: { name, annotations } }: StorageClass): string {
  return defaultAnnotations.some((key) => annotations?.[key] === 'true') ? `${name} (default)` : name;
}

const columns: readonly Column<StorageClass>[] = [
  { ...nameColumn, value: nameText },
  text('Provisioner', 'Who makes the volumes.', ({ provisioner }) => provisioner),
  text('ReclaimPolicy', 'What becomes of them without a claim.', ({ reclaimPolicy }) => reclaimPolicy ?? 'Delete'),
  text('VolumeBindingMode', 'When they are made.', ({ volumeBindingMode }) => volumeBindingMode ?? 'Immediate'),
  text('AllowVolumeExpansion', 'Whether they may grow.', ({ allowVolumeExpansion }) => allowVolumeExpansion ?? false),
  ageColumn,
];

export const storageClasses: ResourceDefinition = defineResource<StorageClass>({
  group: 'storage.k8s.io',
  version: 'v1',
  kind: 'StorageClass',
  scope: 'Cluster',
  names: { plural: 'storageclasses', singular: 'storageclass', short: ['sc'] },
  schema: 'io.k8s.api.storage.v1.StorageClass',
  deleteReturnsObject: true,
  columns,
  defaults(storage) {
    storage.reclaimPolicy ??= 'Delete';
    storage.volumeBindingMode ??= 'Immediate';
  },
  strategy: {
    warnings,
    validate,
    validateUpdate: (storage, old) => [
      ...validate(storage),
      ...fixedFields.flatMap((field) => immutable(storage[field], old[field], at(field))),
    ],
  },
});
