import { dns1123Subdomain, Quantity } from '@kubephant/api';
import { emptyAsGiven, type PersistentVolume, type VolumeNodeAffinity } from '@kubephant/schema';
import { validateNodeSelector } from '../pod-spec/affinity';
import { noBacksteps } from '../pod-spec/paths';
import { sourceNames, validateSource } from '../pod-spec/volume-sources';
import { forbidden, invalidValue, none, notSupported, required, sortedMap, type Causes } from '../validation/causes';
import { equal, follows, immutable, oneOf, optional, when, type Check } from '../validation/checks';
import { difference } from '../validation/difference';
import { goForm } from '../validation/go-form';
import { volumeSources } from '../validation/go-names';
import { at, type Path } from '../validation/path';
import { validateAccessModes, volumeModes } from './access-modes';
import { persistentChecks } from './persistent-sources';

type Spec = PersistentVolume['spec'];

const path = at('spec');
const subdomain = (name: string): readonly string[] => dns1123Subdomain(name);

function validateCapacity(spec: Spec): Causes {
  const { capacity } = spec;
  const where = path.child('capacity');
  const names = Object.keys(capacity ?? {});
  const other = names.length !== 1 || names[0] !== 'storage';
  return [
    ...when(names.length === 0, () => required(where)),
    ...when(other, () => notSupported(where, sortedMap(capacity) ?? emptyAsGiven(spec, 'capacity'), ['storage'])),
    ...(other ? none : Object.entries(capacity ?? {}).flatMap(([name, text]) => validateSize(text, where.key(name)))),
  ];
}

function validateSize(text: string, where: Path): Causes {
  const amount = Quantity.parse(text);
  return [
    ...when(amount.sign < 0, () => invalidValue(where, Number(amount.value()), 'must be a valid resource quantity')),
    ...when(amount.sign <= 0, () => invalidValue(where, amount, 'must be greater than zero')),
  ];
}

function validateLocal({ local, nodeAffinity }: Spec, path: Path): Causes {
  const file = local?.path ?? '';
  const where = path.child('local');
  return [
    ...(file ? noBacksteps(file, where.child('path')) : [required(where.child('path'))]),
    ...when(nodeAffinity === undefined, () =>
      required(path.child('nodeAffinity'), 'Local volume requires node affinity'),
    ),
  ];
}

/** Sources of volumes that outlive pods: most of those a pod may have, and local disks. */
const sources = [...sourceNames, 'local'] as const;
export type PersistentSource = (typeof sources)[number];

export const sourcesOf = (spec: Spec): readonly PersistentSource[] =>
  sources.filter((name) => (spec as Partial<Record<string, unknown>>)[name] !== undefined);

function validateOne(spec: Spec, name: PersistentSource, path: Path): Causes {
  if (name === 'local') return validateLocal(spec, path);
  const check = (persistentChecks as Partial<Record<string, Check<unknown>>>)[name];
  const source = (spec as Partial<Record<string, unknown>>)[name];
  return check ? check(source, path.child(name)) : validateSource(spec, name, path);
}

/** Exactly one place where the data is. */
export function validateSources(spec: Spec, path: Path): Causes {
  const [first, ...others] = sourcesOf(spec);
  if (!first) return [required(path, 'must specify a volume type')];
  return [
    ...validateOne(spec, first, path),
    ...others.map((name) => forbidden(path.child(name), 'may not specify more than 1 volume type')),
  ];
}

const validateAffinity = ({ required: wanted }: VolumeNodeAffinity, where: Path): Causes =>
  wanted
    ? validateNodeSelector(wanted, where.child('required'))
    : [required(where.child('required'), 'must specify required node constraints')];

const reclaimPolicies = ['Delete', 'Recycle', 'Retain'];

function validatePolicy({ persistentVolumeReclaimPolicy: policy, hostPath }: Spec): Causes {
  const where = path.child('persistentVolumeReclaimPolicy');
  return [
    ...(policy ? oneOf(policy, where, reclaimPolicies) : none),
    ...when(policy === 'Recycle' && hostPath?.path === '/', () =>
      forbidden(where, "may not be 'recycle' for a hostPath mount of '/'"),
    ),
  ];
}

export function validateVolume({ spec }: PersistentVolume): Causes {
  const modes = spec.accessModes ?? [];
  return [
    ...when(modes.length === 0, () => required(path.child('accessModes'))),
    ...validateAccessModes(modes, path.child('accessModes')),
    ...validateCapacity(spec),
    ...validatePolicy(spec),
    ...optional(spec.nodeAffinity, path.child('nodeAffinity'), validateAffinity),
    ...validateSources(spec, path),
    ...(spec.storageClassName ? follows(spec.storageClassName, path.child('storageClassName'), subdomain) : none),
    ...optional(spec.volumeMode, path.child('volumeMode'), (mode, where) => oneOf(mode, where, volumeModes)),
    ...when(spec.volumeAttributesClassName !== undefined && spec.csi === undefined, () =>
      required(path.child('csi'), 'has to be specified when using volumeAttributesClassName'),
    ),
    ...optional(spec.volumeAttributesClassName, path.child('volumeAttributesClassName'), (name, where) =>
      name ? follows(name, where, subdomain) : [required(where, 'an empty string is disallowed')],
    ),
  ];
}

/** The spec without the secret that may be added later, where it was. */
function withoutNewSecret(now: Spec, before: Spec): Spec {
  if (!now.csi?.controllerExpandSecretRef || !before.csi || before.csi.controllerExpandSecretRef) return now;
  const { controllerExpandSecretRef: _, ...csi } = now.csi;
  return { ...now, csi };
}

/** Where the data is, as upstream quotes it. */
function sourcesForm(spec: Spec): object {
  const form = goForm('io.k8s.api.core.v1.PersistentVolumeSpec', spec) as Readonly<Record<string, unknown>>;
  return Object.fromEntries(volumeSources.map((name) => [name, form[name]]));
}

function validateSourceChange(now: Spec, before: Spec): Causes {
  const [is, was] = [sourcesForm(withoutNewSecret(now, before)), sourcesForm(before)];
  const name = 'spec.persistentvolumesource';
  return when(!equal(is, was), () =>
    forbidden(at(name), `${name} is immutable after creation\n${difference(was, is)}`),
  );
}

export const validateVolumeChange = ({ spec: now }: PersistentVolume, { spec: before }: PersistentVolume): Causes => [
  ...validateSourceChange(now, before),
  ...immutable(now.volumeMode, before.volumeMode, at('volumeMode')),
  ...when(before.volumeAttributesClassName !== undefined && now.volumeAttributesClassName === undefined, () =>
    forbidden(path.child('volumeAttributesClassName'), 'update from non-nil value to nil is forbidden'),
  ),
];
