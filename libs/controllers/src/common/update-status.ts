import { is, keyOf, type KubeObject } from '@kubephant/api';
import type { ResourceClient } from '@kubephant/client';
import { isDeepStrictEqual } from 'node:util';

/**
 * Writes the status that `statusOf` finds, if it differs; after a conflict once more against the newest state. Returns the
 * object as it is then.
 */
export async function updateStatus<S extends object, T extends KubeObject & { status?: S }>(
  resource: ResourceClient<T>,
  obj: T,
  statusOf: (obj: T) => S,
  signal: AbortSignal,
): Promise<T> {
  const write = async (current: T): Promise<T> => {
    const status = statusOf(current);
    if (isDeepStrictEqual(defined(status), defined(current.status))) return current;
    return await resource.update({ ...current, status }, signal, { subresource: 'status' });
  };
  try {
    return await write(obj);
  } catch (err) {
    if (!is('Conflict', err)) throw err;
    return await write(await resource.get(keyOf(obj), signal));
  }
}

/** A field that is undefined is not there. */
const defined = (value: object | undefined): object =>
  Object.fromEntries(Object.entries(value ?? {}).filter(([, field]) => field !== undefined));
