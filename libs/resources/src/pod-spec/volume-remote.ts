import { dns1123Subdomain } from '@kubephant/api';
import type { CSIVolumeSource, EphemeralVolumeSource, FCVolumeSource, ISCSIVolumeSource } from '@kubephant/schema';
import { validateTemplateFields } from '../meta/template';
import { validateAnnotations } from '../meta/validate';
import { validateClaimSpec } from '../storage/claim-spec';
import { validateDriverName } from '../storage/driver-name';
import { invalidValue, none, required, type Causes } from '../validation/causes';
import { follows, inRange, optional, present, when } from '../validation/checks';
import { validateLabels } from '../validation/labels';
import type { Path } from '../validation/path';
import type { SourceChecks } from './volume-sources';

type Iscsi = Omit<ISCSIVolumeSource, 'secretRef'> & { readonly secretRef?: object };

const iqn = /^iqn\.\d{4}-\d{2}\.([A-Za-z\d.-]+)(:[^,;*&$|\s]+)?$/;
const eui = /^eui\.[0-9A-Fa-f]{16}$/;
const naa = /^naa\.[0-9A-Fa-f]{32}$/;

const mustStart = 'must be valid format starting with iqn, eui, or naa';

function validateIqn(name: string, path: Path, otherwise: string): Causes {
  if (!/^(iqn|eui|naa)/.test(name)) return [invalidValue(path, name, otherwise)];
  const isValid = iqn.test(name) || eui.test(name) || naa.test(name);
  return when(!isValid, () => invalidValue(path, name, 'must be valid format'));
}

/** What holds of it in pods and of persistent ones; `otherwise` is said of a name of no known form. */
export function validateIscsi(source: Iscsi, path: Path, otherwise = mustStart): Causes {
  const { targetPortal, iqn: name, lun, chapAuthDiscovery, chapAuthSession, secretRef, initiatorName } = source;
  const isSecret = Boolean(chapAuthDiscovery) || Boolean(chapAuthSession);
  return [
    ...present(targetPortal, path.child('targetPortal')),
    ...(name ? validateIqn(name, path.child('iqn'), otherwise) : [required(path.child('iqn'))]),
    ...inRange(lun, path.child('lun'), [0, 255]),
    ...when(isSecret && !secretRef, () => required(path.child('secretRef'))),
    ...optional(initiatorName, path.child('initiatorname'), (text, where) => validateIqn(text, where, otherwise)),
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
  ...optional(nodePublishSecretRef, path.child('nodePublishSecretRef'), ({ name }, at) =>
    name ? follows(name, path.child('name'), (text) => dns1123Subdomain(text)) : [required(at.child('name'))],
  ),
];

function validateEphemeral({ volumeClaimTemplate }: EphemeralVolumeSource, path: Path): Causes {
  const where = path.child('volumeClaimTemplate');
  if (!volumeClaimTemplate) return [required(where)];
  const { metadata, spec } = volumeClaimTemplate;
  return [
    ...validateLabels(metadata?.labels, where.child('metadata', 'labels')),
    ...validateAnnotations(metadata?.annotations, where.child('metadata', 'annotations')),
    ...validateTemplateFields(metadata, where.child('metadata')),
    ...validateClaimSpec(spec, where.child('spec')),
  ];
}

/** Sources behind a network or a driver. */
export const remoteSources: SourceChecks = {
  nfs: ({ server, path: file }, path) => [
    ...present(server, path.child('server')),
    ...present(file, path.child('path')),
    ...when(!file.startsWith('/'), () => invalidValue(path.child('path'), file, 'must be an absolute path')),
  ],
  iscsi: (source, path) => validateIscsi(source, path),
  fc: validateFc,
  csi: validateCsi,
  ephemeral: validateEphemeral,
  flexVolume: ({ driver }, path) => present(driver, path.child('driver')),
};
