import type { Draft, KubeObject, ObjectKey, ObjectList, WatchEvent } from '@kubephant/api';

/** Names a resource and the type of its objects. The type parameter exists for inference only. */
export interface ResourceRef<T extends KubeObject = KubeObject> {
  readonly group: string;
  readonly version: string;
  readonly plural: string;
  readonly kind: string;
  readonly namespaced: boolean;
  readonly _object?: T;
}

export interface ListOptions {
  readonly namespace?: string;
  readonly labelSelector?: string;
  readonly fieldSelector?: string;
  readonly resourceVersion?: string;
  readonly resourceVersionMatch?: 'Exact' | 'NotOlderThan';
  readonly limit?: number;
  readonly continue?: string;
}

export interface WatchOptions {
  readonly namespace?: string;
  readonly labelSelector?: string;
  readonly fieldSelector?: string;
  readonly resourceVersion?: string;
  readonly allowWatchBookmarks?: boolean;
  readonly sendInitialEvents?: boolean;
  readonly timeoutSeconds?: number;
}

export interface WriteOptions {
  readonly subresource?: string;
  readonly dryRun?: boolean;
  readonly fieldManager?: string;
}

export interface DeleteOptions {
  readonly gracePeriodSeconds?: number;
  readonly propagationPolicy?: 'Background' | 'Foreground' | 'Orphan';
  readonly preconditions?: { readonly uid?: string; readonly resourceVersion?: string };
}

export type Patch =
  | { readonly type: 'json'; readonly body: readonly object[] }
  | { readonly type: 'merge' | 'strategic'; readonly body: object }
  | { readonly type: 'apply'; readonly body: object; readonly fieldManager: string; readonly force?: boolean };

/** Calls reject with StatusError for every answer that is a Failure, and with the transport's error when there was none. */
export interface ResourceClient<T extends KubeObject> {
  get(key: ObjectKey, signal: AbortSignal, options?: { readonly resourceVersion?: string }): Promise<T>;
  list(options: ListOptions, signal: AbortSignal): Promise<ObjectList<T>>;
  /** Ends when the server ends it or the signal aborts; an ERROR event is thrown (Expired: relist). */
  watch(options: WatchOptions, signal: AbortSignal): AsyncIterable<WatchEvent<T>>;
  create(obj: Draft<T>, signal: AbortSignal, options?: WriteOptions): Promise<T>;
  update(obj: T, signal: AbortSignal, options?: WriteOptions): Promise<T>;
  patch(key: ObjectKey, patch: Patch, signal: AbortSignal, options?: WriteOptions): Promise<T>;
  delete(key: ObjectKey, signal: AbortSignal, options?: DeleteOptions): Promise<void>;
  /** Deletes what `selection` lists; how far the server got is not said. */
  deleteCollection(selection: ListOptions, signal: AbortSignal, options?: DeleteOptions): Promise<void>;
  /** POST to a subresource of an object: binding, token, eviction. */
  post<R extends object>(key: ObjectKey, subresource: string, body: object, signal: AbortSignal): Promise<R>;
}

/** A typed client of one API server under one identity. */
export interface Client {
  resource<T extends KubeObject>(ref: ResourceRef<T>): ResourceClient<T>;
  /** The same resource where reads ask for PartialObjectMetadata: objects with nothing but their type and metadata. */
  metadata(ref: ResourceRef): ResourceClient<KubeObject>;
  /** GET of a path outside resources, e.g. `/version`. */
  raw(path: string, signal: AbortSignal): Promise<unknown>;
  /** POST of an object that is not stored: reviews. */
  review<R extends object>(path: string, body: object, signal: AbortSignal): Promise<R>;
}
