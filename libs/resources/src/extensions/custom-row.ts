import type { KubeObject } from '@kubephant/api';
import {
  propertyOf,
  validateListTypes,
  validateValue,
  type CustomResourceDefinition,
  type CustomResourceDefinitionNames,
  type CustomResourceDefinitionVersion,
  type CustomResourceSubresources,
  type StructuralSchema,
} from '@kubephant/schema';
import type { ResourceDefinition, ResourceNames, SelectableField, Strategy, Subresource } from '../definition';
import { statusAlone } from '../meta/for-status';
import { equal } from '../validation/checks';
import type { Causes } from '../validation/causes';
import { at } from '../validation/path';
import { isTrue } from './conditions';
import { customColumns } from './custom-columns';
import { causeOf } from './default-rules';
import { validateEmbedded } from './embedded';
import { finalizerWarnings } from './finalizer-warnings';
import { parseJsonPath } from './json-path';
import { validateScaleValues } from './scale-values';
import { deprecationOf } from './deprecation';

/** Runs the rules of a schema; `old` is what an update replaces. */
export type EvaluateRules = (object: KubeObject, old?: KubeObject) => Causes;

/** The form of a version; one that says nothing takes anything. */
export const formOf = ({ schema }: CustomResourceDefinitionVersion): StructuralSchema =>
  (schema?.openAPIV3Schema as StructuralSchema | undefined) ?? {
    type: 'object',
    'x-kubernetes-preserve-unknown-fields': true,
  };

type Scale = CustomResourceSubresources['scale'];
type Fields = Record<string, unknown>;

/** What is written is of its form: all of it, or the status alone, which is then told without where it lies. */
function ofForm(schema: StructuralSchema, obj: KubeObject, old: KubeObject | undefined, part?: 'status'): Causes {
  if (part === undefined) return validateValue(schema, obj, old).map((issue) => causeOf(issue));
  const form = propertyOf(schema, part);
  const [now, before] = [obj, old ?? {}].map((one) => (one as Fields)[part]);
  if (!form || now === undefined) return [];
  return validateValue(form, now, before).map((issue) => causeOf(issue, at(part)));
}

const grammar = ({ schema, scale, part }: Checked, obj: KubeObject, old?: KubeObject): Causes => [
  ...ofForm(schema, obj, old, part),
  ...validateScaleValues(scale, obj),
  ...validateEmbedded(schema, obj),
  ...validateListTypes(schema, obj).map((issue) => causeOf(issue)),
];

/** What is wrong in a way that rules may not bear to look at. */
const fatal: ReadonlySet<string> = new Set([
  'FieldValueRequired',
  'FieldValueNotSupported',
  'FieldValueTooLong',
  'FieldValueTooMany',
  'FieldValueTypeInvalid',
]);

const unchecked =
  'some validation rules were not checked because the object was invalid; correct the existing errors to complete validation';

/** What is looked at: objects of a form, or the part of them that an endpoint writes. */
interface Checked {
  readonly schema: StructuralSchema;
  readonly scale: Scale;
  readonly part?: 'status';
}

function validatorOf(checked: Checked, rules: EvaluateRules | undefined) {
  return (obj: KubeObject, old?: KubeObject): Causes => {
    const causes = grammar(checked, obj, old);
    if (!rules) return causes;
    const isBlocked = causes.some(({ reason }) => fatal.has(reason)) || !obj.metadata.name;
    if (!isBlocked) return [...causes, ...rules(obj, old)];
    const message = `Invalid value: null: ${unchecked}`;
    return [...causes, { reason: 'FieldValueInvalid', field: '<nil>', message }];
  };
}

/** Everything but what the system says of an object, and its status where that has an endpoint of its own. */
function specOf(obj: KubeObject, hasStatus: boolean): Fields {
  const { metadata: _, status, ...rest } = obj as unknown as Fields;
  return hasStatus ? rest : { ...rest, status };
}

/** What /status takes of an object is its status; its labels and the like stay. */
function keepMetadata(obj: KubeObject, old: KubeObject): void {
  const { managedFields, resourceVersion } = obj.metadata;
  obj.metadata = { ...structuredClone(old.metadata), resourceVersion, ...(managedFields && { managedFields }) };
  if (!managedFields) delete obj.metadata.managedFields;
}

function subresourcesOf(
  { subresources }: CustomResourceDefinitionVersion,
  validateUpdate: NonNullable<Strategy<KubeObject>['validateUpdate']>,
): Readonly<Record<string, Subresource<KubeObject>>> {
  const { status, scale } = subresources ?? {};
  return {
    ...(status && {
      status: { kind: 'status', strategy: { ...statusAlone, prepareForUpdate: keepMetadata, validateUpdate } },
    }),
    ...(scale && {
      scale: {
        kind: 'scale',
        spec: scale.specReplicasPath,
        status: scale.statusReplicasPath,
        selector: scale.labelSelectorPath ?? (() => ''),
      },
    }),
  };
}

/** A field that the definition lets selectors name; one that is absent is empty. */
function fieldOf(jsonPath: string): SelectableField<KubeObject> {
  const path = parseJsonPath(jsonPath);
  return {
    path: jsonPath.slice(1),
    value(obj) {
      const [value] = path?.find(obj) ?? [];
      if (typeof value === 'string') return value;
      return typeof value === 'number' || typeof value === 'boolean' ? String(value) : '';
    },
  };
}

const namesOf = ({ plural, singular = '', shortNames, categories }: CustomResourceDefinitionNames): ResourceNames => ({
  plural,
  singular,
  ...(shortNames && { short: shortNames }),
  ...(categories && { categories }),
});

const allVerbs = ['create', 'delete', 'deletecollection', 'get', 'list', 'patch', 'update', 'watch'];
/** Objects of a definition that goes may still be let go of. */
const verbsOfTheEnd = allVerbs.filter((verb) => verb !== 'create');

/** A version of a custom resource as the row that it is. `rules`: evaluates the rules in CEL of its schema. */
export function customRow(
  crd: CustomResourceDefinition,
  version: CustomResourceDefinitionVersion,
  rules?: EvaluateRules,
): ResourceDefinition {
  const { group, scope } = crd.spec;
  const names = crd.status?.acceptedNames ?? crd.spec.names;
  const schema = formOf(version);
  const hasStatus = version.subresources?.status !== undefined;
  const checked = { schema, scale: version.subresources?.scale };
  const validate = validatorOf(checked, rules);
  const deprecated = deprecationOf(crd, version);
  return {
    group,
    version: version.name,
    kind: names.kind,
    scope: scope === 'Cluster' ? 'Cluster' : 'Namespaced',
    names: namesOf(names),
    schema: `${group.split('.').reverse().join('.')}.${version.name}.${names.kind}`,
    columns: customColumns(version.additionalPrinterColumns),
    fields: (version.selectableFields ?? []).map(({ jsonPath }) => fieldOf(jsonPath)),
    strategy: { validate: (obj) => validate(obj), validateUpdate: validate, warnings: finalizerWarnings },
    subresources: subresourcesOf(version, validatorOf({ ...checked, part: 'status' }, rules)),
    generation: true,
    generationChanged: (obj, old) => !equal(specOf(obj, hasStatus), specOf(old, hasStatus)),
    conditionalUpdate: true,
    storageVersion: crd.spec.versions.find(({ storage }) => storage)?.name ?? version.name,
    verbs: isTrue(crd, 'Terminating') ? verbsOfTheEnd : allVerbs,
    ...(deprecated !== undefined && { deprecated }),
  };
}
