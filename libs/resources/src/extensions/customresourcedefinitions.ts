import { isKnownFormat, type CustomResourceDefinition, type StructuralSchema } from '@kubephant/schema';
import { defineResource, type ResourceDefinition } from '../definition';
import { createdAtColumn, nameColumn } from '../print/columns';
import { none } from '../validation/causes';
import { setCondition } from './conditions';
import { setDefaults } from './defaults';
import { validateDefinition, validateDefinitionUpdate, type CheckRules } from './validate';

/** Holds a definition until none of its objects is left. */
export const cleanupFinalizer = 'customresourcecleanup.apiextensions.k8s.io';

function storedVersionsOf({ spec, status }: CustomResourceDefinition): string[] {
  const before = status?.storedVersions ?? [];
  const stored = (spec.versions as typeof spec.versions | null)?.filter(({ storage }) => storage) ?? [];
  return [...new Set([...before, ...stored.map(({ name }) => name)])];
}

function prepareForCreate(crd: CustomResourceDefinition): void {
  const { status: _, ...fresh } = crd;
  crd.status = {
    conditions: null as unknown as [],
    acceptedNames: { plural: '', kind: '' },
    storedVersions: storedVersionsOf(fresh),
  };
}

/** Objects are stored in the new version from now on, and those that are there stay as they are. */
function prepareForUpdate(crd: CustomResourceDefinition): void {
  crd.status = { ...crd.status, storedVersions: storedVersionsOf(crd) };
}

const beginDeletion = (crd: CustomResourceDefinition): void => {
  const { metadata } = crd;
  const finalizers = metadata.finalizers ?? [];
  if (!finalizers.includes(cleanupFinalizer)) metadata.finalizers = [...finalizers, cleanupFinalizer];
  const message = 'CustomResourceDefinition marked for deletion; CustomResource deletion will begin soon';
  const now = new Date(metadata.deletionTimestamp ?? 0);
  setCondition(crd, { type: 'Terminating', status: 'True', reason: 'InstanceDeletionPending', message }, now);
};

/** Formats that nothing is known of: every text has them. */
function unknownFormats(schema: StructuralSchema): readonly string[] {
  const { format, items, not, allOf, anyOf, oneOf, additionalProperties: additional } = schema;
  const alternatives = [allOf, anyOf, oneOf].flatMap((list) => list ?? []);
  const below = [
    ...Object.values(schema.properties ?? {}),
    ...[items, not].flatMap((one) => one ?? []),
    ...alternatives,
  ];
  if (typeof additional === 'object') below.push(additional);
  const own = format && !isKnownFormat(format) ? [format] : [];
  return [...own, ...below.flatMap(unknownFormats)];
}

const formatsOf = ({ spec }: CustomResourceDefinition): readonly string[] =>
  spec.versions.flatMap(({ schema }) =>
    schema?.openAPIV3Schema ? unknownFormats(schema.openAPIV3Schema as StructuralSchema) : [],
  );

function warnings(crd: CustomResourceDefinition, old?: CustomResourceDefinition): readonly string[] {
  const known = new Set(old ? formatsOf(old) : []);
  const formats = new Set(formatsOf(crd).filter((format) => !known.has(format)));
  return [...formats].map((format) => `unrecognized format ${JSON.stringify(format)}`);
}

/** The definitions of custom resources; `checkRules` compiles the rules in CEL that schemas may have. */
export const customResourceDefinitions = (checkRules: CheckRules): ResourceDefinition =>
  defineResource<CustomResourceDefinition>({
    group: 'apiextensions.k8s.io',
    version: 'v1',
    kind: 'CustomResourceDefinition',
    scope: 'Cluster',
    names: {
      plural: 'customresourcedefinitions',
      singular: 'customresourcedefinition',
      short: ['crd', 'crds'],
      categories: ['api-extensions'],
    },
    schema: 'io.k8s.apiextensions-apiserver.pkg.apis.apiextensions.v1.CustomResourceDefinition',
    columns: [nameColumn, createdAtColumn],
    generation: true,
    conditionalUpdate: true,
    storageVersion: 'v1beta1',
    defaults: setDefaults,
    strategy: {
      prepareForCreate,
      prepareForUpdate,
      validate: validateDefinition(checkRules),
      validateUpdate: validateDefinitionUpdate(checkRules),
      warnings,
    },
    subresources: { status: { kind: 'status', strategy: { validateUpdate: () => none } } },
    deletion: { begin: beginDeletion, finished: ({ metadata }) => (metadata.finalizers ?? []).length === 0 },
  });
