import { dns1035Label, dns1123Subdomain } from '@kubephant/api';
import {
  emptyAsGiven,
  type CustomResourceDefinition,
  type CustomResourceDefinitionSpec,
  type StructuralSchema,
} from '@kubephant/schema';
import { invalidValue, none, required, type Causes } from '../validation/causes';
import { follows, immutable, requiredOneOf, when } from '../validation/checks';
import { at, type Path } from '../validation/path';
import { validateApproval } from './approval';
import { isTrue } from './conditions';
import { goVersions } from './go-schema';
import { hoist, type Hoisted } from './hoisted';
import { requireNames, validateNames } from './validate-names';
import { validateConversion } from './validate-parts';
import { validateParts, validateVersion, validateVersionName, type Whole, type CheckRules } from './validate-version';

export type { CheckRules } from './validate-version';

const spec = at('spec');

function validateGroup(group: string): Causes {
  const path = spec.child('group');
  if (!group) return [required(path)];
  const reproaches = dns1123Subdomain(group);
  if (reproaches.length > 0) return [invalidValue(path, group, reproaches.join(','))];
  return when(!group.includes('.'), () => invalidValue(path, group, 'should be a domain with at least one dot'));
}

function validateVersions(given: unknown, { versions }: Hoisted, whole: Whole): Causes {
  const names = versions.map(({ version }) => version.name);
  const path = spec.child('versions');
  const shown = (): unknown => given && goVersions(versions.map(({ version }) => version));
  const stored = versions.filter(({ version }) => version.storage).length;
  return [
    ...versions.flatMap((version) => [...validateVersionName(version), ...validateVersion(version, whole)]),
    ...when(new Set(names).size < names.length, () => invalidValue(path, shown(), 'must contain unique version names')),
    ...when(stored !== 1, () => invalidValue(path, shown(), 'must have exactly one version marked as storage version')),
    ...(names[0] ? follows(names[0], spec.child('version'), dns1035Label) : none),
  ];
}

/** Every version says its form, even if only that it has none. */
const requireSchemas = ({ versions }: CustomResourceDefinitionSpec): Causes =>
  listOf(versions).flatMap(({ schema }, index) =>
    when(!schema?.openAPIV3Schema, () =>
      required(spec.child('versions').index(index).child('schema', 'openAPIV3Schema')),
    ),
  );

const listOf = <T>(list: readonly T[] | null | undefined): readonly T[] => list ?? [];

function validateSpec(given: CustomResourceDefinitionSpec, checkRules: CheckRules): Causes {
  const hoisted = hoist(given);
  const { names } = given;
  const schema = hoisted.common?.version.schema?.openAPIV3Schema as StructuralSchema | undefined;
  const hasStatus = listOf(given.versions).some(({ subresources }) => subresources?.status !== undefined);
  const whole = { hasStatus, schema, checkRules };
  return [
    ...validateGroup(given.group),
    ...requiredOneOf(given.scope, spec.child('scope'), ['Cluster', 'Namespaced']),
    ...requireSchemas(given),
    ...validateVersions(emptyAsGiven(given, 'versions') ?? given.versions, hoisted, whole),
    ...requireNames(names, spec.child('names')),
    ...validateNames(names, spec.child('names')),
    ...(hoisted.common ? validateParts(hoisted.common, whole) : none),
    ...(given.conversion ? validateConversion(given.conversion, spec.child('conversion')) : none),
  ];
}

/** Versions that objects may still be stored in have to be known. */
function validateStoredVersions({ spec: { versions }, status }: CustomResourceDefinition): Causes {
  const path = at('status', 'storedVersions');
  const stored = status?.storedVersions ?? [];
  const known = listOf(versions).map(({ name }) => name);
  if (stored.length === 0) return [invalidValue(path, null, 'must have at least one stored version')];
  const unstored = listOf(versions).filter(({ name, storage }) => storage && !stored.includes(name));
  const missing = unstored.map(({ name }) => invalidValue(path, stored, `must have the storage version ${name}`));
  const lost = stored.flatMap((name, index) =>
    when(!known.includes(name), () =>
      invalidValue(
        path.index(index),
        name,
        `missing from spec.versions; ${name} was previously a storage version, and must remain in spec.versions until ` +
          `a storage migration ensures no data remains persisted in ${name} and removes ${name} from status.storedVersions`,
      ),
    ),
  );
  return [...missing, ...lost];
}

const validatePreserving = ({ preserveUnknownFields }: CustomResourceDefinitionSpec): Causes =>
  when(preserveUnknownFields === true, () =>
    invalidValue(
      spec.child('preserveUnknownFields'),
      true,
      'cannot set to true, set x-kubernetes-preserve-unknown-fields to true in spec.versions[*].schema instead',
    ),
  );

function validateOwnName({ metadata, spec: { names, group } }: CustomResourceDefinition): Causes {
  const { name, generateName } = metadata as Partial<CustomResourceDefinition['metadata']> & { generateName?: string };
  const wanted = `${names.plural}.${group}`;
  const check = (given: string | undefined, path: Path): Causes =>
    when(Boolean(given) && given !== wanted, () =>
      invalidValue(path, given, 'must be spec.names.plural+"."+spec.group'),
    );
  return [...check(generateName, at('metadata', 'generateName')), ...check(name, at('metadata', 'name'))];
}

export const validateDefinition =
  (checkRules: CheckRules) =>
  (crd: CustomResourceDefinition): Causes => [
    ...validateOwnName(crd),
    ...validateSpec(crd.spec, checkRules),
    ...validateStoredVersions(crd),
    ...validateApproval(crd),
    ...validatePreserving(crd.spec),
  ];

/** What cannot be changed any more: where objects are, and, once they can be there, what they are. */
function validateImmutable(next: CustomResourceDefinitionSpec, old: CustomResourceDefinition): Causes {
  const { names } = old.spec;
  const established = isTrue(old, 'Established');
  return [
    ...(established ? immutable(next.scope, old.spec.scope, spec.child('scope')) : none),
    ...(established ? immutable(next.names.kind, names.kind, spec.child('names', 'kind')) : none),
    ...immutable(next.group, old.spec.group, spec.child('group')),
    ...immutable(next.names.plural, names.plural, spec.child('names', 'plural')),
  ];
}

export const validateDefinitionUpdate =
  (checkRules: CheckRules) =>
  (crd: CustomResourceDefinition, old: CustomResourceDefinition): Causes => [
    ...validateSpec(crd.spec, checkRules),
    ...validateImmutable(crd.spec, old),
    ...validateStoredVersions(crd),
    ...validateApproval(crd, old),
    ...(old.spec.preserveUnknownFields ? none : validatePreserving(crd.spec)),
  ];
