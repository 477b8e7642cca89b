import { controllerOf, is, keyOf, type KubeObject, type OwnerReference, type Selector } from '@kubephant/api';
import type { ResourceClient } from '@kubephant/client';

/** The reference by which `owner` controls what it creates or adopts. */
export function controllerRef({ apiVersion, kind, metadata: { name, uid } }: KubeObject): OwnerReference {
  return { apiVersion, kind, name, uid, controller: true, blockOwnerDeletion: true };
}

export interface Claim<T extends KubeObject> {
  readonly owner: KubeObject;
  readonly selector: Selector;
  readonly resource: ResourceClient<T>;
  /** Reads the owner from the server: it must still be the one we know, and not be going, before anything is adopted. */
  readonly freshOwner: (signal: AbortSignal) => Promise<KubeObject>;
}

/**
 * Which of `candidates` belong to the owner. Those it controls and no longer selects are released; those nobody controls
 * and it selects are adopted. Objects that vanish meanwhile are left out.
 */
export async function claim<T extends KubeObject>(
  { owner, selector, resource, freshOwner }: Claim<T>,
  candidates: readonly T[],
  signal: AbortSignal,
): Promise<readonly T[]> {
  const claimed: T[] = [];
  let mayAdopt: Promise<void> | undefined;
  for (const obj of candidates) {
    const verdict = verdictOn(owner, selector, obj);
    if (verdict === 'keep') claimed.push(obj);
    else if (verdict === 'release') await release(resource, owner, obj, signal);
    else if (verdict === 'adopt') {
      await (mayAdopt ??= checkOwner(owner, freshOwner, signal));
      const adopted = await adopt(resource, owner, obj, signal);
      if (adopted) claimed.push(adopted);
    }
  }
  return claimed;
}

export function verdictOn(
  owner: KubeObject,
  selector: Selector,
  obj: KubeObject,
): 'keep' | 'release' | 'adopt' | 'ignore' {
  const controller = controllerOf(obj);
  const selected = selector.matches(obj.metadata.labels);
  if (controller) {
    if (controller.uid !== owner.metadata.uid) return 'ignore';
    if (selected) return 'keep';
    return owner.metadata.deletionTimestamp ? 'ignore' : 'release';
  }
  const going = owner.metadata.deletionTimestamp ?? obj.metadata.deletionTimestamp;
  return selected && !going && owner.metadata.namespace === obj.metadata.namespace ? 'adopt' : 'ignore';
}

async function checkOwner(
  owner: KubeObject,
  fresh: Claim<KubeObject>['freshOwner'],
  signal: AbortSignal,
): Promise<void> {
  const current = await fresh(signal);
  const { name, uid } = owner.metadata;
  if (current.metadata.uid !== uid)
    throw new Error(`original ${owner.kind} ${name} is gone: got uid ${current.metadata.uid}, wanted ${uid}`);
  if (current.metadata.deletionTimestamp) throw new Error(`${owner.kind} ${name} has just been deleted`);
}

async function adopt<T extends KubeObject>(
  resource: ResourceClient<T>,
  owner: KubeObject,
  obj: T,
  signal: AbortSignal,
): Promise<T | undefined> {
  // The uid in the patch makes it fail on an object of the same name that is another one.
  const metadata = { uid: obj.metadata.uid, ownerReferences: [controllerRef(owner)] };
  return await unlessGone(() => resource.patch(keyOf(obj), { type: 'strategic', body: { metadata } }, signal));
}

async function release<T extends KubeObject>(
  resource: ResourceClient<T>,
  owner: KubeObject,
  obj: T,
  signal: AbortSignal,
): Promise<void> {
  const ownerReferences = [{ $patch: 'delete', uid: owner.metadata.uid }];
  const body = { metadata: { uid: obj.metadata.uid, ownerReferences } };
  await unlessGone(() => resource.patch(keyOf(obj), { type: 'strategic', body }, signal));
}

async function unlessGone<T>(call: () => Promise<T>): Promise<T | undefined> {
  try {
    return await call();
  } catch (err) {
    if (is('NotFound', err) || is('Invalid', err)) return undefined;
    throw err;
  }
}
