import { qualifiedName } from '@kubephant/api';
import type { CSINode, CSINodeDriver } from '@kubephant/schema';
import { defineResource, type ResourceDefinition } from '../definition';
import { ageColumn, integer, nameColumn } from '../print/columns';
import { duplicate, invalidValue, none, required, type Causes } from '../validation/causes';
import { each, equal, follows, listOf, notNegative, optional, present, when } from '../validation/checks';
import { goForm } from '../validation/go-form';
import { at, type Path } from '../validation/path';
import { validateDriverName } from './driver-name';

const maxNodeIDBytes = 256;

const path = at('spec', 'drivers');

const validateNodeID = (id: string, where: Path): Causes => [
  ...present(id, where),
  ...when(Buffer.byteLength(id) > maxNodeIDBytes, () =>
    invalidValue(where, id, `must be ${maxNodeIDBytes} characters or less`),
  ),
];

/** Keys of a driver that are wrong are told of the driver, without index. */
function validateTopologyKeys(keys: readonly string[] | null | undefined, where: Path): Causes {
  const all = keys ?? [];
  return all.flatMap((key, index) => [
    ...when(key === '', () => required(where)),
    ...when(all.indexOf(key) < index, () => duplicate(where, key)),
    ...follows(key, where, qualifiedName),
  ]);
}

const validateDriver = (driver: CSINodeDriver, where: Path, isTaken: boolean): Causes => [
  ...validateDriverName(driver.name, where.child('name')),
  ...validateNodeID(driver.nodeID, where.child('nodeID')),
  ...optional(driver.allocatable?.count, where.child('allocatable', 'count'), notNegative),
  ...when(isTaken, () => duplicate(where.child('name'), driver.name)),
  ...validateTopologyKeys(driver.topologyKeys, where),
];

function validate({ spec }: CSINode): Causes {
  const drivers = listOf(spec.drivers);
  return each(drivers, path, (driver, where, index) =>
    validateDriver(driver, where, drivers.findIndex(({ name }) => name === driver.name) < index),
  );
}

const identity = ({ allocatable: _, ...driver }: CSINodeDriver): object => driver;

/** A registered driver may only change how many volumes it takes. */
const validateUnchanged = ({ spec }: CSINode, old: CSINode): Causes =>
  listOf(old.spec.drivers).flatMap((before) => {
    const now = listOf(spec.drivers).find(({ name }) => name === before.name);
    if (!now || equal(identity(now), identity(before))) return none;
    return [invalidValue(path, goForm('io.k8s.api.storage.v1.CSINodeDriver', identity(now)), 'field is immutable')];
  });

export const csiNodes: ResourceDefinition = defineResource<CSINode>({
  group: 'storage.k8s.io',
  version: 'v1',
  kind: 'CSINode',
  scope: 'Cluster',
  names: { plural: 'csinodes', singular: 'csinode' },
  schema: 'io.k8s.api.storage.v1.CSINode',
  conditionalUpdate: true,
  deleteReturnsObject: true,
  columns: [
    nameColumn,
    integer('Drivers', 'How many drivers run on the node.', ({ spec }) => listOf(spec.drivers).length),
    ageColumn,
  ],
  strategy: {
    validate,
    validateUpdate: (node, old) => [...validate(node), ...validateUnchanged(node, old)],
  },
});
