import { parseApiVersion, type KubeObject, type OwnerReference } from '@kubephant/api';
import type { ResourceRef } from '@kubephant/client';

export const foreground = 'foregroundDeletion';
export const orphan = 'orphan';

/** What the collector knows of an object. */
export interface Item {
  readonly ref: ResourceRef;
  readonly uid: string;
  readonly namespace?: string | undefined;
  readonly name: string;
  readonly owners: readonly OwnerReference[];
  readonly isDeleting: boolean;
  readonly finalizers: readonly string[];
}

/** What an observation makes necessary. */
export type Effect = { readonly check: string } | { readonly orphan: string };

/** It stays until the dependents that block it are gone. */
export const waitsForDependents = ({ isDeleting, finalizers }: Item): boolean =>
  isDeleting && finalizers.includes(foreground);
const wantsOrphaning = ({ isDeleting, finalizers }: Item): boolean => isDeleting && finalizers.includes(orphan);

/** Who owns whom, by uid. An owner need not have been seen to have dependents. */
export class OwnerGraph {
  readonly #items = new Map<string, Item>();
  readonly #dependents = new Map<string, Set<string>>();

  get(uid: string): Item | undefined {
    return this.#items.get(uid);
  }

  dependentsOf(uid: string): readonly Item[] {
    return [...(this.#dependents.get(uid) ?? [])]
      .map((each) => this.#items.get(each))
      .filter((item) => item !== undefined);
  }

  /** The dependents that keep an owner from going. */
  blockersOf(uid: string): readonly Item[] {
    return this.dependentsOf(uid).filter(({ owners }) =>
      owners.some((ref) => ref.uid === uid && ref.blockOwnerDeletion === true),
    );
  }

  /** Whether the owner is there, is what the reference says it is, and is to stay. */
  isSolid(dependent: Item, reference: OwnerReference): boolean {
    const owner = this.#items.get(reference.uid);
    return owner !== undefined && isMeant(owner, dependent, reference) && !waitsForDependents(owner);
  }

  observe(ref: ResourceRef, obj: KubeObject): readonly Effect[] {
    const item = itemOf(ref, obj);
    const before = this.#items.get(item.uid);
    this.#items.set(item.uid, item);
    this.#unlink(before);
    for (const { uid } of item.owners) {
      const dependents = this.#dependents.get(uid) ?? new Set<string>();
      this.#dependents.set(uid, dependents.add(item.uid));
    }
    const effects: Effect[] = [];
    if (wantsOrphaning(item)) effects.push({ orphan: item.uid });
    if (waitsForDependents(item)) {
      effects.push({ check: item.uid });
      if (!before || !waitsForDependents(before))
        effects.push(...this.dependentsOf(item.uid).map(({ uid }) => ({ check: uid })));
    }
    if (item.owners.some((reference) => !this.isSolid(item, reference))) effects.push({ check: item.uid });
    return [...effects, ...this.#unblocked(before)];
  }

  forget(uid: string): readonly Effect[] {
    const item = this.#items.get(uid);
    if (!item) return [];
    this.#items.delete(uid);
    this.#unlink(item);
    return [...this.dependentsOf(uid).map((dependent) => ({ check: dependent.uid })), ...this.#unblocked(item)];
  }

  /** Owners that may have waited for this dependent. */
  #unblocked(before: Item | undefined): readonly Effect[] {
    return (before?.owners ?? [])
      .map(({ uid }) => this.#items.get(uid))
      .filter((owner) => owner !== undefined && waitsForDependents(owner))
      .map((owner) => ({ check: owner?.uid ?? '' }));
  }

  #unlink(item: Item | undefined): void {
    for (const { uid } of item?.owners ?? []) {
      const dependents = this.#dependents.get(uid);
      dependents?.delete(item?.uid ?? '');
      if (dependents?.size === 0) this.#dependents.delete(uid);
    }
  }
}

function itemOf(ref: ResourceRef, { metadata }: KubeObject): Item {
  const { uid, namespace, name, ownerReferences = [], finalizers = [], deletionTimestamp } = metadata;
  return {
    ref,
    uid,
    namespace,
    name,
    finalizers,
    owners: ownerReferences,
    isDeleting: deletionTimestamp !== undefined,
  };
}

/** A reference has to fit in everything: a uid alone could be borrowed from an object elsewhere. */
function isMeant(owner: Item, dependent: Item, { kind, name, apiVersion }: OwnerReference): boolean {
  return (
    owner.ref.kind === kind &&
    owner.ref.group === parseApiVersion(apiVersion).group &&
    owner.name === name &&
    (!owner.ref.namespaced || owner.namespace === dependent.namespace)
  );
}
