import { limitOf, sessionsOf } from './limit';

const nothing = { waiting: 0, computing: 0, flushing: 0, locked: 0, other: 0 };

it.each([
  [{ store: 0.97, client: 0.3 }, 0.6, { ...nothing, waiting: 1 }, 'the event loop of store (97 % busy)'],
  [
    { store: 0.5 },
    0.6,
    { ...nothing, waiting: 0.1, flushing: 0.7, computing: 0.2 },
    "flushing to disk (70 % of its writers' time); the event loop of store is 50 % busy",
  ],
  [
    { a: 0.4, b: 0.5 },
    0.99,
    { ...nothing, computing: 0.45, locked: 0.5, waiting: 0.05 },
    "PostgreSQL's processor time (45 % of its writers' time, 50 % waiting for each other); the event loop of b is 50 % busy; all cores of the machine are busy (99 %)",
  ],
  [
    { store: 0.5 },
    0.6,
    { ...nothing, waiting: 0.6, computing: 0.4 },
    "nobody, each waits for the other: PostgreSQL's writer waits 60 % for its client; the event loop of store is 50 % busy",
  ],
])('with %j, a machine at %d and sessions %j names the limit', (loops, machine, sessions, limit) =>
  expect(limitOf({ loops, machine, sessions, others: 0 })).toBe(limit),
);

it('says nothing of sessions that were not seen', () =>
  expect(limitOf({ loops: { client: 0.4 }, machine: 0.5, others: 0.1 })).toBe(
    'nobody: the event loop of client is 40 % busy',
  ));

it('sorts what sessions were seen doing', () => {
  const sample = (state: string, type: string | null, event: string | null, pid = 1) => ({ pid, state, type, event });
  expect(
    sessionsOf([
      sample('idle', 'Client', 'ClientRead'),
      sample('active', null, null),
      sample('active', 'IO', 'WalSync'),
      sample('active', 'LWLock', 'WALWrite'),
      sample('active', 'Lock', 'advisory'),
      sample('active', 'IO', 'DataFileExtend'),
      sample('active', null, null),
      sample('active', 'Client', 'ClientRead'),
      sample('idle', 'Client', 'ClientRead', 2),
    ]),
  ).toEqual({ waiting: 0.25, computing: 0.25, flushing: 0.25, locked: 0.125, other: 0.125 });
});

it('says that others were at work', () =>
  expect(limitOf({ loops: { client: 0.95 }, machine: 0.9, others: 1.234 })).toBe(
    'the event loop of client (95 % busy) (NOT A QUIET MACHINE: others took 1.2 cores)',
  ));
