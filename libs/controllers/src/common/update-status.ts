import { is, keyOf, type KubeObject } from '@kubephant/api';
import type { ResourceClient } from '@kubephant/client';
import { isDeepStrictEqual } from 'node:util';

type Reporting<S extends object> = KubeObject & { status?: S };

/**
 * Writes the status that `statusOf` finds, if it differs; after a conflict once more against the newest state. Returns the
 * object as it is then.
 */
export const updateStatus = <S extends object, T extends Reporting<S>>(
  resource: ResourceClient<T>,
  obj: T,
  statusOf: (obj: T) => S,
  signal: AbortSignal,
): Promise<T> =>
  updateThroughStatus<S, T>(resource, obj, (current) => ({ ...current, status: statusOf(current) }), signal);

/**
 * {@link updateStatus} that may change annotations too, where the resource takes them with its status: unlike a write of
 * the object itself that begins no new generation.
 */
export async function updateThroughStatus<S extends object, T extends Reporting<S>>(
  resource: ResourceClient<T>,
  obj: T,
  change: (obj: T) => T,
  signal: AbortSignal,
): Promise<T> {
  const write = async (current: T): Promise<T> => {
    const next = change(current);
    if (isDeepStrictEqual(reportOf(next), reportOf(current))) return current;
    return await resource.update(next, signal, { subresource: 'status' });
  };
  try {
    return await write(obj);
  } catch (err) {
    if (!is('Conflict', err)) throw err;
    return await write(await resource.get(keyOf(obj), signal));
  }
}

const reportOf = ({ status, metadata: { annotations } }: Reporting<object>): readonly object[] => [
  defined(status),
  defined(annotations),
];

/** A field that is undefined is not there. */
const defined = (value: object | undefined): object =>
  Object.fromEntries(Object.entries(value ?? {}).filter(([, field]) => field !== undefined));
