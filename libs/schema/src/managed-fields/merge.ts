import { equalJson, own, put, type JsonObject } from '../patch/json';
import type { ListSchema, MapSchema, ObjectSchema, Schema } from '../schema';
import { asList, asMap, childSchema, elementOf, isAtomic, isBlank, shapeOf } from './typed';

/**
 * The live value with the applied one laid over it: maps and associative lists merge, all else is replaced. The very live
 * value where nothing changes, so that whoever compares them later sees at once that it is the same.
 */
export function merge(schema: Schema, live: unknown, applied: unknown): unknown {
  if (applied === undefined) return live;
  const shape = shapeOf(schema, live, applied);
  if (shape === 'scalar' || isAtomic(shape) || (isBlank(live) && isBlank(applied)))
    return equalJson(live, applied) ? live : applied;
  return shape.type === 'list'
    ? mergeLists(shape, asList(live) ?? [], asList(applied) ?? [])
    : mergeMaps(shape, asMap(live) ?? {}, asMap(applied) ?? {});
}

function mergeLists(shape: ListSchema, live: readonly unknown[], applied: readonly unknown[]): readonly unknown[] {
  const merged = new ListMerge(shape, live, applied).result();
  return merged.length === live.length && merged.every((item, index) => item === live[index]) ? live : merged;
}

function mergeMaps(shape: ObjectSchema | MapSchema, live: JsonObject, applied: JsonObject): JsonObject {
  let merged = live;
  for (const key of Object.keys(applied)) {
    const before = own(live, key);
    const after = merge(childSchema(shape, key), before, applied[key]);
    if (after === before && before !== undefined) continue;
    if (merged === live) merged = { ...live };
    put(merged, key, after);
  }
  return merged;
}

interface Item {
  readonly element: string;
  readonly value: unknown;
}

function itemsOf(list: ListSchema, values: readonly unknown[]): readonly Item[] {
  return values.flatMap((value) => {
    const element = elementOf(list, value);
    return typeof element === 'string' ? [{ element, value }] : [];
  });
}

const firstBy = (items: readonly Item[]): ReadonlyMap<string, unknown> =>
  new Map([...items].reverse().map(({ element, value }) => [element, value]));

/**
 * Applied items keep their order; live ones keep their place relative to the items that both lists have. Live items
 * that share an element stay as they are, unless the applied list has that element: then one of them is left.
 */
class ListMerge {
  readonly #list: ListSchema;
  readonly #live: readonly Item[];
  readonly #applied: readonly Item[];
  readonly #liveValues: ReadonlyMap<string, unknown>;
  readonly #appliedValues: ReadonlyMap<string, unknown>;
  /** Elements of both lists in the applied order; the first one not yet merged is waited for. */
  readonly #shared: string[];
  readonly #done = new Set<string>();
  readonly #merged: unknown[] = [];

  constructor(list: ListSchema, live: readonly unknown[], applied: readonly unknown[]) {
    this.#list = list;
    this.#live = itemsOf(list, live);
    this.#applied = itemsOf(list, applied);
    this.#liveValues = firstBy(this.#live);
    this.#appliedValues = firstBy(this.#applied);
    this.#shared = this.#applied.map(({ element }) => element).filter((element) => this.#liveValues.has(element));
  }

  result(): unknown[] {
    const next = { live: 0, applied: 0, shared: 0 };
    while (next.live < this.#live.length || next.applied < this.#applied.length) this.#step(next);
    return this.#merged;
  }

  #step(next: { live: number; applied: number; shared: number }): void {
    const live = this.#live[next.live];
    const applied = this.#applied[next.applied];
    if (live && !this.#appliedValues.has(live.element)) {
      this.#merged.push(live.value);
      next.live++;
    } else if (live && applied && this.#isOutOfTurn(live, applied, next.shared)) next.live++;
    else {
      if (live && (this.#done.has(live.element) || live.element === applied?.element)) next.live++;
      if (!applied) return;
      this.#take(applied);
      if (this.#shared[next.shared] === applied.element) next.shared++;
      next.applied++;
    }
  }

  /** A shared item that another one comes before: it will be merged where the applied list has it. */
  #isOutOfTurn(live: Item, applied: Item, shared: number): boolean {
    return live.element !== applied.element && shared < this.#shared.length && this.#shared[shared] !== live.element;
  }

  #take({ element, value }: Item): void {
    this.#done.add(element);
    this.#merged.push(merge(this.#list.items, this.#liveValues.get(element), value));
  }
}
