/** Does something again and again until a promise has settled, which is returned. */
export async function during<T>(again: () => Promise<unknown>, promise: Promise<T>): Promise<T> {
  const settled = { yet: false };
  const settle = (): void => void (settled.yet = true);
  promise.then(settle, settle);
  while (!settled.yet) await again();
  return await promise;
}

/** What an error says, if it is one. */
export const textOf = (failure: unknown): string => (failure instanceof Error ? String(failure) : 'nothing');
