import { usageIn } from '@kubephant/quota';
import type { ResourceQuota } from '@kubephant/schema';
import { Book } from './book';
import type { Monitor } from './monitors';

export const limitsOf = ({ spec }: ResourceQuota): readonly string[] => Object.keys(spec.hard ?? {});

/** Begins to count what the quota limits, as far as these monitors are about it. */
export function openBook(quota: ResourceQuota, monitors: readonly Monitor[]): Book {
  const countable = limitsOf(quota).filter((name) => monitors.some(({ evaluator }) => evaluator.counts(name)));
  const book = new Book(monitors, countable);
  recount(book, quota);
  return book;
}

/** Looks at every object in sight again: what it counts for may change with nothing but time. */
export function recount(book: Book, quota: ResourceQuota): void {
  for (const { evaluator, informer } of book.monitors) {
    for (const obj of informer.lister.list(quota.metadata.namespace)) {
      book.enter(obj.metadata.uid, usageIn(quota, evaluator, obj));
    }
  }
}
