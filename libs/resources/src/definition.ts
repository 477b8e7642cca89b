import type { Cause, KubeObject, ObjectKey, GroupResource } from '@kubephant/api';

/** One column of `kubectl get`. `wide` columns have priority 1. */
export interface Column<T> {
  readonly name: string;
  readonly type: 'string' | 'integer' | 'number' | 'boolean' | 'date';
  readonly format?: 'name' | 'int32' | 'int64';
  readonly description: string;
  readonly wide?: true;
  /** A cell that rows carry although no column is announced for it, as upstream does once. */
  readonly unlisted?: true;
  /** A cell: undefined prints as `<none>` or `<unknown>` where upstream does so. `now` is for ages. */
  value(obj: T, now: Date): string | number | boolean | null;
}

/** meta/v1 TableRowCondition: clients may leave out rows that are completed, or show them in another colour. */
export interface RowCondition {
  readonly type: 'Completed';
  readonly status: 'True';
  readonly reason: string;
  readonly message: string;
}

/** A field that `--field-selector` may name (besides metadata.name and metadata.namespace, which every resource has). */
export interface SelectableField<T> {
  readonly path: string;
  value(obj: T): string;
  /** Equality lookups are frequent enough for an index in the watch cache. */
  readonly indexed?: true;
}

/** Who asks, as authentication found out. */
export interface Requester {
  readonly name: string;
  readonly uid?: string;
  readonly groups: readonly string[];
  readonly extra?: Readonly<Record<string, readonly string[]>>;
}

/** What the strategy may know of the request beside the objects. */
export interface StrategyContext {
  readonly now: Date;
  readonly user: Requester;
  readonly subresource?: string;
  /** Tells the client something even if the object is refused later; absent: nobody listens. */
  readonly warn?: (text: string) => void;
}

/**
 * What one kind needs beyond the generic registry. `prepareFor…` may change its first argument and nothing else;
 * validation collects all causes, never stops at the first. `validate…` leave metadata to `validateCreate` and
 * `validateUpdate` of this library, which call them. The generic
 * split comes first: `status` is dropped on create and kept from `old` on the main endpoint where the row has a
 * status subresource, and only `status` and metadata are taken on /status.
 */
export interface Strategy<T> {
  prepareForCreate?(obj: T, context: StrategyContext): void;
  /** Runs after the generic split. */
  prepareForUpdate?(obj: T, old: T, context: StrategyContext): void;
  validate?(obj: T): readonly Cause[];
  validateUpdate?(obj: T, old: T): readonly Cause[];
  warnings?(obj: T, old?: T): readonly string[];
  /**
   * Paths that this endpoint does not write, so that nobody owns them through it. Absent: `status` on the main endpoint
   * of a kind with a status subresource, `spec` on /status.
   */
  readonly resets?: readonly (readonly string[])[];
  /** Seconds until a graceful delete completes; undefined or 0: at once. `asked` is the client's gracePeriodSeconds. */
  gracePeriod?(obj: T, asked?: number): number | undefined;
}

/** Ways out of one object for subresources that write: a transaction on the object, and reads or writes of others. */
export interface Target<T extends KubeObject> {
  readonly key: ObjectKey;
  readonly dryRun: boolean;
  /** When the request came; absent: now. */
  readonly now?: Date;
  get(): Promise<T>;
  guaranteedUpdate(change: (current: T) => T): Promise<T>;
  delete(options: { readonly uid?: string; readonly gracePeriodSeconds?: number }): Promise<T>;
  other<U extends KubeObject>(resource: GroupResource, key: ObjectKey): Target<U>;
  /** All objects of another resource in the same namespace; none where the resource is not served. */
  others<U extends KubeObject>(resource: GroupResource): Promise<readonly U[]>;
}

/**
 * Where a connect subresource leads: a path on the kubelet of a node, on an address, or on an endpoint of a service.
 * With none of the three there is nothing to connect to yet, and the answer is an empty 204 (log of an unscheduled pod).
 */
export interface ConnectLocation {
  readonly node?: string;
  /** Address without port. The caller refuses loopback and link-local ones ("address not allowed"). */
  readonly host?: string;
  readonly service?: { readonly namespace: string; readonly name: string };
  /** Number, or the name of a service port; absent: the kubelet's, or the default of the scheme. */
  readonly port?: string;
  readonly scheme?: 'http' | 'https';
  readonly path: string;
  readonly query?: URLSearchParams;
}

/** The parts of a connect request that are not the query. */
export interface ConnectRequest {
  /** The name segment of the URL as it came: `web`, or for proxies `https:web:8443`. */
  readonly id: string;
  /** What follows the subresource in the URL: empty, or with a leading slash. */
  readonly path: string;
}

export type Subresource<T extends KubeObject> =
  /** PUT, PATCH and GET of the object where only `status` (or what `strategy` says) may change. */
  | { readonly kind: 'status'; readonly strategy?: Strategy<T> }
  /** PUT and PATCH of another part of the object under another strategy (ephemeralcontainers, resize, approval, finalize). */
  | { readonly kind: 'part'; readonly strategy: Strategy<T>; readonly verbs: readonly ('get' | 'update' | 'patch')[] }
  /** autoscaling/v1 Scale; paths are JSON paths into the object. */
  | {
      readonly kind: 'scale';
      readonly spec: string;
      readonly status: string;
      readonly selector: string | ((obj: T) => string);
    }
  /** POST of another kind that acts on the object (binding, eviction, token). */
  | {
      readonly kind: 'create';
      readonly input: GroupVersionKindName;
      /** Older versions that the input may be in, which have the same form. */
      readonly inputAlso?: readonly string[];
      /** Whether the answer is the input, which then has defaults and says who owns its fields. */
      readonly answersWithInput?: { defaults(input: KubeObject): void };
      create(target: Target<T>, input: KubeObject): Promise<KubeObject>;
    }
  | {
      readonly kind: 'connect';
      readonly verbs: readonly string[];
      readonly input: string;
      /** The object's name in the URL's name segment; absent: all of it. Throws BadRequest. */
      nameOf?(id: string): string;
      /** Whether the query is one, before the object is looked for. Throws BadRequest or Invalid. */
      check?(id: string, query: URLSearchParams): void;
      /** Pure; throws BadRequest or Invalid. */
      location(obj: T, query: URLSearchParams, request?: ConnectRequest): ConnectLocation;
    };

/** How a kind ends that outlives its metadata.finalizers (a namespace is emptied first). */
export interface StagedDeletion<T> {
  /** Changes an object whose deletion begins, after `deletionTimestamp` is set (`status.phase: Terminating`). */
  begin(obj: T): void;
  /** Whether the object may be removed, as far as the kind knows; metadata.finalizers are asked besides. */
  finished(obj: T): boolean;
}

export interface GroupVersionKindName {
  readonly group: string;
  readonly version: string;
  readonly kind: string;
}

export interface ResourceNames {
  readonly plural: string;
  readonly singular: string;
  readonly short?: readonly string[];
  readonly categories?: readonly string[];
}

/** A resource is a row: routing, discovery, OpenAPI, validation, selectors, printing and RBAC names are derived from it. */
export interface ResourceDefinition<T extends KubeObject = KubeObject> {
  readonly group: string;
  readonly version: string;
  readonly kind: string;
  readonly scope: 'Namespaced' | 'Cluster';
  readonly names: ResourceNames;
  /** Name of the definition in @kubephant/schema, e.g. `io.k8s.api.core.v1.Pod`. */
  readonly schema: string;
  /** Of the stored form, where the row is stored as another. */
  readonly columns?: readonly Column<T>[];
  /** What a row of a table says of an object besides its cells; undefined for most. */
  rowCondition?(obj: T): RowCondition | undefined;
  readonly fields?: readonly SelectableField<T>[];
  /** What is said of a field that cannot be selected, where the kind has words of its own. */
  unknownField?(path: string): string;
  readonly strategy?: Strategy<T>;
  readonly subresources?: Readonly<Record<string, Subresource<T>>>;
  readonly ttlSeconds?: number;
  /** Fills defaults in place, as upstream's defaulting functions do; runs on every decode of this version. */
  defaults?(obj: T): void;
  /** Whether metadata.generation counts changes (not for Service, Node, ConfigMap, …). */
  readonly generation?: boolean;
  /** What counts as a change for metadata.generation; absent: `spec` differs. */
  generationChanged?(obj: T, old: T): boolean;
  /** Whether create keeps the status sent along (Node). */
  readonly statusFromClient?: true;
  /** A warning that every answer about this resource carries: `v1 Endpoints is deprecated in v1.33+; use …`. */
  readonly deprecated?: string;
  /** Whether PUT of an absent name creates. */
  readonly createOnUpdate?: boolean;
  /** Whether PUT needs metadata.resourceVersion. */
  readonly conditionalUpdate?: boolean;
  /** Whether an immediate DELETE answers with the object instead of a Status. */
  readonly deleteReturnsObject?: boolean;
  /** What DELETE does with dependents when the client names no policy. */
  readonly defaultPropagation?: 'Background' | 'Orphan';
  /** What a client is told that deletes and says nothing of dependents. */
  readonly propagationWarning?: string;
  /** Deletion by the kind's own rule: marked without grace first, removed when nothing of the object is left. */
  readonly deletion?: StagedDeletion<T>;
  /** Another version's row whose form is stored; then both conversions are given. */
  readonly storedAs?: {
    readonly group: string;
    readonly version: string;
    toStored(obj: T): KubeObject;
    fromStored(obj: KubeObject): T;
  };
  /** The version that discovery's hash of the stored form names, where upstream stores an older one than it serves. */
  readonly storageVersion?: string;
  /** Only create is served, and it is the create of this subresource on the object that the input names (`bindings`). */
  readonly createAs?: { readonly resource: string; readonly subresource: string };
  /** Names allowed for metadata.name; default: DNS-1123 subdomain, as `longName` is in other words. */
  readonly nameRule?: 'dns1123Subdomain' | 'longName' | 'dns1123Label' | 'dns1035Label' | 'pathSegment' | 'ipAddress';
  /** Verbs served; default: all of create, delete, deletecollection, get, list, patch, update, watch. */
  readonly verbs?: readonly string[];
}

/** Checks `T` where the row is written and forgets it where rows are kept together. */
export const defineResource = <T extends KubeObject>(definition: ResourceDefinition<T>): ResourceDefinition =>
  definition as unknown as ResourceDefinition;
