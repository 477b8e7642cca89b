import type { CSIVolumeSource, EphemeralVolumeSource, FCVolumeSource, ISCSIVolumeSource } from '@kubephant/schema';
import { validateClaimSpec } from '../storage/claim-spec';
import { validateDriverName } from '../storage/driver-name';
import { invalidValue, none, required, type Causes } from '../validation/causes';
import { inRange, optional, present, when } from '../validation/checks';
import type { Path } from '../validation/path';
import type { SourceChecks } from './volume-sources';

const iqn = /^iqn\.\d{4}-\d{2}\.([A-Za-z\d.-]+)(:[^,;*&$|\s]+)?$/;
const eui = /^eui\.[0-9A-Fa-f]{16}$/;
const naa = /^naa\.[0-9A-Fa-f]{32}$/;

function validateIqn(name: string, path: Path): Causes {
  if (!name) return [required(path)];
  if (!/^(iqn|eui|naa)/.test(name))
    return [invalidValue(path, name, 'must be valid format starting with iqn, eui, or naa')];
  const isValid = iqn.test(name) || eui.test(name) || naa.test(name);
  return when(!isValid, () => invalidValue(path, name, 'must be valid format'));
}

function validateIscsi(source: ISCSIVolumeSource, path: Path): Causes {
  const { targetPortal, iqn: name, lun, chapAuthDiscovery, chapAuthSession, secretRef, initiatorName } = source;
  return [
    ...present(targetPortal, path.child('targetPortal')),
    ...validateIqn(name, path.child('iqn')),
    ...inRange(lun, path.child('lun'), [0, 255]),
    ...when(Boolean(chapAuthDiscovery ?? chapAuthSession) && !secretRef, () => required(path.child('secretRef'))),
    ...optional(secretRef, path.child('secretRef'), (ref, where) => present(ref.name, where.child('name'))),
    ...optional(initiatorName, path.child('initiatorname'), validateIqn),
  ];
}

function validateFc({ targetWWNs = [], wwids = [], lun }: FCVolumeSource, path: Path): Causes {
  if (targetWWNs.length > 0 && wwids.length > 0) {
    return [
      invalidValue(
        path.child('targetWWNs'),
        targetWWNs,
        'fc.targetWWNs and fc.wwids can not be specified simultaneously',
      ),
    ];
  }
  if (targetWWNs.length === 0 && wwids.length === 0) {
    return [required(path.child('targetWWNs'), 'must specify either targetWWNs or wwids, but not both')];
  }
  if (targetWWNs.length === 0) return none;
  return lun === undefined
    ? [required(path.child('lun'), 'lun is required if targetWWNs is specified')]
    : inRange(lun, path.child('lun'), [0, 255]);
}

const validateCsi = ({ driver, nodePublishSecretRef }: CSIVolumeSource, path: Path): Causes => [
  ...validateDriverName(driver, path.child('driver')),
  ...optional(nodePublishSecretRef, path.child('nodePublishSecretRef'), (ref, at) =>
    present(ref.name, at.child('name')),
  ),
];

function validateEphemeral({ volumeClaimTemplate }: EphemeralVolumeSource, path: Path): Causes {
  const where = path.child('volumeClaimTemplate');
  return volumeClaimTemplate ? validateClaimSpec(volumeClaimTemplate.spec, where.child('spec')) : [required(where)];
}

/** Sources behind a network or a driver. */
export const remoteSources: SourceChecks = {
  nfs: ({ server, path: file }, path) => [
    ...present(server, path.child('server')),
    ...present(file, path.child('path')),
    ...when(!file.startsWith('/'), () => invalidValue(path.child('path'), file, 'must be an absolute path')),
  ],
  iscsi: validateIscsi,
  fc: validateFc,
  csi: validateCsi,
  ephemeral: validateEphemeral,
  flexVolume: ({ driver }, path) => present(driver, path.child('driver')),
};
