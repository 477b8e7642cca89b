import type { CustomResourceDefinitionVersion } from '@kubephant/schema';

/** Fields of a JSON schema as upstream's internal type has them, with their zero values and the names JSON has. */
const fields: readonly (readonly [string, string, unknown])[] = [
  ['ID', 'id', ''],
  ['Schema', '$schema', ''],
  ['Ref', '$ref', null],
  ['Description', 'description', ''],
  ['Type', 'type', ''],
  ['Nullable', 'nullable', false],
  ['Format', 'format', ''],
  ['Title', 'title', ''],
  ['Default', 'default', null],
  ['Maximum', 'maximum', null],
  ['ExclusiveMaximum', 'exclusiveMaximum', false],
  ['Minimum', 'minimum', null],
  ['ExclusiveMinimum', 'exclusiveMinimum', false],
  ['MaxLength', 'maxLength', null],
  ['MinLength', 'minLength', null],
  ['Pattern', 'pattern', ''],
  ['MaxItems', 'maxItems', null],
  ['MinItems', 'minItems', null],
  ['UniqueItems', 'uniqueItems', false],
  ['MultipleOf', 'multipleOf', null],
  ['Enum', 'enum', null],
  ['MaxProperties', 'maxProperties', null],
  ['MinProperties', 'minProperties', null],
  ['Required', 'required', null],
  ['Items', 'items', null],
  ['AllOf', 'allOf', null],
  ['OneOf', 'oneOf', null],
  ['AnyOf', 'anyOf', null],
  ['Not', 'not', null],
  ['Properties', 'properties', null],
  ['AdditionalProperties', 'additionalProperties', null],
  ['PatternProperties', 'patternProperties', null],
  ['Dependencies', 'dependencies', null],
  ['AdditionalItems', 'additionalItems', null],
  ['Definitions', 'definitions', null],
  ['ExternalDocs', 'externalDocs', null],
  ['Example', 'example', null],
  ['XPreserveUnknownFields', 'x-kubernetes-preserve-unknown-fields', null],
  ['XEmbeddedResource', 'x-kubernetes-embedded-resource', false],
  ['XIntOrString', 'x-kubernetes-int-or-string', false],
  ['XListMapKeys', 'x-kubernetes-list-map-keys', null],
  ['XListType', 'x-kubernetes-list-type', null],
  ['XMapType', 'x-kubernetes-map-type', null],
  ['XValidations', 'x-kubernetes-validations', null],
];

type Json = Readonly<Record<string, unknown>>;
const isJson = (value: unknown): value is Json => typeof value === 'object' && value !== null && !Array.isArray(value);

/** The upstream name of a field of schemas, for those that are set. */
export const setFields = (schema: object): readonly string[] =>
  fields
    .filter(([, name, zero]) => (schema as Json)[name] !== undefined && (schema as Json)[name] !== zero)
    .map(([goName]) => goName);

/** How a nested value is shown, by the name JSON has for its field. */
const nested: Readonly<Record<string, (value: unknown) => unknown>> = {
  items: (value) => ({ Schema: isJson(value) ? goSchema(value) : null, JSONSchemas: null }),
  additionalProperties: (value) =>
    isJson(value) ? { Allows: true, Schema: goSchema(value) } : { Allows: value === true, Schema: null },
  not: goSchema,
  allOf: (value) => (value as readonly unknown[]).map(goSchema),
  oneOf: (value) => (value as readonly unknown[]).map(goSchema),
  anyOf: (value) => (value as readonly unknown[]).map(goSchema),
  properties: (value) =>
    Object.fromEntries(
      Object.entries(value as Json)
        .sort(([a], [b]) => (a < b ? -1 : 1))
        .map(([key, property]) => [key, goSchema(property)] as const),
    ),
};

/** A schema as upstream quotes it in errors about the whole of it. */
export function goSchema(schema: unknown): unknown {
  const given = isJson(schema) ? schema : {};
  return Object.fromEntries(
    fields.map(([goName, name, zero]) => {
      const value = given[name];
      if (value === undefined || value === null) return [goName, zero];
      return [goName, nested[name]?.(value) ?? value];
    }),
  );
}

/** Versions as upstream quotes them. */
export const goVersions = (versions: readonly CustomResourceDefinitionVersion[]): unknown =>
  versions.map((version) => ({
    Name: version.name,
    Served: version.served,
    Storage: version.storage,
    Deprecated: version.deprecated ?? false,
    DeprecationWarning: version.deprecationWarning ?? null,
    Schema: version.schema
      ? { OpenAPIV3Schema: version.schema.openAPIV3Schema ? goSchema(version.schema.openAPIV3Schema) : null }
      : null,
    Subresources: version.subresources ?? null,
    AdditionalPrinterColumns: version.additionalPrinterColumns ?? null,
    SelectableFields: version.selectableFields ?? null,
  }));
