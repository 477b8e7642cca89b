import type { Case } from '../case';
import type { CallRecord } from '../history';
import type { Revision } from '../subject';
import type { Violation } from '../verdict';
import { violation } from './finding';

/** What was acknowledged happened, once; what was refused did not; and nothing happened that nobody asked for. */
export function checkEffect(exam: Case): Violation[] {
  const { timeline, calls, deletions } = exam;
  if (!timeline) return checkWithoutTruth(exam);
  const found = calls.flatMap((record) => checkWrite(exam, record));
  const values = new Set(
    calls.flatMap(({ call }) => (call.op === 'create' || call.op === 'update' ? [call.value] : [])),
  );
  for (const { revision, key, after } of timeline.transitions) {
    if (after && !values.has(after.value)) {
      found.push(violation('effect', `${key}=${after.value} at revision ${revision} was written by nobody`));
    }
  }
  for (const { unasked, undone } of deletions.values()) {
    for (const { revision, key } of unasked) {
      found.push(
        violation('effect', `the removal of ${key} at revision ${revision} was not asked for, or was refused`),
      );
    }
    for (const record of undone) {
      found.push(violation('effect', `the removal of ${keyOf(record)} was acknowledged, but never happened`, record));
    }
  }
  return found;
}

function checkWrite(exam: Case, record: CallRecord): Violation[] {
  const { call } = record;
  if (call.op !== 'create' && call.op !== 'update') return [];
  const revisions = exam.truth.revisionsOf(call.value);
  const wrong = [
    ...(revisions.length > 1 ? [`took effect more than once, at revisions ${revisions.join(', ')}`] : []),
    ...wrongAnswer(exam, record, revisions),
  ];
  return wrong.map((what) => violation('effect', `the ${call.op} of ${call.key}=${call.value} ${what}`, record));
}

function wrongAnswer({ timeline }: Case, { outcome }: CallRecord, revisions: readonly Revision[]): string[] {
  const hasHappened = revisions.length > 0;
  if (outcome.is === 'refused' || outcome.is === 'failed') {
    return hasHappened ? [`was answered with ${outcome.reason}, but happened at revision ${revisions.join(', ')}`] : [];
  }
  if (outcome.is !== 'ok' || !outcome.item || hasHappened || timeline?.isUncertain(outcome.item.revision)) return [];
  return [`was acknowledged at revision ${outcome.item.revision}, but never happened`];
}

function checkWithoutTruth({ calls, sightings }: Case): Violation[] {
  const seen = new Map<string, Set<Revision>>();
  for (const { state, revision } of sightings) {
    if (state) seen.set(state.value, (seen.get(state.value) ?? new Set()).add(revision));
  }
  return calls.flatMap((record) => {
    const { call, outcome } = record;
    if (call.op !== 'create' && call.op !== 'update') return [];
    const revisions = [...(seen.get(call.value) ?? [])];
    const what = `the ${call.op} of ${call.key}=${call.value}`;
    if (revisions.length > 1) {
      return [violation('effect', `${what} took effect more than once, at revisions ${revisions.join(', ')}`, record)];
    }
    const hadNone = outcome.is === 'refused' || outcome.is === 'failed';
    if (!hadNone || revisions.length === 0) return [];
    return [violation('effect', `${what} was answered with ${outcome.reason}, but was seen`, record)];
  });
}

const keyOf = ({ call }: CallRecord): string => (call.op === 'list' ? '' : call.key);
