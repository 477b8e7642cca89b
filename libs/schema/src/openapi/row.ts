import type { GroupVersionKind } from '../kinds';

/** A subresource as discovery shows it: the kind that is read or sent, and the verbs. */
export interface OpenApiSubresource extends GroupVersionKind {
  readonly verbs: readonly string[];
}

/** What OpenAPI says about one resource. */
export interface OpenApiRow extends GroupVersionKind {
  readonly plural: string;
  readonly namespaced: boolean;
  readonly verbs: readonly string[];
  /** Name of the definition, built in or, with `custom`, to be made. */
  readonly schema: string;
  /** The form of a custom resource: an OpenAPI v3 schema, published as it is. */
  readonly custom?: Readonly<Record<string, unknown>>;
  /** Whether a delete answers with the object instead of a Status. */
  readonly deleteReturnsObject?: boolean;
  readonly subresources?: Readonly<Record<string, OpenApiSubresource>>;
}

/** JSON of a document. */
export type Json = Readonly<Record<string, unknown>>;
