import type { KubeObject } from '@kubephant/api';
import { systemClock, type Clock } from '@kubephant/base';
import type { Store } from '@kubephant/storage';
import { heldBy, type Held, type Pool, type Pools } from './allocation';
import { ownerOf, type Claim, type Owner } from './claims';

/** A claim this young may belong to a write that is still under way. */
const youngMs = 180_000;

const keyOf = ({ namespace, name }: Owner): string => `${namespace}/${name}`;

/**
 * Makes claims and services agree after a crash between the two writes: claims that no service uses go back, numbers
 * that a service uses without a claim are claimed. Safe beside running API servers.
 */
export async function repairAllocations(store: Store, pools: Pools, clock: Clock = systemClock): Promise<void> {
  // Claims first: a service that appears afterwards has a claim that is not in this list.
  const claims = { addresses: await pools.addresses.claims.all(), ports: await pools.ports.claims.all() };
  const { items } = await store.list<KubeObject>({ resource: 'services' });
  const services = items.map(({ object }) => object);
  const now = new Date(clock.now());
  for (const sort of ['addresses', 'ports'] as const) {
    await freeUnused(pools[sort], claims[sort], { services, sort, now });
    await claimUsed(pools[sort], claims[sort], { services, sort, now });
  }
}

interface Context {
  readonly services: readonly KubeObject[];
  readonly sort: keyof Held;
  readonly now: Date;
}

async function freeUnused(
  { claims }: Pool,
  existing: readonly Claim[],
  { services, sort, now }: Context,
): Promise<void> {
  const used = new Map(services.map((service) => [keyOf(ownerOf(service)), heldBy(service)[sort]]));
  for (const claim of existing) {
    const born = Date.parse(claim.metadata.creationTimestamp ?? '');
    const isUsed = used.get(keyOf(claim.spec.parentRef))?.has(claim.metadata.name);
    if (!isUsed && now.getTime() - born > youngMs) await claims.freeExactly(claim);
  }
}

async function claimUsed(
  { claims }: Pool,
  existing: readonly Claim[],
  { services, sort, now }: Context,
): Promise<void> {
  const claimed = new Set(existing.map(({ metadata }) => metadata.name));
  for (const service of services) {
    for (const number of heldBy(service)[sort]) {
      if (!claimed.has(number)) await claims.take(number, ownerOf(service), now);
    }
  }
}
