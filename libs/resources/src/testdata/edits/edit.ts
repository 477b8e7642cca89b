/**
 * What may and may not be done to the example of a kind. Changes are written as in the goldens of validation:
 * `/json/pointer = value`, or `- /json/pointer` for what is taken away.
 */
export interface Edits {
  /** An update that is accepted and changes what was given, outside of metadata and status. */
  readonly change: Changes;
  /** What makes a create of the example fail. */
  readonly invalid: readonly Wrong[];
  /** An update that is refused although (where the kind has such a field) a create would not be. */
  readonly forbidden: Wrong;
  /** Whether the name follows from the rest, so that none can be made up. */
  readonly nameFollows?: true;
  /** A change of what `/status` writes, where the kind has that subresource. */
  readonly status?: Changes;
}

export type Changes = readonly string[];

/** One of the causes, as `field: reason`, and the changes that earn it. */
export type Wrong = readonly [cause: string, ...changes: Changes];

/** For kinds of which everything but metadata is fixed: nothing can be changed but labels. */
export const onlyLabels: Changes = ['/metadata/labels = {"tier":"back"}'];

export const invalid = (field: string): string => `${field}: FieldValueInvalid`;
export const required = (field: string): string => `${field}: FieldValueRequired`;
export const forbidden = (field: string): string => `${field}: FieldValueForbidden`;
export const unsupported = (field: string): string => `${field}: FieldValueNotSupported`;
export const duplicate = (field: string): string => `${field}: FieldValueDuplicate`;
export const tooLong = (field: string): string => `${field}: FieldValueTooLong`;
