import type { Case } from './case';
import type { Call, CallRecord } from './history';
import { absent, newOperation, type Effect, type Register, type RegisterOperation } from './register';
import type { Item, Revision } from './subject';

export interface RegisterHistory {
  readonly initial: Register;
  readonly operations: readonly RegisterOperation[];
}

const registerOf = (item: Item | undefined): Register =>
  item ? { there: true, value: item.value, revision: item.revision } : absent;

/** The calls of a history as operations on registers, by key. */
export function operationsOf(exam: Case): ReadonlyMap<string, RegisterHistory> {
  const keys = new Set([
    ...(exam.timeline?.keys ?? []),
    ...exam.calls.flatMap(({ call }) => (call.op === 'list' ? [] : [call.key])),
    ...exam.sightings.map(({ key }) => key),
  ]);
  const operations = new Map([...keys].map((key) => [key, [] as RegisterOperation[]]));
  for (const record of exam.calls) {
    if (record.call.op === 'list') addList(operations, record);
    else operations.get(record.call.key)?.push(...ofCall(record.call, record, exam));
  }
  for (const [key, list] of operations) list.push(...removals(exam, key), ...turnsBack(exam, key));
  return new Map(
    [...operations].map(([key, list]) => [key, { initial: registerOf(startOf(exam, key)), operations: list }]),
  );
}

const sight = ({ value, revision }: Item): Effect => ({ is: 'see', value, revision });

const startOf = ({ timeline }: Case, key: string): Item | undefined => timeline?.at(key, timeline.start);

function ofCall(call: Exclude<Call, { op: 'list' }>, record: CallRecord, exam: Case): RegisterOperation[] {
  const { outcome, id } = record;
  if (outcome.is === 'refused')
    return [newOperation(seenByRefusal(call, outcome.reason), { ...record, records: [id] })];
  if (call.op === 'get') {
    if (outcome.is !== 'ok' || !outcome.item) return [];
    return [newOperation(sight(outcome.item), { ...record, records: [id] })];
  }
  return call.op === 'delete' ? ofDelete(call, record, exam) : ofWrite(call, record, exam);
}

function seenByRefusal(call: Call, reason: string): Effect {
  if (reason === 'NotFound') return { is: 'see nothing' };
  if (reason === 'AlreadyExists') return { is: 'see something' };
  return { is: 'see another', expected: ('expected' in call ? call.expected : undefined) ?? -1 };
}

function ofWrite(
  call: Extract<Call, { op: 'create' | 'update' }>,
  { id, invoked, returned, outcome }: CallRecord,
  { settled, clock }: Case,
): RegisterOperation[] {
  const result = settled.get(id) ?? { is: 'never' };
  if (result.is === 'never') return [];
  const revision = result.is === 'done' ? result.revision : undefined;
  const until = outcome.is === 'ok' ? returned : revision === undefined ? Infinity : clock.latest(revision);
  const expected = call.op === 'update' ? call.expected : undefined;
  const effect = { is: call.op, value: call.value, ...given({ revision, expected }) };
  return [newOperation(effect, { invoked, returned: until, optional: result.is === 'perhaps', records: [id] })];
}

/** With a truth, deletions come from there. */
function ofDelete(
  { expected }: Extract<Call, { op: 'delete' }>,
  { id, invoked, returned, outcome }: CallRecord,
  { timeline }: Case,
): RegisterOperation[] {
  if (timeline || outcome.is === 'failed') return [];
  const isDone = outcome.is === 'ok';
  const revision = isDone ? outcome.revision : undefined;
  const interval = { invoked, returned: isDone ? returned : Infinity, optional: !isDone, records: [id] };
  return [newOperation({ is: 'delete', ...given({ revision, expected }) }, interval)];
}

/** A deletion that may have been any of several calls happened within any of their times. */
function removals({ deletions, clock }: Case, key: string): RegisterOperation[] {
  return (deletions.get(key)?.matched ?? []).map(({ transition: { revision }, calls }) => {
    const ends = calls.map(({ outcome, returned }) => (outcome.is === 'ok' ? returned : clock.latest(revision)));
    const expected = calls.length === 1 ? expectedBy(calls[0]?.call) : undefined;
    return newOperation(
      { is: 'delete', ...given({ revision, expected }) },
      {
        invoked: Math.max(clock.earliest(revision), Math.min(...calls.map(({ invoked }) => invoked))),
        returned: Math.max(...ends),
        records: calls.map(({ id }) => id),
      },
    );
  });
}

const expectedBy = (call: Call | undefined): Revision | undefined =>
  call && 'expected' in call ? call.expected : undefined;

function turnsBack({ timeline, clock }: Case, key: string): RegisterOperation[] {
  return (timeline?.jumps ?? []).map((revision) =>
    newOperation(
      { is: 'turn back', to: registerOf(timeline?.at(key, revision)), revision },
      { invoked: clock.earliest(revision), returned: clock.latest(revision) },
    ),
  );
}

/**
 * A list sees every key that its page covers; one with a selector only those that it has. The later pages show the time
 * of the first one, which the check of lists takes care of.
 */
function addList(operations: Map<string, RegisterOperation[]>, record: CallRecord): void {
  const { call, outcome, id } = record;
  if (call.op !== 'list' || call.first !== undefined || outcome.is !== 'ok' || !outcome.page) return;
  const { items, continue: more } = outcome.page;
  const there = new Map(items.map((item) => [item.key, item]));
  const last = more === undefined ? undefined : items.at(-1)?.key;
  const isCovered = (key: string): boolean => call.selector === undefined && (last === undefined || key <= last);
  for (const [key, list] of operations) {
    const item = there.get(key);
    if (item) list.push(newOperation(sight(item), { ...record, records: [id] }));
    else if (isCovered(key)) list.push(newOperation({ is: 'see nothing' }, { ...record, records: [id] }));
  }
}

function given({ revision, expected }: { revision: Revision | undefined; expected: Revision | undefined }): {
  revision?: Revision;
  expected?: Revision;
} {
  return { ...(revision !== undefined && { revision }), ...(expected !== undefined && { expected }) };
}
