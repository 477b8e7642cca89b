import type { Case } from '../case';
import type { CallRecord } from '../history';
import type { Item, Page } from '../subject';
import { isSameItem, type Timeline } from '../timeline';
import type { Violation } from '../verdict';
import { tellItem, violation } from './finding';

type Answered = readonly [CallRecord, Page];

/** A list is the state at its revision, and all its pages are of one revision. */
export function checkLists({ calls, timeline }: Case): Violation[] {
  const lists = calls.filter(({ call }) => call.op === 'list');
  const byFirst = Map.groupBy(lists, ({ id, call }) => (call.op === 'list' ? (call.first ?? id) : id));
  return [...byFirst.values()].flatMap((records) => {
    const answered = records.flatMap((record): Answered[] =>
      record.outcome.is === 'ok' && record.outcome.page ? [[record, record.outcome.page]] : [],
    );
    const what = checkPages(answered, timeline);
    return what === undefined ? [] : [violation('list', what, ...records)];
  });
}

function checkPages(answered: readonly Answered[], timeline: Timeline | undefined): string | undefined {
  const revision = answered[0]?.[1].revision ?? 0;
  const other = answered.find(([, page]) => page.revision !== revision);
  if (other) return `the pages of a list are of revisions ${revision} and ${other[1].revision}`;
  let after = '';
  for (const [{ call }, page] of answered) {
    const selector = call.op === 'list' ? call.selector : undefined;
    const keys = page.items.map(({ key }) => key);
    if (keys.some((key, i) => !isBefore(keys[i - 1] ?? after, key))) return `a list is not in the order of its keys`;
    const upTo = page.continue === undefined ? undefined : keys.at(-1);
    const isInPage = (key: string): boolean => isBefore(after, key) && (upTo === undefined || !isBefore(upTo, key));
    const isJudged = timeline && !timeline.isUncertain(revision);
    const wrong = isJudged && compare(timeline.stateAt(revision, selector), page.items, isInPage);
    if (wrong) return `the list at revision ${revision} is not the state at that revision: ${wrong}`;
    after = keys.at(-1) ?? after;
  }
  return undefined;
}

/** Bytewise, which is codepoint by codepoint. */
const isBefore = (a: string, b: string): boolean => Buffer.compare(Buffer.from(a), Buffer.from(b)) < 0;

/** The first difference between a state and what was told of it, in words. */
export function compare(
  state: ReadonlyMap<string, Item>,
  items: Iterable<Item>,
  isInPage: (key: string) => boolean = () => true,
): string | undefined {
  const told = new Map([...items].map((item) => [item.key, item]));
  for (const key of new Set([...state.keys(), ...told.keys()])) {
    if (!told.has(key) && !isInPage(key)) continue;
    if (!isSameItem(state.get(key), told.get(key))) {
      return `${key} is told as ${tellItem(told.get(key))} instead of ${tellItem(state.get(key))}`;
    }
  }
  return undefined;
}
