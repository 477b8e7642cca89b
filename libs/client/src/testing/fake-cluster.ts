import {
  conflict,
  expired,
  groupResourceString,
  type Draft,
  type KubeObject,
  type ObjectKey,
  type ObjectList,
  type WatchEvent,
} from '@kubephant/api';
import type { Clock } from '@kubephant/base';
import type {
  Client,
  DeleteOptions,
  ListOptions,
  Patch,
  ResourceClient,
  ResourceRef,
  WatchOptions,
  WriteOptions,
} from '../client';
import { applyFakePatch } from './fake-patch';
import { deepFreeze, FakeRegistry, groupResource } from './fake-registry';
import { newSelection } from './fake-selection';
import type { Change } from './watch-log';
import { wireCopy } from './wire-copy';

export type FakeVerb =
  'get' | 'list' | 'watch' | 'create' | 'update' | 'patch' | 'delete' | 'deletecollection' | 'post';

/** One call as it reached the cluster. */
export interface FakeCall {
  readonly verb: FakeVerb;
  readonly resource: string;
  readonly key: string;
  readonly subresource?: string;
}

/**
 * An API server in memory for the tests of components: any resource, with revisions, conflicts, the status split,
 * finalizers, graceful deletion, bindings and exact watches. It has no validation, defaulting, admission or rights.
 * Everything it hands out is frozen.
 */
export interface FakeCluster {
  readonly client: Client;
  /** Stores an object with its status and whatever identity it has, as if it had always been there. */
  seed<T extends KubeObject>(ref: ResourceRef<T>, obj: Draft<T>): T;
  get<T extends KubeObject>(ref: ResourceRef<T>, key: ObjectKey): T | undefined;
  /** Sorted by `namespace/name`. */
  objects<T extends KubeObject>(ref: ResourceRef<T>): readonly T[];
  /** Changes an object whatever its state: what some other component would have done. */
  change<T extends KubeObject>(ref: ResourceRef<T>, key: ObjectKey, change: (obj: T) => void): T;
  /** Lets the next call of this verb on this resource fail with `error`, without effect. May be called several times. */
  failNext(verb: FakeVerb, ref: ResourceRef, error: Error): void;
  /** Every call so far, oldest first. */
  readonly calls: readonly FakeCall[];
  /** Ends every open watch, as a restarting server does. */
  endWatches(): void;
  /** Forgets the history: watches from older revisions get Expired. */
  compact(): void;
  /** What GET of a path outside resources answers. */
  readonly paths: Map<string, unknown>;
}

export function newFakeCluster(clock: Pick<Clock, 'now'> = { now: () => Date.now() }): FakeCluster {
  const registry = new FakeRegistry(clock);
  const calls: FakeCall[] = [];
  const failures: { readonly verb: FakeVerb; readonly resource: string; readonly error: Error }[] = [];
  const paths = new Map<string, unknown>();

  const enter: Enter = (verb, ref, key, subresource) => {
    const resource = groupResourceString(groupResource(ref));
    calls.push({ verb, resource, key, ...(subresource && { subresource }) });
    const at = failures.findIndex((failure) => failure.verb === verb && failure.resource === resource);
    const [failure] = at < 0 ? [] : failures.splice(at, 1);
    if (failure) throw failure.error;
  };
  return {
    client: {
      resource: (ref) => new FakeResource(ref, registry, enter),
      metadata: (ref) => new FakeResource(ref, registry, enter),
      raw: async (path) => paths.get(path),
      review: async () => ({ status: { allowed: true } }) as never,
    },
    seed: (ref, obj) => registry.create(ref, obj, true) as never,
    get: (ref, key) =>
      registry
        .list(ref)
        .find(({ metadata }) => metadata.name === key.name && metadata.namespace === key.namespace) as never,
    objects: (ref) => registry.list(ref) as never,
    change(ref, key, change) {
      const obj = wireCopy(registry.get(ref, key));
      change(obj as never);
      return registry.replace(ref, obj) as never;
    },
    failNext(verb, ref, error) {
      failures.push({ verb, resource: groupResourceString(groupResource(ref)), error });
    },
    calls,
    endWatches: () => registry.log.endAll(),
    compact: () => registry.log.compact(),
    paths,
  };
}

type Enter = (verb: FakeVerb, ref: ResourceRef, key: string, subresource?: string) => void;

const label = ({ namespace, name }: { readonly namespace?: string | undefined; readonly name?: string }): string =>
  [namespace, name].filter(Boolean).join('/');

class FakeResource<T extends KubeObject> implements ResourceClient<T> {
  readonly #ref: ResourceRef<T>;
  readonly #registry: FakeRegistry;
  readonly #enter: Enter;

  constructor(ref: ResourceRef<T>, registry: FakeRegistry, enter: Enter) {
    this.#ref = ref;
    this.#registry = registry;
    this.#enter = enter;
  }

  async get(key: ObjectKey, _signal: AbortSignal): Promise<T> {
    this.#enter('get', this.#ref, label(key));
    return this.#registry.get(this.#ref, key) as KubeObject as T;
  }

  async list(options: ListOptions, _signal: AbortSignal): Promise<ObjectList<T>> {
    this.#enter('list', this.#ref, options.namespace ?? '');
    const offset = Number(options.continue ?? 0);
    const selected = this.#registry
      .list(this.#ref)
      .filter(newSelection(options)) as readonly KubeObject[] as readonly T[];
    const end = options.limit ? offset + options.limit : selected.length;
    return {
      resourceVersion: String(this.#registry.log.revision),
      items: selected.slice(offset, end),
      ...(end < selected.length && { continue: String(end) }),
    };
  }

  async *watch(options: WatchOptions, signal: AbortSignal): AsyncGenerator<WatchEvent<T>> {
    this.#enter('watch', this.#ref, options.namespace ?? '');
    const { log } = this.#registry;
    const resource = groupResourceString(groupResource(this.#ref));
    const selects = newSelection(options);
    const after = Number(options.resourceVersion ?? 0);
    const from = after === 0 ? log.revision : after;
    if (from < log.compacted) throw expired(`too old resource version: ${from} (${log.compacted})`);
    if (after === 0) {
      for (const obj of this.#registry.list(this.#ref).filter(selects)) yield { type: 'ADDED', object: obj as T };
    }
    for await (const change of log.follow(from, signal)) {
      const event = change.resource === resource ? eventOf<T>(change, selects) : undefined;
      if (event) yield event;
    }
  }

  async create(obj: Draft<T>, _signal: AbortSignal, options: WriteOptions = {}): Promise<T> {
    this.#enter('create', this.#ref, label(obj.metadata), options.subresource);
    return this.#registry.create(this.#ref, obj) as KubeObject as T;
  }

  async update(obj: T, _signal: AbortSignal, options: WriteOptions = {}): Promise<T> {
    this.#enter('update', this.#ref, label(obj.metadata), options.subresource);
    return this.#registry.update(this.#ref, obj, options.subresource) as KubeObject as T;
  }

  async patch(key: ObjectKey, patch: Patch, _signal: AbortSignal, options: WriteOptions = {}): Promise<T> {
    this.#enter('patch', this.#ref, label(key), options.subresource);
    const next = applyFakePatch<KubeObject>(this.#registry.get(this.#ref, key), patch);
    return this.#registry.update(this.#ref, next, options.subresource) as KubeObject as T;
  }

  async delete(key: ObjectKey, _signal: AbortSignal, options: DeleteOptions = {}): Promise<void> {
    this.#enter('delete', this.#ref, label(key));
    this.#registry.delete(this.#ref, key, options);
  }

  async deleteCollection(selection: ListOptions, _signal: AbortSignal, options: DeleteOptions = {}): Promise<void> {
    this.#enter('deletecollection', this.#ref, selection.namespace ?? '');
    for (const obj of this.#registry.list(this.#ref).filter(newSelection(selection))) {
      this.#registry.delete(this.#ref, obj.metadata, options);
    }
  }

  async post<R extends object>(key: ObjectKey, subresource: string, body: object, _signal: AbortSignal): Promise<R> {
    this.#enter('post', this.#ref, label(key), subresource);
    switch (subresource) {
      case 'binding':
        this.#bind(key, (body as { readonly target: { readonly name: string } }).target.name);
        return { kind: 'Status', status: 'Success' } as object as R;
      case 'eviction':
        this.#registry.delete(this.#ref, key);
        return { kind: 'Status', status: 'Success' } as object as R;
      case 'token': {
        const status = { token: `token-of-${label(key)}`, expirationTimestamp: '2100-01-01T00:00:00Z' };
        return { ...body, status } as object as R;
      }
      default:
        throw new Error(`the fake cluster has no subresource ${subresource}`);
    }
  }

  #bind(key: ObjectKey, node: string): void {
    const pod = wireCopy(this.#registry.get(this.#ref, key));
    if (pod.spec?.nodeName) {
      throw conflict(
        groupResource(this.#ref),
        key.name,
        `pod ${key.name} is already assigned to node "${pod.spec.nodeName}"`,
      );
    }
    pod.spec = { ...pod.spec, nodeName: node };
    this.#registry.update(this.#ref, pod);
  }
}

/** A change as a watcher with a selection sees it. */
function eventOf<T extends KubeObject>(
  { revision, before, after }: Change,
  selects: (obj: KubeObject) => boolean,
): WatchEvent<T> | undefined {
  const was = before !== undefined && selects(before);
  const is = after !== undefined && selects(after);
  if (is) return { type: was ? 'MODIFIED' : 'ADDED', object: after as T };
  if (!was) return undefined;
  const metadata = { ...before.metadata, resourceVersion: String(revision) };
  return { type: 'DELETED', object: deepFreeze({ ...before, metadata }) as T };
}
