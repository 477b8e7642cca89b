import type { Container, Volume, VolumeDevice, VolumeMount } from '@kubephant/schema';
import {
  forbidden,
  invalidValue,
  none,
  notFoundValue,
  notSupported,
  required,
  type Causes,
} from '../validation/causes';
import { each, optional, present, when } from '../validation/checks';
import type { Path } from '../validation/path';
import { mountPropagations, recursiveReadOnlyModes } from './allowed';
import { descending, noBacksteps } from './paths';

export type Volumes = ReadonlyMap<string, Volume>;

function validatePropagation(mode: string, path: Path, container: Container): Causes {
  if (!mountPropagations.includes(mode)) return [notSupported(path, mode, mountPropagations)];
  return when(mode === 'Bidirectional' && !container.securityContext?.privileged, () =>
    forbidden(path, 'Bidirectional mount propagation is available only to privileged containers'),
  );
}

function validateRecursive(mode: string, path: Path, mount: VolumeMount): Causes {
  if (!recursiveReadOnlyModes.includes(mode)) return [notSupported(path, mode, recursiveReadOnlyModes)];
  if (mode === 'Disabled') return none;
  return [
    ...when(!mount.readOnly, () => forbidden(path, 'may only be specified when readOnly is true')),
    ...when((mount.mountPropagation ?? 'None') !== 'None', () =>
      forbidden(path, 'may only be specified when mountPropagation is None or not specified'),
    ),
  ];
}

function validateMountPath({ mountPath }: VolumeMount, path: Path, { devicePaths, seen }: Overlaps): Causes {
  const isTaken = seen.has(mountPath);
  seen.add(mountPath);
  return [
    ...present(mountPath, path),
    ...when(isTaken, () => invalidValue(path, mountPath, 'must be unique')),
    ...when(devicePaths.has(mountPath), () =>
      invalidValue(path, mountPath, 'must not already exist as a path in volumeDevices'),
    ),
  ];
}

interface Overlaps {
  readonly deviceNames: ReadonlySet<string>;
  readonly devicePaths: ReadonlySet<string>;
  readonly seen: Set<string>;
}

/** Mode and sub-paths are told of the list, without the index of the mount: upstream's older habit. */
function validateSubPaths(mount: VolumeMount, list: Path, path: Path): Causes {
  const { subPath, subPathExpr } = mount;
  return [
    ...(subPath ? descending(subPath, list.child('subPath')) : none),
    ...when(Boolean(subPath) && Boolean(subPathExpr), () =>
      invalidValue(path.child('subPathExpr'), subPathExpr, 'subPathExpr and subPath are mutually exclusive'),
    ),
    ...(subPathExpr ? descending(subPathExpr, list.child('subPathExpr')) : none),
  ];
}

export function validateMounts(container: Container, list: Path, volumes: Volumes): Causes {
  const devices = container.volumeDevices ?? [];
  const overlaps: Overlaps = {
    deviceNames: new Set(devices.map(({ name }) => name)),
    devicePaths: new Set(devices.map(({ devicePath }) => devicePath)),
    seen: new Set(),
  };
  return each(container.volumeMounts, list, (mount, path) => [
    ...present(mount.name, path.child('name')),
    ...when(!volumes.has(mount.name), () => notFoundValue(path.child('name'), mount.name)),
    ...when(overlaps.deviceNames.has(mount.name), () =>
      invalidValue(path.child('name'), mount.name, 'must not already exist in volumeDevices'),
    ),
    ...validateMountPath(mount, path.child('mountPath'), overlaps),
    ...validateSubPaths(mount, list, path),
    ...optional(mount.mountPropagation, list.child('mountPropagation'), (mode, where) =>
      validatePropagation(mode, where, container),
    ),
    ...optional(mount.recursiveReadOnly, list.child('recursiveReadOnly'), (mode, where) =>
      validateRecursive(mode, where, mount),
    ),
  ]);
}

function validateDeviceName({ name }: VolumeDevice, path: Path, volumes: Volumes): Causes {
  const volume = volumes.get(name);
  const isBlock = volume?.persistentVolumeClaim !== undefined || volume?.ephemeral !== undefined;
  const wrong = 'can only use volume source type of PersistentVolumeClaim or Ephemeral for block mode';
  return [
    ...when(!name, () => required(path)),
    ...when(volume !== undefined && !isBlock, () => invalidValue(path, name, wrong)),
    ...when(volume === undefined, () => notFoundValue(path, name)),
  ];
}

function validateDevicePath({ devicePath }: VolumeDevice, path: Path, seen: Set<string>): Causes {
  const isTaken = seen.has(devicePath);
  seen.add(devicePath);
  return [
    ...present(devicePath, path),
    ...when(isTaken, () => invalidValue(path, devicePath, 'must be unique')),
    ...when(noBacksteps(devicePath, path).length > 0, () =>
      invalidValue(path, devicePath, "can not contain backsteps ('..')"),
    ),
  ];
}

export function validateDevices(container: Container, list: Path, volumes: Volumes): Causes {
  const mounts = container.volumeMounts ?? [];
  const seen = new Set<string>();
  const names = (container.volumeDevices ?? []).map(({ name }) => name);
  return each(container.volumeDevices, list, (device, path, index) => [
    ...validateDeviceName(device, path.child('name'), volumes),
    ...when(Boolean(device.name) && names.indexOf(device.name) < index, () =>
      invalidValue(path.child('name'), device.name, 'must be unique'),
    ),
    ...validateDevicePath(device, path.child('devicePath'), seen),
    ...when(
      mounts.some(({ name }) => name === device.name),
      () => invalidValue(path.child('name'), device.name, 'must not already exist in volumeMounts'),
    ),
    ...when(
      mounts.some(({ mountPath }) => mountPath === device.devicePath),
      () =>
        invalidValue(path.child('devicePath'), device.devicePath, 'must not already exist as a path in volumeMounts'),
    ),
  ]);
}
