/**
 * The form of a value, as the API's machinery sees it: decoding, pruning, the protobuf codec, strategic merge,
 * server-side apply and OpenAPI all walk this one structure. Built from the facts in `facts/`, and from a
 * CustomResourceDefinition at run time.
 */
export type Schema = ObjectSchema | MapSchema | ListSchema | ScalarSchema | AnySchema;

export interface ObjectSchema {
  readonly type: 'object';
  /** Name of the definition (`io.k8s.api.core.v1.Container`); absent for anonymous objects of CRDs. */
  readonly name?: string;
  readonly description?: string;
  readonly fields: ReadonlyMap<string, Field>;
  /** `atomic`: server-side apply owns the whole object at once. */
  readonly mapType?: 'atomic' | 'granular';
  /** Fields of which at most one is set, named by `discriminator` where there is one. */
  readonly unions?: readonly { readonly discriminator?: string; readonly fields: readonly string[] }[];
}

/** An open map from string to one form: labels, resource lists, data. */
export interface MapSchema {
  readonly type: 'map';
  readonly values: Schema;
  readonly mapType?: 'atomic' | 'granular';
}

export interface ListSchema {
  readonly type: 'list';
  readonly items: Schema;
  readonly listType?: 'atomic' | 'set' | 'map';
  /** Keys that identify an element of a `map` list. */
  readonly listMapKeys?: readonly string[];
}

export interface ScalarSchema {
  readonly type:
    | 'string'
    | 'boolean'
    | 'integer'
    | 'number'
    | 'bytes'
    | 'quantity'
    | 'intOrString'
    | 'time'
    | 'microTime'
    | 'duration';
  readonly format?: 'int32' | 'int64' | 'float' | 'double';
}

/** Any JSON: RawExtension, JSON in CRDs, fieldsV1. */
export interface AnySchema {
  readonly type: 'any';
}

export interface Field {
  readonly name: string;
  readonly schema: Schema;
  readonly description?: string;
  readonly required?: true;
  /** The default of a list-map key that takes part in its identity (`protocol: TCP`). */
  readonly default?: unknown;
  readonly patchStrategy?: readonly ('merge' | 'replace' | 'retainKeys')[];
  readonly patchMergeKey?: string;
  /** Field number in the protobuf message. Absent: not in protobuf (inlined or JSON only). */
  readonly number?: number;
}

/** All definitions, by name. Schemas refer to each other by reference, so recursive ones (JSONSchemaProps) are cyclic. */
export interface SchemaRegistry {
  get(name: string): ObjectSchema;
  has(name: string): boolean;
  names(): readonly string[];
}
