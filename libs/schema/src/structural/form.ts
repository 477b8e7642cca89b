import type { ValidationRule } from '../generated/types';

/**
 * The form of a custom resource, as a CustomResourceDefinition gives it (`spec.versions[].schema.openAPIV3Schema`): a
 * JSON schema whose types can be told without looking at values, which is what "structural" means (KEP-1693).
 */
export interface StructuralSchema {
  readonly type?: string;
  readonly format?: string;
  readonly title?: string;
  readonly description?: string;
  readonly default?: unknown;
  readonly nullable?: boolean;
  readonly enum?: readonly unknown[] | null;
  readonly pattern?: string;
  readonly maxLength?: number;
  readonly minLength?: number;
  readonly maximum?: number;
  readonly exclusiveMaximum?: boolean;
  readonly minimum?: number;
  readonly exclusiveMinimum?: boolean;
  readonly multipleOf?: number;
  readonly maxItems?: number;
  readonly minItems?: number;
  readonly uniqueItems?: boolean;
  readonly maxProperties?: number;
  readonly minProperties?: number;
  readonly required?: readonly string[] | null;
  readonly properties?: Readonly<Record<string, StructuralSchema>> | null;
  readonly additionalProperties?: StructuralSchema | boolean;
  readonly items?: StructuralSchema;
  readonly allOf?: readonly StructuralSchema[] | null;
  readonly anyOf?: readonly StructuralSchema[] | null;
  readonly oneOf?: readonly StructuralSchema[] | null;
  readonly not?: StructuralSchema;
  readonly 'x-kubernetes-preserve-unknown-fields'?: boolean;
  readonly 'x-kubernetes-embedded-resource'?: boolean;
  readonly 'x-kubernetes-int-or-string'?: boolean;
  readonly 'x-kubernetes-list-type'?: string;
  readonly 'x-kubernetes-list-map-keys'?: readonly string[] | null;
  readonly 'x-kubernetes-map-type'?: string;
  readonly 'x-kubernetes-validations'?: readonly ValidationRule[] | null;
}

/** The form of a property that is named; `constructor` and the like are names as others are. */
export const propertyOf = ({ properties }: StructuralSchema, name: string): StructuralSchema | undefined =>
  properties && Object.hasOwn(properties, name) ? properties[name] : undefined;

/** The form of what is not named, where there is one. */
export const additionalOf = ({ additionalProperties: form }: StructuralSchema): StructuralSchema | undefined =>
  typeof form === 'object' ? form : undefined;

/** Whether keys that are not named are part of the form: of one form, or of any. */
export const takesAdditional = ({ additionalProperties: form }: StructuralSchema): boolean => form !== undefined;

export const isPreserving = (schema: StructuralSchema): boolean =>
  schema['x-kubernetes-preserve-unknown-fields'] === true;

export const isEmbedded = (schema: StructuralSchema): boolean => schema['x-kubernetes-embedded-resource'] === true;

export const isIntOrString = (schema: StructuralSchema): boolean => schema['x-kubernetes-int-or-string'] === true;

/** What every object that stands alone has, whether its form says so or not. */
export const typeMetaFields: readonly string[] = ['apiVersion', 'kind', 'metadata'];
