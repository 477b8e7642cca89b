import {
  alreadyExists,
  apiVersionOf,
  conflict,
  type Draft,
  groupResourceString,
  keyString,
  type KubeObject,
  notFound,
  type ObjectKey,
  staleObject,
  timestamp,
} from '@kubephant/api';
import type { Clock } from '@kubephant/base';
import { isDeepStrictEqual } from 'node:util';
import type { DeleteOptions, ResourceRef } from '../client';
import { newWatchLog, type WatchLog } from './watch-log';
import { wireCopy } from './wire-copy';

/** An object with the parts that the fake knows about. */
type Known = KubeObject & {
  spec?: Record<string, unknown> & { finalizers?: string[]; nodeName?: string; terminationGracePeriodSeconds?: number };
  status?: Record<string, unknown>;
};

const propagationFinalizers = { Foreground: 'foregroundDeletion', Orphan: 'orphan', Background: undefined } as const;

/** What a generic registry does to writes: identity, revisions, the status split, finalizers and graceful deletion. */
export class FakeRegistry {
  readonly log: WatchLog = newWatchLog();
  readonly #clock: Pick<Clock, 'now'>;
  readonly #resources = new Map<string, Map<string, Known>>();
  #uids = 0;
  #names = 0;

  constructor(clock: Pick<Clock, 'now'>) {
    this.#clock = clock;
  }

  /** Sorted by key; frozen. */
  list(ref: ResourceRef): readonly KubeObject[] {
    const byKey = [...this.#of(ref)].sort(([a], [b]) => (a < b ? -1 : 1));
    return byKey.map(([, obj]) => obj);
  }

  get(ref: ResourceRef, key: ObjectKey): Known {
    const obj = this.#of(ref).get(keyString(key));
    if (!obj) throw notFound(groupResource(ref), key.name);
    return obj;
  }

  /** Stores `draft`; with `asIs` also what a client cannot write: status, uid, timestamps. */
  create(ref: ResourceRef, draft: Draft, asIs = false): Known {
    const obj = wireCopy(draft) as Known;
    obj.apiVersion = apiVersionOf(ref.group, ref.version);
    obj.kind = ref.kind;
    this.#identify(obj, asIs ? draft.metadata : {});
    if (ref.kind === 'Namespace') obj.spec ??= { finalizers: ['kubernetes'] };
    if (!asIs && splitsStatus(obj)) delete obj.status;
    if (this.#of(ref).has(keyString(obj.metadata))) throw alreadyExists(groupResource(ref), obj.metadata.name);
    return this.#write(ref, undefined, obj);
  }

  /** PUT of the object or of a subresource: `status`, `finalize`. Without a resourceVersion it is unconditional. */
  update(ref: ResourceRef, wanted: KubeObject, subresource?: string): Known {
    const old = this.get(ref, wanted.metadata);
    const { resourceVersion, uid } = wanted.metadata;
    if (resourceVersion && resourceVersion !== old.metadata.resourceVersion) {
      throw staleObject(groupResource(ref), old.metadata.name);
    }
    if (uid && uid !== old.metadata.uid) {
      throw conflict(
        groupResource(ref),
        old.metadata.name,
        `UID in precondition: ${uid}, UID in object meta: ${old.metadata.uid}`,
      );
    }
    return this.#write(ref, old, withoutForbiddenChanges(old, wireCopy(wanted), subresource));
  }

  /** Stores the object as it is, status and all. */
  replace(ref: ResourceRef, obj: KubeObject): Known {
    return this.#write(ref, this.get(ref, obj.metadata), obj);
  }

  delete(ref: ResourceRef, key: ObjectKey, options: DeleteOptions = {}): void {
    const old = this.get(ref, key);
    const { uid, resourceVersion } = options.preconditions ?? {};
    if (uid && uid !== old.metadata.uid) throw conflict(groupResource(ref), key.name, 'Precondition failed: UID');
    if (resourceVersion && resourceVersion !== old.metadata.resourceVersion)
      throw staleObject(groupResource(ref), key.name);
    const obj = wireCopy(old);
    const finalizer = propagationFinalizers[options.propagationPolicy ?? 'Background'];
    if (finalizer) obj.metadata.finalizers = [...new Set([...(obj.metadata.finalizers ?? []), finalizer])];
    obj.metadata.deletionTimestamp ??= this.#timestamp();
    obj.metadata.deletionGracePeriodSeconds = graceSeconds(obj, options.gracePeriodSeconds);
    if (ref.kind === 'Namespace') obj.status = { ...obj.status, phase: 'Terminating' };
    this.#write(ref, old, obj);
  }

  /** Writes unless nothing changed; removes what is being deleted and waits for nothing more. */
  #write(ref: ResourceRef, before: Known | undefined, next: Known): Known {
    const objects = this.#of(ref);
    const key = keyString(next.metadata);
    const gone = isFinished(next);
    if (before && !gone && isDeepStrictEqual(before, next)) return before;
    if (before && splitsSpec(next) && !isDeepStrictEqual(before.spec, next.spec)) {
      next.metadata.generation = (before.metadata.generation ?? 0) + 1;
    }
    this.log.append(groupResourceString(groupResource(ref)), (revision) => {
      next.metadata.resourceVersion = String(revision);
      deepFreeze(next);
      if (gone) objects.delete(key);
      else objects.set(key, next);
      // The last state of a deleted object carries the revision of its deletion.
      return { ...(before && { before: gone ? next : before }), ...(!gone && { after: next }) };
    });
    return next;
  }

  #identify({ metadata }: Known, given: Draft['metadata']): void {
    metadata.name ||= `${metadata.generateName ?? ''}${String(++this.#names).padStart(5, 'x')}`;
    metadata.uid = given.uid ?? `uid-${++this.#uids}`;
    metadata.creationTimestamp = given.creationTimestamp ?? this.#timestamp();
    metadata.generation ??= 1;
  }

  #of(ref: ResourceRef): Map<string, Known> {
    const name = groupResourceString(groupResource(ref));
    const objects = this.#resources.get(name) ?? new Map<string, Known>();
    this.#resources.set(name, objects);
    return objects;
  }

  #timestamp(): string {
    return timestamp(this.#clock.now());
  }
}

export const groupResource = ({ group, plural }: ResourceRef): { group: string; resource: string } => ({
  group,
  resource: plural,
});

const withoutStatusSubresource = new Set([
  'ConfigMap',
  'Secret',
  'ServiceAccount',
  'Lease',
  'EndpointSlice',
  'Endpoints',
  'Event',
]);
const splitsStatus = ({ kind }: KubeObject): boolean => !withoutStatusSubresource.has(kind);
const splitsSpec = splitsStatus;

/** What the endpoint written to does not own stays as it was. */
function withoutForbiddenChanges(old: Known, next: Known, subresource: string | undefined): Known {
  const { uid, creationTimestamp, deletionTimestamp, deletionGracePeriodSeconds, generation, resourceVersion } =
    old.metadata;
  const fixed = { uid, creationTimestamp, deletionTimestamp, deletionGracePeriodSeconds, generation, resourceVersion };
  const metadata = withoutUndefined({ ...(subresource ? old.metadata : next.metadata), ...fixed }) as Known['metadata'];
  switch (subresource) {
    case 'status':
      return withoutUndefined({ ...old, metadata, status: next.status }) as Known;
    case 'finalize':
      return { ...old, metadata, spec: { ...old.spec, ...(next.spec && { finalizers: next.spec.finalizers ?? [] }) } };
    default:
      return withoutUndefined({ ...next, metadata, status: splitsStatus(old) ? old.status : next.status }) as Known;
  }
}

function withoutUndefined(obj: object): object {
  return Object.fromEntries(Object.entries(obj).filter(([, value]) => value !== undefined));
}

/** Only a pod that is on a node is deleted gracefully: its kubelet has to stop it first. */
function graceSeconds({ kind, spec, status }: Known, asked?: number): number {
  const running = kind === 'Pod' && spec?.nodeName && status?.phase !== 'Succeeded' && status?.phase !== 'Failed';
  return running ? (asked ?? spec.terminationGracePeriodSeconds ?? 30) : 0;
}

function isFinished({ kind, metadata, spec }: Known): boolean {
  const waits = (metadata.finalizers ?? []).length > 0 || (kind === 'Namespace' && (spec?.finalizers ?? []).length > 0);
  return metadata.deletionTimestamp !== undefined && !waits && metadata.deletionGracePeriodSeconds === 0;
}

/** Makes a change to a shared object throw instead of corrupting what others read. */
export function deepFreeze<T>(value: T): T {
  if (typeof value === 'object' && value !== null && !Object.isFrozen(value)) {
    Object.freeze(value);
    Object.values(value).forEach(deepFreeze);
  }
  return value;
}
