import type { CSIDriver, StorageV1TokenRequest } from '@kubephant/schema';
import { defineResource, type Column, type ResourceDefinition } from '../definition';
import { ageColumn, boolean, nameColumn, orNone, text } from '../print/columns';
import { duplicate, invalidValue, notSupported, type Causes } from '../validation/causes';
import { each, equal, immutable, oneOf, optional, when } from '../validation/checks';
import { at, type Path } from '../validation/path';

const spec = at('spec');
const lifecycles = ['Persistent', 'Ephemeral'];
const groupPolicies = ['File', 'None', 'ReadWriteOnceWithFSType'];

const shortestToken = 600;
const longestToken = 2 ** 32;
const shortestUpdatePeriod = 10;

function validateExpiration(seconds: number, path: Path): Causes {
  return [
    ...when(seconds < shortestToken, () =>
      invalidValue(path, seconds, 'may not specify a duration less than 10 minutes'),
    ),
    ...when(seconds > longestToken, () =>
      invalidValue(path, seconds, 'may not specify a duration larger than 2^32 seconds'),
    ),
  ];
}

const validateTokens = (tokens: readonly StorageV1TokenRequest[] | undefined, path: Path): Causes =>
  each(tokens, path, ({ audience, expirationSeconds }, where, index) => {
    const isTaken = tokens?.findIndex((other) => other.audience === audience) !== index;
    if (isTaken) return [duplicate(where.child('audience'), audience)];
    return optional(expirationSeconds, where.child('expirationSeconds'), validateExpiration);
  });

const noTokens = 'serviceAccountTokenInSecrets is set but no tokenRequests are specified';

const validate = ({ spec: wanted }: CSIDriver): Causes => [
  ...optional(wanted.fsGroupPolicy, spec.child('fsGroupPolicy'), (policy, path) => oneOf(policy, path, groupPolicies)),
  ...validateTokens(wanted.tokenRequests, spec.child('tokenRequests')),
  ...(wanted.volumeLifecycleModes ?? [])
    .filter((mode) => !lifecycles.includes(mode))
    .map((mode) => notSupported(spec.child('volumeLifecycleModes'), mode, lifecycles)),
  ...optional(
    wanted.nodeAllocatableUpdatePeriodSeconds,
    spec.child('nodeAllocatableUpdatePeriodSeconds'),
    (seconds, path) =>
      when(seconds < shortestUpdatePeriod, () =>
        invalidValue(path, seconds, 'must be greater than or equal to 10 seconds'),
      ),
  ),
  ...optional(wanted.serviceAccountTokenInSecrets, spec.child('serviceAccountTokenInSecrets'), (inSecrets, path) =>
    when(!wanted.tokenRequests?.length, () => invalidValue(path, inSecrets, noTokens)),
  ),
];

/** What may not change; upstream calls the first `attachedRequired` in errors. */
const validateUnchanged = ({ spec: now }: CSIDriver, { spec: old }: CSIDriver): Causes => [
  ...immutable(now.attachRequired, old.attachRequired, spec.child('attachedRequired')),
  ...immutable(now.volumeLifecycleModes, old.volumeLifecycleModes, spec.child('volumeLifecycleModes')),
];

function setDefaults({ spec: wanted }: CSIDriver): void {
  wanted.attachRequired ??= true;
  wanted.podInfoOnMount ??= false;
  wanted.storageCapacity ??= false;
  wanted.fsGroupPolicy ??= 'ReadWriteOnceWithFSType';
  if ((wanted.volumeLifecycleModes ?? []).length === 0) wanted.volumeLifecycleModes = ['Persistent'];
  wanted.requiresRepublish ??= false;
  wanted.seLinuxMount ??= false;
}

/** A field of volume limits in scheduling (KEP-5030), which is off by default. */
function dropGatedFields({ spec: wanted }: CSIDriver): void {
  delete wanted.preventPodSchedulingIfMissing;
}

const tokenWarning =
  'spec.serviceAccountTokenInSecrets is unset; if supported by this CSI driver, set to true to prevent possible ' +
  'logging of tokens in volume attributes';

const columns: readonly Column<CSIDriver>[] = [
  nameColumn,
  boolean(
    'AttachRequired',
    'Whether volumes are attached first.',
    ({ spec: { attachRequired } }) => attachRequired ?? true,
  ),
  boolean(
    'PodInfoOnMount',
    'Whether the driver is told of the pod.',
    ({ spec: { podInfoOnMount } }) => podInfoOnMount ?? false,
  ),
  boolean(
    'StorageCapacity',
    'Whether it publishes what is free.',
    ({ spec: { storageCapacity } }) => storageCapacity ?? false,
  ),
  text(
    'TokenRequests',
    'Audiences of the tokens it needs.',
    ({ spec: { tokenRequests } }) => tokenRequests?.map(({ audience }) => audience).join(',') ?? '<unset>',
  ),
  boolean(
    'RequiresRepublish',
    'Whether it is called again and again.',
    ({ spec: { requiresRepublish } }) => requiresRepublish ?? false,
  ),
  text('Modes', 'Kinds of volumes it makes.', ({ spec: { volumeLifecycleModes = [] } }) =>
    orNone(volumeLifecycleModes.join(',')),
  ),
  ageColumn,
];

export const csiDrivers: ResourceDefinition = defineResource<CSIDriver>({
  group: 'storage.k8s.io',
  version: 'v1',
  kind: 'CSIDriver',
  scope: 'Cluster',
  names: { plural: 'csidrivers', singular: 'csidriver' },
  schema: 'io.k8s.api.storage.v1.CSIDriver',
  conditionalUpdate: true,
  deleteReturnsObject: true,
  columns,
  defaults: setDefaults,
  strategy: {
    prepareForCreate: dropGatedFields,
    // Unlike other kinds it has no generation until its specification changes.
    prepareForUpdate(driver, old) {
      if (old.spec.preventPodSchedulingIfMissing === undefined) dropGatedFields(driver);
      if (!equal(driver.spec, old.spec)) driver.metadata.generation = (old.metadata.generation ?? 0) + 1;
    },
    validate,
    validateUpdate: (driver, old) => [...validate(driver), ...validateUnchanged(driver, old)],
    warnings: ({ spec: { tokenRequests, serviceAccountTokenInSecrets } }, old) =>
      tokenRequests?.length &&
      serviceAccountTokenInSecrets === undefined &&
      !equal(tokenRequests, old?.spec.tokenRequests)
        ? [tokenWarning]
        : [],
  },
});
