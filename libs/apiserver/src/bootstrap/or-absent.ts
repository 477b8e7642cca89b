import { is } from '@kubephant/api';

/** What is read, or undefined where there is nothing of that name. */
export async function orAbsent<T>(work: Promise<T>): Promise<T | undefined> {
  try {
    return await work;
  } catch (err) {
    if (is('NotFound', err)) return undefined;
    throw err;
  }
}
