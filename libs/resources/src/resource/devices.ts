import { dns1123Subdomain } from '@kubephant/api';
import type {
  Counter,
  CounterSet,
  Device,
  DeviceAttribute,
  DeviceCounterConsumption,
  NodeSelector,
} from '@kubephant/schema';
import { validateNodeSelector } from '../pod-spec/affinity';
import { invalidValue, none, required, tooLongValue, tooMany, type Causes } from '../validation/causes';
import { equal, follows, optional, when } from '../validation/checks';
import { goForm } from '../validation/go-form';
import type { Path } from '../validation/path';
import { validateBindingConditions } from './binding-conditions';
import { validateCapacity } from './capacity-policy';
import { eachDistinct, eachUpTo } from './lists';
import { validateLabel, validateNamed } from './names';
import { validateTaint } from './taints';

const maxEntries = 32;
const maxTaints = 16;
const maxConsumptions = 2;
const maxCounters = 32;
const maxTextBytes = 64;

const identifier = '(0|[1-9]\\d*|\\d*[a-zA-Z-][0-9a-zA-Z-]*)';
/** semver.org 2.0.0: three numbers, what is before a release, what was built. */
const semver = new RegExp(
  `^(0|[1-9]\\d*)\\.(0|[1-9]\\d*)\\.(0|[1-9]\\d*)(-${identifier}(\\.${identifier})*)?(\\+[0-9a-zA-Z-]+(\\.[0-9a-zA-Z-]+)*)?$`,
);

const notTooLong = (text: string, path: Path): Causes =>
  when(Buffer.byteLength(text) > maxTextBytes, () => tooLongValue(path, maxTextBytes));

// Long texts are not matched: they are refused anyway.
const validateVersion = (version: string, path: Path): Causes => [
  ...when(Buffer.byteLength(version) > maxTextBytes || !semver.test(version), () =>
    invalidValue(path, version, 'must be a string compatible with semver.org spec 2.0.0'),
  ),
  ...notTooLong(version, path),
];

const exactlyOne = 'exactly one value must be specified';

/** As upstream quotes it: there each field is called a value, or values. */
const shownAttribute = (attribute: DeviceAttribute): unknown =>
  Object.fromEntries(
    Object.entries(goForm('io.k8s.api.resource.v1.DeviceAttribute', attribute) as object).map(
      ([type, value]: [string, unknown]) => [`${type.replace(/s$/, '')}Value${type.endsWith('s') ? 's' : ''}`, value],
    ),
  );

/** A value of exactly one type. */
function validateAttribute(attribute: DeviceAttribute, path: Path): Causes {
  const count = (['bool', 'int', 'string', 'version'] as const).filter((type) => attribute[type] !== undefined).length;
  return [
    ...optional(attribute.string, path.child('string'), notTooLong),
    ...optional(attribute.version, path.child('version'), validateVersion),
    ...when(count !== 1, () => invalidValue(path, count === 0 ? '' : shownAttribute(attribute), exactlyOne)),
  ];
}

function validateCounters(counters: Readonly<Record<string, Counter>> | undefined, path: Path): Causes {
  const names = Object.keys(counters ?? {}).sort();
  if (names.length === 0) return [required(path)];
  if (names.length > maxCounters) return [tooMany(path, names.length, maxCounters)];
  return names.flatMap((name) => validateLabel(name, path));
}

/** Counters that several devices draw from. */
export const validateCounterSet = ({ name, counters }: CounterSet, path: Path): Causes => [
  ...(name ? validateLabel(name, path.child('name')) : [required(path.child('name'))]),
  ...validateCounters(counters, path.child('counters')),
];

const validateConsumption = ({ counterSet, counters }: DeviceCounterConsumption, path: Path): Causes => [
  ...(counterSet ? validateLabel(counterSet, path.child('counterSet')) : [required(path.child('counterSet'))]),
  ...validateCounters(counters, path.child('counters')),
];

interface Placed {
  readonly nodeName?: string;
  readonly nodeSelector?: NodeSelector;
  readonly allNodes?: boolean;
}

/** Which of the ways to say where something can be reached are taken, as errors name them. */
export const placesOf = ({ nodeName, nodeSelector, allNodes }: Placed): readonly string[] =>
  [nodeName && '`nodeName`', nodeSelector && '`nodeSelector`', allNodes && '`allNodes`'].filter(
    (place): place is string => Boolean(place),
  );

/** The ways by themselves. */
export function validatePlaces({ nodeName, nodeSelector, allNodes }: Placed, path: Path, emptyName: string): Causes {
  return [
    ...optional(nodeName, path.child('nodeName'), (name, where) =>
      name ? follows(name, where, (text) => dns1123Subdomain(text)) : [invalidValue(where, name, emptyName)],
    ),
    ...optional(nodeSelector, path.child('nodeSelector'), validateNodeSelector),
    ...when(allNodes === false, () =>
      invalidValue(path.child('allNodes'), allNodes, 'must be either unset or set to true'),
    ),
  ];
}

const perDevice = 'if `perDeviceNodeSelection` is set to true in the ResourceSlice spec';
const onePlace =
  'exactly one of `nodeName`, `nodeSelector`, or `allNodes` is required when `perDeviceNodeSelection` is set to true ' +
  'in the ResourceSlice spec';

function validateOwnPlace(device: Device, path: Path, hasOwnPlace: boolean): Causes {
  if (!hasOwnPlace) {
    const isPlaced = [device.nodeName, device.nodeSelector, device.allNodes].some((field) => field !== undefined);
    return when(isPlaced, () =>
      invalidValue(path, null, `\`nodeName\`, \`nodeSelector\` and \`allNodes\` can only be set ${perDevice}`),
    );
  }
  const places = placesOf(device);
  return [
    ...validatePlaces(device, path, 'must not be empty'),
    ...when(places.length === 0, () => required(path, onePlace)),
    ...when(places.length > 1, () => invalidValue(path, `{${places.join(', ')}}`, onePlace)),
  ];
}

function validateEntries({ attributes = {}, capacity = {} }: Device, path: Path): Causes {
  const count = Object.keys(attributes).length + Object.keys(capacity).length;
  return when(count > maxEntries, () =>
    invalidValue(path, count, `the total number of attributes and capacities must not exceed ${maxEntries}`),
  );
}

/** A device, as it is and was. What did not change is not looked at again where upstream does not. */
export function validateDevice(device: Device, old: Device | undefined, path: Path, hasOwnPlace: boolean): Causes {
  const isShared = device.allowMultipleAllocations === true;
  const isSame = (field: 'capacity' | 'taints'): boolean => old !== undefined && equal(old[field], device[field]);
  const bySet = { max: maxConsumptions, key: ({ counterSet }: DeviceCounterConsumption) => counterSet };
  return [
    ...validateLabel(device.name, path.child('name')),
    ...validateEntries(device, path),
    ...validateNamed(device.attributes, path.child('attributes'), validateAttribute),
    ...(isSame('capacity')
      ? none
      : validateNamed(device.capacity, path.child('capacity'), (capacity, where) =>
          validateCapacity(capacity, where, isShared),
        )),
    ...(isSame('taints') ? none : eachUpTo(maxTaints, device.taints, path.child('taints'), validateTaint)),
    ...eachDistinct(bySet, device.consumesCounters, path.child('consumesCounters'), validateConsumption),
    ...validateOwnPlace(device, path, hasOwnPlace),
    ...validateBindingConditions(device, path),
  ];
}
