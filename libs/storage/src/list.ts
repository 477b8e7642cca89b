import type { CachedObject } from './cached-object';
import { encodeContinue } from './continue-token';
import { sortable } from './keys';
import type { OrderedSnapshot } from './ordered-set';
import type { ResourceCache } from './resource-cache';
import type { Matcher } from './selection';
import type { Listed, Revision } from './store';

export interface Page {
  readonly matcher: Matcher;
  /** Namespace that the list's scope was given by; continue tokens are relative to it. */
  readonly namespace: string | undefined;
  /** 0: everything. */
  readonly limit: number;
  /** Relative to the scope; '' is the beginning. */
  readonly start: string;
  readonly revision: Revision;
}

/** First id after every id of a prefix that ends in a slash: the slash's successor in its place. */
const endOf = (prefix: string): string | undefined => (prefix === '' ? undefined : `${prefix.slice(0, -1)}0`);

/** One page of a state, in order. */
export function listPage(state: OrderedSnapshot<CachedObject>, page: Page): Listed {
  const prefix = page.namespace === undefined ? '' : sortable(`${page.namespace}/`);
  const from = prefix + sortable(page.start.replace(/^\//, ''));
  const items: CachedObject[] = [];
  for (const object of inRange(state, narrow(page.matcher, from, prefix))) {
    if (!page.matcher.matches(object)) continue;
    if (page.limit > 0 && items.length === page.limit)
      return { ...more(state, page, items), items, revision: page.revision };
    items.push(object);
  }
  return { revision: page.revision, items };
}

/** All of the current state that matches, by an index where there is one. */
export function listNow({ indexes, objects }: ResourceCache, matcher: Matcher): CachedObject[] {
  const candidates = indexes.candidates(matcher);
  // Sorting a large part of everything costs more than going through all of it in order.
  if (candidates && candidates.size * 8 <= objects.size + 64)
    return [...candidates].filter((o) => matcher.matches(o)).sort((a, b) => (a.id < b.id ? -1 : 1));
  const { from, to } = narrow(matcher, '', '');
  const found: CachedObject[] = [];
  objects.forEach(from, to, (object) => {
    if (matcher.matches(object)) found.push(object);
  });
  return found;
}

interface Range {
  readonly from: string;
  readonly to: string | undefined;
}

/** A name or namespace in the selection narrows the range further than the scope does. */
function narrow({ namespace, name }: Matcher, from: string, prefix: string): Range {
  const inside = prefix === '' && namespace ? sortable(`${namespace}/`) : prefix;
  const only = name !== undefined && namespace !== undefined ? inside + sortable(name) : undefined;
  const lowest = only ?? inside;
  return { from: from > lowest ? from : lowest, to: only === undefined ? endOf(inside) : `${only}\0` };
}

function* inRange(state: OrderedSnapshot<CachedObject>, { from, to }: Range): Generator<CachedObject> {
  for (const object of state.from(from)) {
    if (to !== undefined && object.id >= to) return;
    yield object;
  }
}

function more(
  state: OrderedSnapshot<CachedObject>,
  { namespace, matcher, revision }: Page,
  items: readonly CachedObject[],
): Pick<Listed, 'continue' | 'remainingItemCount'> {
  const last = items.at(-1) as CachedObject;
  const { key, id } = last;
  const start = `${namespace === undefined && key.namespace ? `${key.namespace}/` : ''}${key.name}\0`;
  const token = encodeContinue({ revision, start });
  if (matcher.selective) return { continue: token };
  const prefix = namespace === undefined ? '' : sortable(`${namespace}/`);
  return { continue: token, remainingItemCount: state.count(`${id}\0`, endOf(prefix)) };
}
