import { duplicate, tooMany, type Causes } from '../validation/causes';
import { each, when } from '../validation/checks';
import type { Path } from '../validation/path';

type CheckItem<T> = (item: T, path: Path, index: number) => Causes;

/** Every element of a list; of one that is too long only that. */
export function eachUpTo<T>(
  max: number,
  list: readonly T[] | null | undefined,
  path: Path,
  check: CheckItem<T>,
): Causes {
  const all = list ?? [];
  return all.length > max ? [tooMany(path, all.length, max)] : each(all, path, check);
}

/** Elements that were there before, by their keys. */
export function duplicates<T>(list: readonly T[] | null | undefined, path: Path, key: (item: T) => unknown): Causes {
  const keys = (list ?? []).map(key);
  return keys.flatMap((each_, index) => when(keys.indexOf(each_) < index, () => duplicate(path.index(index), each_)));
}

interface Keyed<T> {
  readonly max: number;
  readonly key: (item: T) => unknown;
}

/** Every element of a list whose elements differ in their keys. */
export function eachDistinct<T>(
  { max, key }: Keyed<T>,
  list: readonly T[] | null | undefined,
  path: Path,
  check: CheckItem<T>,
): Causes {
  const isTooLong = (list ?? []).length > max;
  return [...eachUpTo(max, list, path, check), ...(isTooLong ? [] : duplicates(list, path, key))];
}

export const itself = (item: string): string => item;
