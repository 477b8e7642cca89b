import { emptyAsGiven, type CounterSet, type Device, type ResourcePool, type ResourceSlice } from '@kubephant/schema';
import { defineResource, type Column, type ResourceDefinition } from '../definition';
import { ageColumn, nameColumn, text } from '../print/columns';
import { validateDriverName } from '../storage/driver-name';
import { invalidValue, none, required, type Causes } from '../validation/causes';
import { immutable, listOf, when } from '../validation/checks';
import { goForm } from '../validation/go-form';
import { at, type Path } from '../validation/path';
import { placesOf, validateCounterSet, validateDevice, validatePlaces } from './devices';
import { eachDistinct } from './lists';
import { validatePoolName } from './names';

type Spec = ResourceSlice['spec'];

const spec = at('spec');
const maxDevices = 128;
/** Of devices with taints or shared counters. */
const maxIntricateDevices = 64;
const maxCounterSets = 8;

const validatePool = ({ name, resourceSliceCount, generation }: ResourcePool, path: Path): Causes => [
  ...validatePoolName(name, path.child('name')),
  ...when(resourceSliceCount <= 0, () =>
    invalidValue(path.child('resourceSliceCount'), resourceSliceCount, 'must be greater than zero'),
  ),
  ...when(generation < 0, () =>
    invalidValue(path.child('generation'), generation, 'must be greater than or equal to zero'),
  ),
];

const validateUnchanged = (now: Spec, old: Spec): Causes => [
  ...immutable(now.pool.name, old.pool.name, spec.child('pool', 'name')),
  ...immutable(now.driver, old.driver, spec.child('driver')),
  ...immutable(now.nodeName, old.nodeName, spec.child('nodeName')),
];

/** One term, so that the selectors of several slices can be merged. */
function validateTerms({ nodeSelector }: Spec): Causes {
  const terms = listOf(nodeSelector?.nodeSelectorTerms);
  return when(nodeSelector !== undefined && terms.length !== 1, () =>
    invalidValue(
      spec.child('nodeSelector', 'nodeSelectorTerms'),
      terms.length > 0
        ? terms.map((term) => goForm('io.k8s.api.core.v1.NodeSelectorTerm', term))
        : emptyAsGiven(nodeSelector, 'nodeSelectorTerms'),
      'must have exactly one node selector term',
    ),
  );
}

const onePlace = 'exactly one of `nodeName`, `nodeSelector`, `allNodes`, `perDeviceNodeSelection` is required';

/** Where the devices can be reached: told of all of them in one way, or of each. */
function validatePlace(wanted: Spec): Causes {
  const { perDeviceNodeSelection: perDevice } = wanted;
  const places = [...placesOf(wanted), ...(perDevice ? ['`perDeviceNodeSelection`'] : [])];
  return [
    ...validatePlaces(wanted, spec, 'must be either unset or set to a non-empty string'),
    ...validateTerms(wanted),
    ...when(perDevice === false, () =>
      invalidValue(spec.child('perDeviceNodeSelection'), perDevice, 'must be either unset or set to true'),
    ),
    ...when(places.length === 0, () => required(spec, onePlace)),
    ...when(places.length > 1, () =>
      invalidValue(spec, `{${places.join(', ')}}`, `${onePlace}, but multiple fields are set`),
    ),
  ];
}

/** Whether a list is there, if only an empty one. */
const isGiven = (wanted: Spec, field: 'devices' | 'sharedCounters'): boolean =>
  (wanted[field] ?? emptyAsGiven(wanted, field)) !== undefined;

const isIntricate = ({ taints = [], consumesCounters = [] }: Device): boolean =>
  taints.length + consumesCounters.length > 0;

function validate({ spec: wanted }: ResourceSlice, old?: ResourceSlice): Causes {
  const { devices = [], sharedCounters = [] } = wanted;
  const max = devices.some(isIntricate) ? maxIntricateDevices : maxDevices;
  return [
    ...validateDriverName(wanted.driver, spec.child('driver')),
    ...validatePool(wanted.pool, spec.child('pool')),
    ...(old ? validateUnchanged(wanted, old.spec) : none),
    ...validatePlace(wanted),
    ...when(isGiven(wanted, 'sharedCounters') && isGiven(wanted, 'devices'), () =>
      invalidValue(spec, '', 'only one of `sharedCounters` or `devices` is allowed'),
    ),
    ...eachDistinct({ max, key: ({ name }: Device) => name }, devices, spec.child('devices'), (device, path) => {
      const before = old?.spec.devices?.find(({ name }) => name === device.name);
      return validateDevice(device, before, path, wanted.perDeviceNodeSelection === true);
    }),
    ...eachDistinct(
      { max: maxCounterSets, key: ({ name }: CounterSet) => name },
      sharedCounters,
      spec.child('sharedCounters'),
      validateCounterSet,
    ),
  ];
}

/** Fields of lists of values (KEP-5491) and of resources of nodes (KEP-5517), which are off by default. */
function dropGatedFields({ spec: { devices = [] } }: ResourceSlice): void {
  for (const device of devices) {
    delete device.nodeAllocatableResourceMappings;
    for (const attribute of Object.values(device.attributes ?? {})) {
      for (const field of ['bools', 'ints', 'strings', 'versions'] as const) Reflect.deleteProperty(attribute, field);
    }
  }
}

function warnings({ spec: { driver } }: ResourceSlice): readonly string[] {
  if (driver === driver.toLowerCase()) return [];
  return [`spec.driver: driver names should be lowercase; ${JSON.stringify(driver)} contains uppercase characters`];
}

const columns: readonly Column<ResourceSlice>[] = [
  nameColumn,
  text('Node', 'The node with the devices.', ({ spec: { nodeName } }) => nodeName ?? '<unset>'),
  text('Driver', 'Whose devices they are.', ({ spec: { driver } }) => driver),
  text('Pool', 'The pool they are part of.', ({ spec: { pool } }) => pool.name),
  ageColumn,
];

export const resourceSlices: ResourceDefinition = defineResource<ResourceSlice>({
  group: 'resource.k8s.io',
  version: 'v1',
  kind: 'ResourceSlice',
  scope: 'Cluster',
  names: { plural: 'resourceslices', singular: 'resourceslice' },
  schema: 'io.k8s.api.resource.v1.ResourceSlice',
  generation: true,
  deleteReturnsObject: true,
  columns,
  fields: [
    { path: 'spec.nodeName', value: ({ spec: { nodeName } }) => nodeName ?? '', indexed: true },
    { path: 'spec.driver', value: ({ spec: { driver } }) => driver },
  ],
  unknownField: (path) => `field label not supported for resource.k8s.io/v1, Kind=ResourceSlice: ${path}`,
  strategy: {
    prepareForCreate: dropGatedFields,
    prepareForUpdate: dropGatedFields,
    validate: (slice) => validate(slice),
    validateUpdate: validate,
    warnings,
  },
});
