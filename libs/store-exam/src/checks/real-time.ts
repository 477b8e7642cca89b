import type { Case } from '../case';
import type { Call, CallRecord } from '../history';
import type { Item, Revision } from '../subject';
import { isSameItem } from '../timeline';
import type { Violation } from '../verdict';
import { tellItem, violation } from './finding';

/**
 * Across all keys: a call sees nothing older than what anybody was told before it began, and nothing newer than what
 * was still to be asked for when it returned. What it saw must have been so at some revision between the two.
 */
export function checkRealTime(exam: Case): Violation[] {
  return exam.calls.flatMap((record) => {
    const from = exam.clock.knownBefore(record.invoked);
    const to = exam.clock.notYetAt(record.returned) - 1;
    const what = isOfRevision(record) ? checkRevision(record, from, to) : checkSight(exam, record, from, to);
    return what === undefined ? [] : [violation('real-time', what, record)];
  });
}

/** Whether the answer says itself at which revision it was true. */
const isOfRevision = ({ call, outcome }: CallRecord): boolean => outcome.is === 'ok' && call.op !== 'get';

const answered = ({ outcome }: CallRecord): Revision | undefined =>
  outcome.is === 'ok' ? (outcome.page ?? outcome.item ?? outcome).revision : undefined;

function checkRevision(record: CallRecord, from: Revision, to: Revision): string | undefined {
  const { call } = record;
  const revision = answered(record);
  // The later pages of a list are as old as its first one.
  if (revision === undefined || (call.op === 'list' && call.first !== undefined)) return undefined;
  if (revision > to) return `${tellCall(record)} is newer than what was asked for only after it returned`;
  const isOld = call.op === 'list' ? revision < from : revision <= from;
  return isOld ? `${tellCall(record)} is older than what had been told before it began (${from})` : undefined;
}

function checkSight({ timeline }: Case, record: CallRecord, from: Revision, to: Revision): string | undefined {
  const { call } = record;
  if (call.op === 'list' || !timeline || timeline.isUncertain(from, to)) return undefined;
  const fits = expectation(record);
  if (!fits || timeline.during(call.key, from, to).some(fits)) return undefined;
  const was = tellItem(timeline.at(call.key, from));
  return `${tellCall(record)} saw what was not so at any revision from ${from} to ${to}; at ${from} it was ${was}`;
}

/** What the answer says of the key. */
function expectation({ call, outcome }: CallRecord): ((item: Item | undefined) => boolean) | undefined {
  if (outcome.is === 'ok') return (item) => isSameItem(item, outcome.item);
  if (outcome.is !== 'refused') return undefined;
  switch (outcome.reason) {
    case 'NotFound':
      return (item) => item === undefined;
    case 'AlreadyExists':
      return (item) => item !== undefined;
    default:
      return (item) => item?.revision !== expectedBy(call);
  }
}

const expectedBy = (call: Call): Revision | undefined => ('expected' in call ? call.expected : undefined);

function tellCall(record: CallRecord): string {
  const { id, call, server, outcome } = record;
  const name = call.op === 'list' ? 'list' : `${call.op} of ${call.key}`;
  const answer = outcome.is === 'ok' ? answered(record) : outcome.reason;
  return `call ${id}, the ${name} on ${server} answered with ${answer ?? 'success'},`;
}
