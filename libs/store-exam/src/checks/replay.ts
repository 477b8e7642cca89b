import type { Case } from '../case';
import type { HistoryRecord, WatchRecord } from '../history';
import type { Item, Page, Revision } from '../subject';
import type { Violation } from '../verdict';
import { applyEvents, partsOf, positionOf } from '../watch-parts';
import { recordsById, tellWatch, violation } from './finding';
import { compare } from './lists';

/** What a client has that applied a list and all watches since. */
interface Table {
  readonly items: ReadonlyMap<string, Item>;
  readonly position: Revision;
}

/**
 * Whoever begins with a list or initial events and applies every event since, over any number of resumptions, has the
 * table of the truth, and in the end the final one.
 */
export function checkReplay(exam: Case): Violation[] {
  const { timeline } = exam;
  if (!timeline) return [];
  const tables = new Tables(exam);
  const broken: Violation[] = [];
  for (const watch of exam.watches) {
    const table = tables.after(watch);
    if (!table || timeline.isUncertain(table.position)) continue;
    const wrong = compare(timeline.stateAt(table.position, watch.request.selector), table.items.values());
    if (!wrong) continue;
    broken.push(violation('replay', `replayed up to ${table.position}, ${tellWatch(watch)} differs: ${wrong}`, watch));
  }
  return [...broken, ...checkEnd(exam, tables)];
}

function checkEnd({ history, watches }: Case, tables: Tables): Violation[] {
  if (!history.some(({ kind }) => kind === 'run')) return [];
  const final = history.findLast((record) => record.kind === 'final');
  if (!final) return [violation('replay', 'the last write of the run did not succeed, so nobody could tell of it')];
  const lastOf = new Map(watches.filter((watch) => tables.isKept(watch)).map((watch) => [watch.client, watch]));
  return [...lastOf.values()].flatMap((watch) => {
    const position = positionOf(watch) ?? 0;
    if (position >= final.revision) return [];
    const what = `${watch.client} came to revision ${position} only, and was never told of the last write, ${final.revision}`;
    return [violation('replay', what, watch, final)];
  });
}

class Tables {
  readonly #pages: ReadonlyMap<number, readonly Page[]>;
  readonly #byId: ReadonlyMap<number, HistoryRecord>;
  readonly #tables = new Map<number, Table | undefined>();

  constructor(exam: Case) {
    this.#pages = pagesByFirst(exam);
    this.#byId = recordsById(exam.history);
  }

  /** Whether somebody kept a table with this watch. */
  isKept({ follows, request }: WatchRecord): boolean {
    return follows !== undefined || request.initialEvents === true;
  }

  /** The records of what a watch follows come before its own, so the chain is short. */
  after(watch: WatchRecord): Table | undefined {
    const { initial, start, changes } = partsOf(watch);
    const before = watch.request.initialEvents ? newTable(start) : this.#of(watch.follows);
    if (!before || before.position !== start) return this.#keep(watch, undefined);
    const items = new Map(before.items);
    applyEvents(items, [...initial, ...changes]);
    return this.#keep(watch, { items, position: positionOf(watch) ?? start });
  }

  #keep({ id }: WatchRecord, table: Table | undefined): Table | undefined {
    this.#tables.set(id, table);
    return table;
  }

  #of(id: number | undefined): Table | undefined {
    if (id === undefined) return undefined;
    if (this.#tables.has(id)) return this.#tables.get(id);
    return this.#byId.get(id)?.kind === 'call' ? this.#listed(id) : undefined;
  }

  #listed(first: number): Table {
    const pages = this.#pages.get(first) ?? [];
    const items = new Map(pages.flatMap((page) => page.items.map((item) => [item.key, item])));
    return { items, position: pages[0]?.revision ?? 0 };
  }
}

const newTable = (start: Revision | undefined): Table | undefined =>
  start === undefined ? undefined : { items: new Map(), position: start };

function pagesByFirst({ calls }: Case): Map<number, readonly Page[]> {
  const pages = calls.flatMap(({ id, call, outcome }) =>
    call.op === 'list' && outcome.is === 'ok' && outcome.page ? [{ first: call.first ?? id, page: outcome.page }] : [],
  );
  const byFirst = Map.groupBy(pages, ({ first }) => first);
  return new Map([...byFirst].map(([first, answers]) => [first, answers.map(({ page }) => page)]));
}
