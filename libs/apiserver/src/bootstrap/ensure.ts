import { is, keyOf, type Draft, type KubeObject } from '@kubephant/api';
import type { Client, ResourceRef } from '@kubephant/client';
import { orAbsent } from './or-absent';

/** Makes the object unless there is one of its name. */
export async function ensure<T extends KubeObject>(
  client: Client,
  ref: ResourceRef<T>,
  wanted: Draft<T>,
  signal: AbortSignal,
): Promise<void> {
  const api = client.resource(ref);
  if (await orAbsent(api.get(keyOf(wanted as T), signal))) return;
  await createUnlessThere(client, ref, wanted, signal);
}

/** Makes those of the objects that are not there, all at once; what is there of the wanted ones. */
export async function ensureAll<T extends KubeObject>(
  client: Client,
  ref: ResourceRef<T>,
  wanted: readonly Draft<T>[],
  signal: AbortSignal,
): Promise<ReadonlyMap<string, T>> {
  const { items } = await client.resource(ref).list({}, signal);
  const there = new Map(items.map((item) => [item.metadata.name, item]));
  const missing = wanted.filter(({ metadata }) => !there.has(metadata.name ?? ''));
  await Promise.all(missing.map((one) => createUnlessThere(client, ref, one, signal)));
  return there;
}

/** Makes the object unless another API server was faster. */
export async function createUnlessThere<T extends KubeObject>(
  client: Client,
  ref: ResourceRef<T>,
  wanted: Draft<T>,
  signal: AbortSignal,
): Promise<void> {
  try {
    await client.resource(ref).create(wanted, signal);
  } catch (err) {
    if (!is('AlreadyExists', err)) throw err;
  }
}
