import { formatCIDR, parseCIDR } from '@kubephant/api';
import type {
  AllocatedDeviceStatus,
  Condition,
  AllocationResult,
  DeviceAllocationConfiguration,
  DeviceRequestAllocationResult,
  NetworkDeviceData,
  ResourceClaim,
  ResourceClaimConsumerReference,
} from '@kubephant/schema';
import { validateNodeSelector } from '../pod-spec/affinity';
import { validateDriverName } from '../storage/driver-name';
import { forbidden, invalidValue, none, tooLongValue, tooMany, type Causes } from '../validation/causes';
import { equal, optional, present, requiredOneOf, when } from '../validation/checks';
import { validateConditions } from '../validation/conditions';
import { goForm } from '../validation/go-form';
import { at, type Path } from '../validation/path';
import { validateBindingConditions } from './binding-conditions';
import { requestNames, validateRequestName, validateRequestNames } from './device-claim';
import { validateOpaque, validateOpenObject } from './device-config';
import { duplicates, eachDistinct, eachUpTo, itself } from './lists';
import { validateLabel, validatePoolName, validateUID } from './names';
import { validateTolerations } from './taints';

const maxConsumers = 256;
const maxResults = 32;
/** Those of the claim, and those of the classes. */
const maxConfigurations = 64;
const maxConditions = 8;
const maxAddresses = 16;
const maxInterfaceBytes = 256;
const maxHardwareBytes = 128;

type Known = ReadonlySet<string>;

interface DeviceIdentity {
  readonly driver: string;
  readonly pool: string;
  readonly device: string;
  readonly shareID?: string;
}

/** Which device, and which share of it. */
const idOf = ({ driver, pool, device, shareID }: DeviceIdentity): string =>
  [driver, pool, device, shareID].filter((part) => part !== undefined).join('/');

const validateResult = (result: DeviceRequestAllocationResult, path: Path, known: Known): Causes => [
  ...validateRequestName(result.request, path.child('request'), known),
  ...validateDriverName(result.driver, path.child('driver')),
  ...validatePoolName(result.pool, path.child('pool')),
  ...validateLabel(result.device, path.child('device')),
  ...validateBindingConditions(result, path),
  ...validateTolerations(result.tolerations, path.child('tolerations')),
  ...optional(result.shareID, path.child('shareID'), validateUID),
];

const validateConfiguration = (config: DeviceAllocationConfiguration, path: Path, known: Known): Causes => [
  ...requiredOneOf(config.source, path.child('source'), ['FromClaim', 'FromClass']),
  ...validateRequestNames(config.requests, path.child('requests'), known),
  ...validateOpaque(config.opaque, path.child('opaque')),
];

const validateAllocation = ({ devices, nodeSelector }: AllocationResult, path: Path, known: Known): Causes => [
  ...eachUpTo(maxResults, devices?.results, path.child('devices', 'results'), (result, where) =>
    validateResult(result, where, known),
  ),
  ...eachUpTo(maxConfigurations, devices?.config, path.child('devices', 'config'), (config, where) =>
    validateConfiguration(config, where, known),
  ),
  ...optional(nodeSelector, path.child('nodeSelector'), validateNodeSelector),
];

const validateConsumer = ({ resource, name, uid }: ResourceClaimConsumerReference, path: Path): Causes => [
  ...present(resource, path.child('resource')),
  ...present(name, path.child('name')),
  ...present(uid, path.child('uid')),
];

function validateInterfaceAddress(text: string, path: Path): Causes {
  const address = parseCIDR(text);
  if (!address) {
    return [invalidValue(path, text, 'must be a valid address in CIDR form, (e.g. 10.9.8.7/24 or 2001:db8::1/64)')];
  }
  const form = formatCIDR(address);
  return when(form !== text, () => invalidValue(path, text, `must be in canonical form (${JSON.stringify(form)})`));
}

const validateNetworkData = (
  { interfaceName = '', hardwareAddress = '', ips }: NetworkDeviceData,
  path: Path,
): Causes => [
  ...when(Buffer.byteLength(interfaceName) > maxInterfaceBytes, () =>
    tooLongValue(path.child('interfaceName'), maxInterfaceBytes),
  ),
  ...when(Buffer.byteLength(hardwareAddress) > maxHardwareBytes, () =>
    tooLongValue(path.child('hardwareAddress'), maxHardwareBytes),
  ),
  ...eachDistinct({ max: maxAddresses, key: itself }, ips, path.child('ips'), validateInterfaceAddress),
];

/** As upstream quotes what a device is known by. */
const shownId = ({ driver, pool, device, shareID }: AllocatedDeviceStatus): object => ({
  Driver: driver,
  Pool: pool,
  Device: device,
  ShareID: shareID ?? '',
});

function validateDevice(device: AllocatedDeviceStatus, path: Path, allocated: Known): Causes {
  // A device without conditions is given a null for them.
  const conditions = (device.conditions as Condition[] | null | undefined) ?? [];
  return [
    ...validateDriverName(device.driver, path.child('driver')),
    ...validatePoolName(device.pool, path.child('pool')),
    ...validateLabel(device.device, path.child('device')),
    ...optional(device.shareID, path.child('shareID'), validateUID),
    ...when(!allocated.has(idOf(device)), () =>
      invalidValue(path, shownId(device), 'must be an allocated device in the claim'),
    ),
    ...when(conditions.length > maxConditions, () =>
      tooMany(path.child('conditions'), conditions.length, maxConditions),
    ),
    ...validateConditions(conditions, path.child('conditions')),
    ...(device.data === undefined ? none : validateOpenObject(device.data, path.child('data'))),
    ...optional(device.networkData, path.child('networkData'), validateNetworkData),
  ];
}

/** Consumers come after devices, and none comes while the claim goes. */
function validateReservations({ metadata, status }: ResourceClaim, old: ResourceClaim, path: Path): Causes {
  const { reservedFor = [], allocation } = status ?? {};
  if (reservedFor.length === 0) return none;
  if (!allocation) return [forbidden(path, 'may not be specified when `allocated` is not set')];
  const before = old.status?.reservedFor ?? [];
  const isNew = reservedFor.some((consumer) => !before.some((other) => equal(other, consumer)));
  return when(metadata.deletionTimestamp !== undefined && isNew, () =>
    forbidden(path, 'new entries may not be added while `deallocationRequested` or `deletionTimestamp` are set'),
  );
}

/** What is allocated stays so, until all of it goes. */
function validateChange({ spec, status }: ResourceClaim, old: ResourceClaim, path: Path): Causes {
  if (!status?.allocation) return none;
  if (!old.status?.allocation) {
    return validateAllocation(status.allocation, path, requestNames(spec.devices ?? {}));
  }
  return when(!equal(status.allocation, old.status.allocation), () =>
    invalidValue(path, goForm('io.k8s.api.resource.v1.AllocationResult', status.allocation), 'field is immutable'),
  );
}

export function validateClaimStatus(claim: ResourceClaim, old: ResourceClaim): Causes {
  const path = at('status');
  const { reservedFor, devices = [], allocation } = claim.status ?? {};
  const allocated = new Set((allocation?.devices?.results ?? []).map(idOf));
  const consumers = { max: maxConsumers, key: ({ uid }: ResourceClaimConsumerReference) => uid };
  return [
    ...eachDistinct(consumers, reservedFor, path.child('reservedFor'), validateConsumer),
    ...devices.flatMap((device, index) => validateDevice(device, path.child('devices').index(index), allocated)),
    ...duplicates(devices, path.child('devices'), idOf),
    ...validateReservations(claim, old, path.child('reservedFor')),
    ...validateChange(claim, old, path.child('allocation')),
  ];
}

/** The status of devices goes with their allocation. */
export function dropDeallocatedDevices({ status }: ResourceClaim, old: ResourceClaim): void {
  if (!status?.devices) return;
  const withoutShare = ({ driver, pool, device }: DeviceIdentity): string => idOf({ driver, pool, device });
  const now = new Set((status.allocation?.devices?.results ?? []).map(withoutShare));
  const gone = new Set((old.status?.allocation?.devices?.results ?? []).map(withoutShare).filter((id) => !now.has(id)));
  status.devices = status.devices.filter((device) => !gone.has(withoutShare(device)));
  if (status.devices.length === 0) delete status.devices;
}
