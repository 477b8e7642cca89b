/** How many of the ascending `items` have a place at or before `place`. */
export function countUpTo<T>(items: readonly T[], place: number, placeOf: (item: T) => number): number {
  let low = 0;
  let high = items.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (placeOf(items[middle] as T) <= place) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** The last of the ascending `items` at or before `place`. */
export const lastUpTo = <T>(items: readonly T[], place: number, placeOf: (item: T) => number): T | undefined =>
  items[countUpTo(items, place, placeOf) - 1];
