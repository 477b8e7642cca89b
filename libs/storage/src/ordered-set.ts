/** What an ordered set holds: `id` is identity and order. */
export interface Identified {
  readonly id: string;
}

interface Chunk<V> {
  /** Whoever holds this token may change the chunk in place. */
  readonly owner: object;
  readonly items: V[];
}

const maxChunk = 256;

/** An immutable view of an ordered set at one moment. */
export interface OrderedSnapshot<V extends Identified> {
  readonly size: number;
  get(id: string): V | undefined;
  /** In order, from the first id that is not less than `from`. */
  from(from: string): Generator<V>;
  /** How many items have `from <= id < to`. */
  count(from: string, to: string | undefined): number;
}

/**
 * A persistent sorted set: chunks of neighbours under one directory. A snapshot costs nothing; the first change to a
 * chunk after it copies that chunk, so that memory and time grow with what changed and not with what is there.
 */
export class OrderedSet<V extends Identified> implements OrderedSnapshot<V> {
  #chunks: Chunk<V>[];
  #size: number;
  #owner: object = {};
  #directoryShared = false;

  constructor(chunks: Chunk<V>[] = [], size = 0) {
    this.#chunks = chunks;
    this.#size = size;
  }

  get size(): number {
    return this.#size;
  }

  /** A view that later changes to this set do not reach; itself a set that may go its own way. */
  snapshot(): OrderedSet<V> {
    this.#owner = {};
    this.#directoryShared = true;
    const copy = new OrderedSet(this.#chunks, this.#size);
    copy.#directoryShared = true;
    return copy;
  }

  get(id: string): V | undefined {
    const chunk = this.#chunks[this.#chunkFor(id)];
    const item = chunk?.items[lowerBound(chunk.items, id)];
    return item?.id === id ? item : undefined;
  }

  *from(from: string): Generator<V> {
    const chunks = this.#chunks;
    const first = this.#chunkFor(from);
    for (let c = first; c < chunks.length; c++) {
      const items = chunks[c]?.items ?? [];
      for (let i = c === first ? lowerBound(items, from) : 0; i < items.length; i++) yield items[i] as V;
    }
  }

  /** The quick way through all items with `from <= id < to`. */
  forEach(from: string, to: string | undefined, visit: (item: V) => void): void {
    const first = this.#chunkFor(from);
    for (let c = first; c < this.#chunks.length; c++) {
      const items = (this.#chunks[c] as Chunk<V>).items;
      const end = to === undefined || (items.at(-1) as V).id < to ? items.length : lowerBound(items, to);
      for (let i = c === first ? lowerBound(items, from) : 0; i < end; i++) visit(items[i] as V);
      if (end < items.length) return;
    }
  }

  count(from: string, to: string | undefined): number {
    return (to === undefined ? this.#size : this.#rank(to)) - this.#rank(from);
  }

  set(item: V): void {
    if (this.#chunks.length === 0) this.#directory().push({ owner: this.#owner, items: [] });
    const c = this.#chunkFor(item.id);
    const { items } = this.#own(c);
    const i = lowerBound(items, item.id);
    const replaces = items[i]?.id === item.id;
    items.splice(i, replaces ? 1 : 0, item);
    if (!replaces) this.#size++;
    if (items.length > maxChunk) this.#split(c, items);
  }

  delete(id: string): void {
    if (this.get(id) === undefined) return;
    const c = this.#chunkFor(id);
    const { items } = this.#own(c);
    items.splice(lowerBound(items, id), 1);
    this.#size--;
    this.#mergeIfSmall(c, items);
  }

  /** The last chunk that starts at or before `id`. */
  #chunkFor(id: string): number {
    let low = 0;
    let high = this.#chunks.length - 1;
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if ((this.#chunks[middle]?.items[0]?.id ?? '') <= id) low = middle;
      else high = middle - 1;
    }
    return low;
  }

  #rank(id: string): number {
    const c = this.#chunkFor(id);
    let rank = 0;
    for (let i = 0; i < c; i++) rank += this.#chunks[i]?.items.length ?? 0;
    return rank + lowerBound(this.#chunks[c]?.items ?? [], id);
  }

  #directory(): Chunk<V>[] {
    if (this.#directoryShared) this.#chunks = [...this.#chunks];
    this.#directoryShared = false;
    return this.#chunks;
  }

  #own(c: number): Chunk<V> {
    const chunk = this.#chunks[c] as Chunk<V>;
    if (chunk.owner === this.#owner) return chunk;
    const copy = { owner: this.#owner, items: [...chunk.items] };
    this.#directory()[c] = copy;
    return copy;
  }

  #split(c: number, items: V[]): void {
    // Appending in order is the common case (bulk load): leave full chunks behind then.
    const at = c === this.#chunks.length - 1 ? maxChunk - 1 : maxChunk / 2;
    this.#directory().splice(c + 1, 0, { owner: this.#owner, items: items.splice(at) });
  }

  #mergeIfSmall(c: number, items: V[]): void {
    const next = this.#chunks[c + 1];
    if (items.length === 0) this.#directory().splice(c, 1);
    else if (next && items.length + next.items.length <= maxChunk / 2) {
      items.push(...next.items);
      this.#directory().splice(c + 1, 1);
    }
  }
}

/** Index of the first item whose id is not less than `id`. */
function lowerBound<V extends Identified>(items: readonly V[], id: string): number {
  let low = 0;
  let high = items.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((items[middle] as V).id < id) low = middle + 1;
    else high = middle;
  }
  return low;
}
