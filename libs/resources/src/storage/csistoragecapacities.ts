import { dns1123Subdomain, Quantity } from '@kubephant/api';
import type { CSIStorageCapacity } from '@kubephant/schema';
import { defineResource, type ResourceDefinition } from '../definition';
import { deprecatedNodeLabels } from '../pod-spec/node-labels';
import { createdAtColumn, nameColumn } from '../print/columns';
import { invalidValue, type Causes } from '../validation/causes';
import { follows, immutable, optional, when } from '../validation/checks';
import { validateLabelSelector } from '../validation/labels';
import { at, type Path } from '../validation/path';

const notNegative = (amount: string, path: Path): Causes =>
  when(Quantity.parse(amount).sign < 0, () => invalidValue(path, amount, 'must be greater than or equal to 0'));

const validate = ({ storageClassName, nodeTopology, capacity }: CSIStorageCapacity): Causes => [
  ...follows(storageClassName, at('storageClassName'), (name) => dns1123Subdomain(name)),
  ...validateLabelSelector(nodeTopology, at('nodeTopology')),
  ...optional(capacity, at('capacity'), notNegative),
];

/** What is measured does not change, only the measure. */
const validateUnchanged = (now: CSIStorageCapacity, old: CSIStorageCapacity): Causes => [
  ...immutable(now.nodeTopology, old.nodeTopology, at('nodeTopology')),
  ...immutable(now.storageClassName, old.storageClassName, at('storageClassName')),
];

const reproachOf = (label: string): string | undefined =>
  Object.hasOwn(deprecatedNodeLabels, label) ? deprecatedNodeLabels[label] : undefined;

function warnings({ nodeTopology }: CSIStorageCapacity): readonly string[] {
  const path = at('nodeTopology');
  const used = [
    ...(nodeTopology?.matchExpressions ?? []).map(({ key }, index) => {
      return { label: key, where: path.child('matchExpressions').index(index).child('key') };
    }),
    ...Object.keys(nodeTopology?.matchLabels ?? {}).map((label) => {
      return { label, where: path.child('matchLabels').child(label) };
    }),
  ];
  return used.flatMap(({ label, where }) => {
    const why = reproachOf(label);
    return why === undefined ? [] : [`${where.toString()}: ${why}`];
  });
}

export const csiStorageCapacities: ResourceDefinition = defineResource<CSIStorageCapacity>({
  group: 'storage.k8s.io',
  version: 'v1',
  kind: 'CSIStorageCapacity',
  scope: 'Namespaced',
  names: { plural: 'csistoragecapacities', singular: 'csistoragecapacity' },
  schema: 'io.k8s.api.storage.v1.CSIStorageCapacity',
  conditionalUpdate: true,
  columns: [nameColumn, createdAtColumn],
  strategy: {
    validate,
    validateUpdate: (capacity, old) => [...validate(capacity), ...validateUnchanged(capacity, old)],
    warnings,
  },
});
