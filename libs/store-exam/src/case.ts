import { matchDeletions, type Deletions } from './deletions';
import type { CallRecord, History, WatchRecord } from './history';
import { Meanings } from './meanings';
import { RevisionClock, toldRevisions } from './revision-clock';
import { settleWrite, type Settled } from './settle';
import { sightingsOf, type Sighting } from './sightings';
import type { Revision } from './subject';
import { Timeline } from './timeline';
import type { Truth, TruthChange } from './truth';

/** Everything the checks look at, worked out once. */
export interface Case {
  readonly history: History;
  readonly calls: readonly CallRecord[];
  readonly watches: readonly WatchRecord[];
  readonly sightings: readonly Sighting[];
  /** Of the truth alone; without one, empty. */
  readonly truth: Meanings;
  /** Of the truth and, where it is silent, of the sightings. */
  readonly meanings: Meanings;
  readonly clock: RevisionClock;
  /** Of creates and updates, by the id of the call. */
  readonly settled: ReadonlyMap<number, Settled>;
  /** Empty: there is no truth. */
  readonly epochs: Truth;
  /** Absent: there is no truth. */
  readonly timeline?: Timeline;
  /** By key; only with a truth. */
  readonly deletions: ReadonlyMap<string, Deletions>;
}

/** How long before a failover a write may have been made that the standby never received. */
const lostTailMs = 30_000;

export function newCase(history: History, truth?: Truth): Case {
  const epochs = truth ?? [];
  const calls = history.filter((record) => record.kind === 'call');
  const watches = history.filter((record) => record.kind === 'watch');
  const sightings = sightingsOf(history);
  const known = new Meanings(truth);
  const meanings = new Meanings(truth);
  for (const sighting of sightings) meanings.learn(sighting);
  const settled = settle(calls, meanings, truth);
  const clock = new RevisionClock(toldRevisions(history, sightings), writesOf(calls, settled));
  const timeline = truth && new Timeline(truth, tailOf(sightings, known, truth));
  const deletions = timeline ? deletionsOf(timeline, calls, clock) : new Map<string, Deletions>();
  return {
    history,
    epochs,
    calls,
    watches,
    sightings,
    truth: known,
    meanings,
    clock,
    settled,
    deletions,
    ...(timeline && { timeline }),
  };
}

function settle(calls: readonly CallRecord[], meanings: Meanings, truth: Truth | undefined): Map<number, Settled> {
  const failovers = (truth ?? []).filter((_, index) => truth?.[index - 1]?.tailUnknown);
  const mayBeLost = ({ invoked, returned }: CallRecord): boolean =>
    failovers.some(({ began = Infinity }) => invoked < began && returned > began - lostTailMs);
  const writes = calls.filter(({ call }) => call.op === 'create' || call.op === 'update');
  return new Map(
    writes.map((write) => [write.id, settleWrite(write, meanings, truth !== undefined && !mayBeLost(write))]),
  );
}

function writesOf(
  calls: readonly CallRecord[],
  settled: ReadonlyMap<number, Settled>,
): { revision: Revision; invoked: number }[] {
  return calls.flatMap(({ id, invoked, call, outcome }) => {
    const outcomeOf = settled.get(id);
    const revision = outcomeOf?.is === 'done' ? outcomeOf.revision : undefined;
    const deleted = call.op === 'delete' && outcome.is === 'ok' ? outcome.revision : undefined;
    const at = revision ?? deleted;
    return at === undefined ? [] : [{ revision: at, invoked }];
  });
}

/** What was told of a lost tail that the truth does not have. */
function tailOf(sightings: readonly Sighting[], known: Meanings, truth: Truth): readonly TruthChange[] {
  const tail = new Map<Revision, TruthChange>();
  for (const { revision, key, state } of sightings) {
    if (known.get(revision) || tail.has(revision) || !isInUnknownTail(truth, revision)) continue;
    tail.set(revision, { revision, key, deleted: !state, ...state });
  }
  return [...tail.values()];
}

const isInUnknownTail = (truth: Truth, revision: Revision): boolean =>
  truth.some(
    ({ survived = 0, start }, index) => truth[index - 1]?.tailUnknown && revision > survived && revision < start,
  );

function deletionsOf(timeline: Timeline, calls: readonly CallRecord[], clock: RevisionClock): Map<string, Deletions> {
  const byKey = Map.groupBy(
    calls.filter(({ call }) => call.op === 'delete'),
    ({ call }) => (call.op === 'delete' ? call.key : ''),
  );
  const removals = Map.groupBy(
    timeline.transitions.filter(({ after }) => !after),
    ({ key }) => key,
  );
  const keys = new Set([...byKey.keys(), ...removals.keys()]);
  return new Map([...keys].map((key) => [key, matchDeletions(removals.get(key) ?? [], byKey.get(key) ?? [], clock)]));
}
