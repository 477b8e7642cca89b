import type { KubeObject } from '@kubephant/api';
import type { Clock } from '@kubephant/base';
import { configMaps, secrets, type Client, type ResourceRef } from '@kubephant/client';
import type { ReferencedObjects } from '../pods/environment';

/** Reads single ConfigMaps and Secrets, as the Node authorizer lets a kubelet, and shares what pods have in common. */
export interface ObjectCache {
  /** Objects read at `notBeforeMs` or later, and at most a minute ago. */
  since(notBeforeMs: number, signal: AbortSignal): ReferencedObjects;
  /** Forgets what nobody asked for within the last minutes. */
  prune(): void;
}

const freshMs = 60_000;
const keptMs = 5 * 60_000;

interface Entry {
  readonly readAtMs: number;
  usedAtMs: number;
  readonly object: Promise<KubeObject>;
}

export function newObjectCache(client: Client, clock: Clock): ObjectCache {
  const entries = new Map<string, Entry>();

  const read = async <T extends KubeObject>(
    ref: ResourceRef<T>,
    namespace: string,
    name: string,
    { notBeforeMs, signal }: { notBeforeMs: number; signal: AbortSignal },
  ): Promise<T> => {
    const key = `${ref.plural}/${namespace}/${name}`;
    const nowMs = clock.now();
    const known = entries.get(key);
    if (known && known.readAtMs >= notBeforeMs && nowMs - known.readAtMs < freshMs) {
      known.usedAtMs = nowMs;
      return (await known.object) as T;
    }
    const entry = { readAtMs: nowMs, usedAtMs: nowMs, object: client.resource(ref).get({ namespace, name }, signal) };
    entries.set(key, entry);
    try {
      return await entry.object;
    } catch (err) {
      // A failure is not worth remembering; whoever shares this attempt fails with it.
      if (entries.get(key) === entry) entries.delete(key);
      throw err;
    }
  };

  return {
    since: (notBeforeMs, signal) => ({
      configMap: (namespace, name) => read(configMaps, namespace, name, { notBeforeMs, signal }),
      secret: (namespace, name) => read(secrets, namespace, name, { notBeforeMs, signal }),
    }),
    prune() {
      for (const [key, { usedAtMs }] of entries) if (clock.now() - usedAtMs > keptMs) entries.delete(key);
    },
  };
}
