import { is, type KubeObject, type ObjectKey, type OwnerReference } from '@kubephant/api';
import type { Client, DeleteOptions, ResourceClient } from '@kubephant/client';
import type { OwnerGraph } from './graph';
import { foreground, orphan, waitsForDependents, type Effect, type Item } from './graph';
import type { OwnerVerifier } from './owners';

/** Does to objects what the graph makes necessary, after asking the server whether it is still so. */
export class Collector {
  readonly #graph: OwnerGraph;
  readonly #client: Client;
  readonly #owners: OwnerVerifier;
  readonly #apply: (effects: readonly Effect[]) => void;

  constructor(graph: OwnerGraph, client: Client, owners: OwnerVerifier, apply: (effects: readonly Effect[]) => void) {
    this.#graph = graph;
    this.#client = client;
    this.#owners = owners;
    this.#apply = apply;
  }

  /** Deletes the object if none of its owners is left, or waits with it for its dependents. */
  async check(uid: string, signal: AbortSignal): Promise<void> {
    const item = this.#graph.get(uid);
    if (!item || (item.isDeleting && !waitsForDependents(item))) return;
    if (waitsForDependents(item)) {
      await this.#finishForeground(item, signal);
      return;
    }
    if (item.owners.every((reference) => this.#graph.isSolid(item, reference))) return;
    const current = await this.#read(item, signal);
    if (!current) {
      this.#apply(this.#graph.forget(uid));
      return;
    }
    await this.#collect(item, current, signal);
  }

  /** Frees every dependent of an object that is deleted without them, then the object. */
  async orphan(uid: string, signal: AbortSignal): Promise<void> {
    const item = this.#graph.get(uid);
    if (!item) return;
    for (const dependent of this.#graph.dependentsOf(uid)) {
      const current = await this.#read(dependent, signal);
      const references = current?.metadata.ownerReferences ?? [];
      const kept = references.filter((reference) => reference.uid !== uid);
      if (current && kept.length < references.length)
        await this.#patch(dependent, current, { ownerReferences: kept }, signal);
    }
    await this.#removeFinalizer(item, orphan, signal);
  }

  async #finishForeground(item: Item, signal: AbortSignal): Promise<void> {
    const blockers = this.#graph.blockersOf(item.uid);
    if (blockers.length === 0) {
      await this.#removeFinalizer(item, foreground, signal);
      return;
    }
    this.#apply(blockers.filter((each) => !waitsForDependents(each)).map(({ uid }) => ({ check: uid })));
  }

  async #collect(item: Item, current: KubeObject, signal: AbortSignal): Promise<void> {
    const references = current.metadata.ownerReferences ?? [];
    const { solid, absent, waiting } = await this.#owners.classify(item, references, signal);
    if (solid.length > 0) {
      const useless = new Set<OwnerReference>([...absent, ...waiting]);
      const kept = references.filter((reference) => !useless.has(reference));
      if (useless.size > 0) await this.#patch(item, current, { ownerReferences: kept }, signal);
    } else if (waiting.length > 0 && this.#graph.dependentsOf(item.uid).length > 0) {
      await this.#deleteInForeground(item, current, signal);
    } else if (references.length > 0) {
      await this.#delete(item, current, policyOf(current), signal);
    }
  }

  /** The object's own dependents go first. In a circle, somebody has to stop blocking. */
  async #deleteInForeground(item: Item, current: KubeObject, signal: AbortSignal): Promise<void> {
    const isCircle = this.#graph.dependentsOf(item.uid).some(waitsForDependents);
    const references = current.metadata.ownerReferences ?? [];
    const unblocked = references.map((reference) => ({ ...reference, blockOwnerDeletion: false }));
    const latest = isCircle ? await this.#patch(item, current, { ownerReferences: unblocked }, signal) : current;
    if (latest) await this.#delete(item, latest, 'Foreground', signal);
  }

  async #delete(
    item: Item,
    { metadata: { uid, resourceVersion } }: KubeObject,
    propagationPolicy: NonNullable<DeleteOptions['propagationPolicy']>,
    signal: AbortSignal,
  ): Promise<void> {
    const preconditions = { uid, resourceVersion };
    await unlessGone(() => this.#of(item).delete(keyOf(item), signal, { propagationPolicy, preconditions }));
  }

  async #removeFinalizer(item: Item, finalizer: string, signal: AbortSignal): Promise<void> {
    const current = await this.#read(item, signal);
    const finalizers = current?.metadata.finalizers ?? [];
    if (!current || !finalizers.includes(finalizer)) return;
    await this.#patch(item, current, { finalizers: finalizers.filter((name) => name !== finalizer) }, signal);
  }

  /** Fails with Conflict when the object has changed since it was read: the decision has to be made again. */
  async #patch(
    item: Item,
    { metadata: { uid, resourceVersion } }: KubeObject,
    change: Partial<Pick<KubeObject['metadata'], 'finalizers' | 'ownerReferences'>>,
    signal: AbortSignal,
  ): Promise<KubeObject | undefined> {
    const body = { metadata: { uid, resourceVersion, ...change } };
    return await unlessGone(() => this.#of(item).patch(keyOf(item), { type: 'merge', body }, signal));
  }

  /** The object as the server has it; undefined when it is gone or another one has its name. */
  async #read(item: Item, signal: AbortSignal): Promise<KubeObject | undefined> {
    const current = await unlessGone(() => this.#of(item).get(keyOf(item), signal));
    return current?.metadata.uid === item.uid ? current : undefined;
  }

  #of({ ref }: Item): ResourceClient<KubeObject> {
    return this.#client.metadata(ref);
  }
}

/** A deletion under way keeps the way it was asked for; else dependents follow in the background. */
function policyOf({ metadata: { finalizers = [] } }: KubeObject): NonNullable<DeleteOptions['propagationPolicy']> {
  if (finalizers.includes(orphan)) return 'Orphan';
  return finalizers.includes(foreground) ? 'Foreground' : 'Background';
}

const keyOf = ({ ref, namespace, name }: Item): ObjectKey => (ref.namespaced ? { namespace, name } : { name });

async function unlessGone<T>(call: () => Promise<T>): Promise<T | undefined> {
  try {
    return await call();
  } catch (err) {
    if (is('NotFound', err)) return undefined;
    throw err;
  }
}
