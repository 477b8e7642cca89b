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
  /** In the order in which the API writes them; `kind` and `apiVersion` come first where `isKind`. */
  readonly fields: ReadonlyMap<string, Field>;
  /** Objects of this form stand alone: they carry `apiVersion` and `kind`. */
  readonly isKind?: true;
  /** Fields that the schema does not know are kept as they are. */
  readonly preserveUnknown?: true;
  /** `atomic`: server-side apply owns the whole object at once. */
  readonly mapType?: 'atomic' | 'granular';
  /** How a whole value is read, where that is not by the fields: of custom resources. Throws DecodeError. */
  readonly read?: (value: Readonly<Record<string, unknown>>) => Record<string, unknown>;
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
  /** Name of the definition (`io.k8s.apimachinery.pkg.runtime.RawExtension`); absent in CRDs. */
  readonly name?: string;
  /** An object of this form is one of the possible values: JSONSchemaProps beside a boolean or a list. */
  readonly object?: ObjectSchema;
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
  /** Field number in the protobuf message. Absent: not in protobuf (JSON only). */
  readonly number?: number;
  /** Numbers of the nested messages, outermost first, that hold the field in protobuf but not in JSON. */
  readonly inlined?: readonly number[];
  /** Names of these messages, which upstream's error messages show. */
  readonly embedded?: readonly string[];
  /** Name of the type in upstream's error messages, where it does not follow from the schema (`v1.Protocol`). */
  readonly goType?: string;
  /** In protobuf the list is wrapped in a message of its own, which tells an empty list from none. */
  readonly wrapped?: true;
  /**
   * What the API makes of the zero value (`''`, `0`, `false`, `{}` of a map, `[]`). `omit`: as if absent. `fill`: an
   * absent field is written as the zero value. `null`: an absent field is written as null. Absent: kept as given.
   */
  readonly zero?: 'omit' | 'fill' | 'null';
}

/** All definitions, by name. Schemas refer to each other by reference, so recursive ones (JSONSchemaProps) are cyclic. */
export interface SchemaRegistry {
  get(name: string): ObjectSchema;
  has(name: string): boolean;
  names(): readonly string[];
}
