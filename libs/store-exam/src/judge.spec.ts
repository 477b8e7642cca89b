import type { Call, CallRecord, History, Outcome, RecordedEvent, WatchRecord } from './history';
import { judge } from './judge';
import { Random } from './random';
import type { Item, WatchRequest } from './subject';
import type { Epoch, Truth, TruthChange } from './truth';

const item = (key: string, revision: number, value: string, label = 'red'): Item => ({ key, revision, value, label });
const ok = (of: Item): Outcome => ({ is: 'ok', item: of });
const refused = (reason: string): Outcome => ({ is: 'refused', reason, message: '' });
const lost: Outcome = { is: 'unknown', reason: 'Error', message: 'socket hang up' };
const to = (key: string, value: string, label = 'red') => ({ key, value, label });

let ids = 0;
const call = (invoked: number, returned: number, asked: Call, outcome: Outcome): CallRecord => ({
  kind: 'call',
  id: ++ids,
  client: 'c',
  server: 's',
  call: asked,
  invoked,
  returned,
  outcome,
});
const create = (time: number, made: Item): CallRecord =>
  call(time, time + 1, { op: 'create', ...to(made.key, made.value, made.label) }, ok(made));
const update = (time: number, made: Item, outcome = ok(made)): CallRecord =>
  call(time, time + 1, { op: 'update', ...to(made.key, made.value, made.label) }, outcome);
const get = (time: number, seen: Item): CallRecord => call(time, time + 1, { op: 'get', key: seen.key }, ok(seen));
const watch = (time: number, request: WatchRequest, events: readonly RecordedEvent[]): WatchRecord => ({
  kind: 'watch',
  id: ++ids,
  client: 'w',
  server: 's',
  request,
  opened: time,
  events,
  ended: time + 100,
  end: { is: 'stopped' },
});
const told = (type: 'ADDED' | 'MODIFIED' | 'DELETED', of: Item, at = 50): RecordedEvent => ({ type, item: of, at });

const written = ({ key, revision, value, label }: Item): TruthChange => ({
  key,
  revision,
  value,
  label,
  deleted: false,
});
const truthOf = (...items: Item[]): Truth => [{ start: 0, state: [], changes: items.map(written) }];

const a1 = item('a', 1, 'v1');
const a2 = item('a', 2, 'v2');
const b3 = item('b', 3, 'v3', 'blue');
const checksOf = (history: History, truth?: Truth): string[] => [
  ...new Set(judge(history, truth).violations.map(({ check }) => check)),
];

describe('with the truth', () => {
  const truth = truthOf(a1, a2, b3);
  const good = [create(0, a1), update(2, a2), create(4, b3)];

  it.each<[string, History]>([
    ['the plain history', good],
    ['an unknown write that happened', [create(0, a1), update(2, a2, lost), create(4, b3), get(6, a2)]],
    ['an unknown write that never did', [...good, update(5, item('a', 0, 'v9'), lost), get(9, a2)]],
    ['a read beside the write', [...good, call(2, 9, { op: 'get', key: 'a' }, ok(a1))]],
    ['a refusal that was right', [...good, call(5, 6, { op: 'create', ...to('a', 'v9') }, refused('AlreadyExists'))]],
    ['a watch with a selector', [...good, watch(0, { after: 2, selector: 'blue' }, [told('ADDED', b3)])]],
  ])('lets pass: %s', (_, history) => expect(judge(history, truth)).toMatchObject({ passed: true, violations: [] }));

  it.each<[string, History, string[]]>([
    ['a read across keys that is too old', [...good, get(7, a1)], ['linearizable', 'real-time']],
    ['an aborted write that happened', [create(0, a1), update(2, a2, refused('Conflict')), create(4, b3)], ['effect']],
    ['a write that nobody made', [create(0, a1), create(4, b3)], ['effect']],
    ['an acknowledged write that is gone', [...good, update(6, item('a', 4, 'v4'))], ['meaning', 'effect']],
    ['a dirty read', [...good, get(6, item('a', 4, 'v4'))], ['meaning', 'linearizable', 'real-time']],
    [
      'a list that has forgotten a key',
      [...good, call(6, 7, { op: 'list' }, { is: 'ok', page: { revision: 3, items: [a2] } })],
      ['linearizable', 'list'],
    ],
    [
      'a list of long ago',
      [...good, call(6, 7, { op: 'list' }, { is: 'ok', page: { revision: 1, items: [a1] } })],
      ['linearizable', 'real-time'],
    ],
    [
      'a watch that forgets the entry into its selection',
      [...good, watch(0, { after: 1, selector: 'blue' }, [told('MODIFIED', b3)])],
      ['watch-event'],
    ],
  ])('finds: %s', (_, history, checks) => expect(checksOf(history, truth)).toEqual(checks));

  it('shows only the events around the one in question', () => {
    const events = Array.from({ length: 40 }, (_, i) => told('MODIFIED', item('a', i + 2, `v${i + 2}`)));
    const shuffled = [...events.slice(0, 20), ...events.slice(21, 22), ...events.slice(20, 21), ...events.slice(22)];
    const { violations } = judge([watch(0, { after: 1 }, shuffled)]);
    expect(violations).toMatchObject([
      { check: 'watch-order', what: expect.stringContaining('told MODIFIED a@22=v22') },
    ]);
    expect(violations[0]?.records).toMatchObject([{ kind: 'watch', events: { length: 10 } }]);
  });
});

describe('without the truth', () => {
  it.each<[string, History, string[]]>([
    ['a plain history', [create(0, a1), update(2, a2), get(4, a2)], []],
    ['an unknown write, read or not', [create(0, a1), update(2, a2, lost), get(4, a1), get(6, a2)], []],
    ['a stale read', [create(0, a1), update(2, a2), get(4, a1)], ['linearizable']],
    [
      'a write of unknown outcome that is undone',
      [create(0, a1), update(2, a2, lost), get(4, a2), get(6, a1)],
      ['linearizable'],
    ],
    [
      'a refused write that is read',
      [create(0, a1), update(2, a2, refused('Conflict')), get(4, a2)],
      ['effect', 'linearizable'],
    ],
    ['a revision told in two ways', [create(0, a1), get(2, item('a', 1, 'v9'))], ['meaning', 'linearizable']],
    ['a revision that went back', [create(0, a2), create(2, item('b', 1, 'v3'))], ['real-time']],
  ])('%s', (_, history, checks) => expect(checksOf(history)).toEqual(checks));
});

describe('over a failover', () => {
  /** The standby had revisions up to 1; revisions 2 and 3 were lost, and the numbers went on at 10. */
  const next: Epoch = { start: 10, state: [a1], changes: [written(item('a', 11, 'v11'))], survived: 1, began: 20 };
  const truth: Truth = [{ start: 0, state: [], changes: [written(a1)], tailUnknown: true }, next];
  const before = [create(0, a1), update(2, a2), create(4, b3)];
  const after = [get(24, a1), update(26, item('a', 11, 'v11')), get(28, item('a', 11, 'v11'))];

  it.each<[string, History]>([
    ['the loss of the last writes', [...before, ...after]],
    [
      'a watch that is told to list again',
      [
        ...before,
        ...after,
        watch(0, { after: 1 }, [told('MODIFIED', a2), { type: 'ERROR', reason: 'Expired', message: '', at: 30 }]),
      ],
    ],
    [
      'a lost write of unknown outcome that was read',
      [create(0, a1), update(2, a2, lost), get(5, a2), create(7, b3), ...after],
    ],
    [
      'a lost write of unknown outcome that nobody ever saw',
      [
        create(0, a1),
        update(2, a2, lost),
        call(4, 5, { op: 'delete', key: 'a', expected: 2 }, refused('Conflict')),
        ...after,
      ],
    ],
  ])('lets pass: %s', (_, history) => expect(judge(history, truth)).toMatchObject({ passed: true, violations: [] }));

  it.each<[string, History, string[]]>([
    ['a lost write that is still read', [...before, get(22, a1), get(24, a2)], ['linearizable']],
    [
      'the loss of a write that the standby had',
      [...before, ...after, create(31, item('b', 12, 'v12'))],
      ['meaning', 'effect'],
    ],
    [
      'a watch that goes on',
      [
        ...before,
        ...after,
        watch(0, { after: 1 }, [told('MODIFIED', a2, 6), told('ADDED', b3, 7), told('MODIFIED', item('a', 11, 'v11'))]),
      ],
      ['failover'],
    ],
    [
      'a watch that is resumed',
      [...before, ...after, watch(0, { after: 3 }, [told('MODIFIED', item('a', 11, 'v11'))])],
      ['failover'],
    ],
  ])('finds: %s', (_, history, checks) => expect(checksOf(history, truth)).toEqual(expect.arrayContaining(checks)));

  it('lets a watch go on when nothing was lost, so that the numbers did not have to jump', () => {
    const smooth: Truth = [
      { start: 0, state: [], changes: [written(a1), written(a2)] },
      { start: 2, survived: 2, state: [a2], changes: [written(b3)], began: 20 },
    ];
    const events = [told('MODIFIED', a2, 6), told('ADDED', b3)];
    const history = [create(0, a1), update(2, a2), create(22, b3), watch(3, { after: 1 }, events)];
    expect(judge(history, smooth)).toMatchObject({ passed: true, violations: [] });
  });

  it('finds that the numbers went on without a jump, although somebody had been told of what was lost', () => {
    const short: Truth = [
      { start: 0, state: [], changes: [written(a1), written(a2), written(b3)] },
      { start: 1, survived: 1, state: [a1], changes: [written(item('a', 4, 'v4'))], began: 20 },
    ];
    const history = [...before, update(24, item('a', 4, 'v4'))];
    expect(checksOf(history, short)).toContain('failover');
  });

  it('lets pass a database that failed over twice before anybody noticed', () => {
    const [first] = truth;
    const all: Truth = [
      { ...first!, changes: [written(a1), written(a2), written(b3)] },
      { start: 1, survived: 1, state: [a1], changes: [], began: 18 },
      next,
    ];
    expect(judge([...before, ...after], all)).toMatchObject({ passed: true, violations: [] });
    const list = call(5, 6, { op: 'list' }, { is: 'ok', page: { revision: 3, items: [a2, b3] } });
    expect(judge([...before, list, ...after], all)).toMatchObject({ passed: true, violations: [] });
  });

  it('finds a revision that means two things', () => {
    const twice: Truth = [truth[0]!, { ...next, start: 3, changes: [written(item('a', 3, 'v11'))] }];
    const history = [...before, get(24, a1), update(26, item('a', 3, 'v11'))];
    expect(checksOf(history, twice)).toContain('meaning');
  });
});

describe('throughput', () => {
  const floor = { windowMs: 1000, writesPerSecond: 3, eventsPerSecond: 0, graceMs: 500, overallShare: 0.5 };
  const run = { kind: 'run', id: 0, seed: 1, servers: ['s'], begin: 0, end: 4000 } as const;
  const writes = (...seconds: number[]): CallRecord[] =>
    seconds.flatMap((second) =>
      [0, 1, 2].map((i) => create(second * 1000 + 100 * i, item(`k${++ids}`, ids, `v${ids}`))),
    );
  const judged = (history: History): string[] =>
    judge(history, undefined, { floor }).violations.map(({ what }) => what);

  it('is judged second by second', () => {
    expect(judged([run, ...writes(0, 1, 2, 3)])).toEqual(
      judged([run, ...writes(0, 1, 2, 3)]).filter((what) => !what.includes('writes')),
    );
    expect(judged([run, ...writes(0, 1, 3)])).toContain(
      '0 writes from 2000 to 3000 ms, which is less than 3 per second',
    );
  });

  it('is not judged during a fault and right after it, but overall', () => {
    const fault = { kind: 'fault', id: 0, fault: 'kill', begin: 1200, end: 2600 } as const;
    expect(judged([run, fault, ...writes(0)]).filter((what) => what.includes('writes'))).toEqual([
      '3 writes from 0 to 4000 ms, which is less than 1.5 per second',
    ]);
  });
});

describe('a history of 20,000 calls of some ten clients', () => {
  const random = new Random(5);
  const current = new Map<string, Item>();
  const history: CallRecord[] = [];
  const changes: TruthChange[] = [];
  for (let time = 1; time <= 20_000; time++) {
    const key = `k${random.between(0, 9)}`;
    const [from, until] = [time - random.next() * 8, time + random.next() * 8];
    const there = current.get(key);
    if (there && random.isLucky(0.5)) history.push(call(from, until, { op: 'get', key }, ok(there)));
    else {
      const made = item(key, changes.length + 1, `v${time}`);
      const expected = there && { expected: there.revision };
      const asked: Call = { op: there ? 'update' : 'create', ...to(key, made.value), ...expected };
      history.push(call(from, until, asked, random.isLucky(0.02) ? lost : ok(made)));
      changes.push(written(made));
      current.set(key, made);
    }
  }
  const truth: Truth = [{ start: 0, state: [], changes }];
  const stale = [
    ...history,
    get(30_000, history.flatMap(({ outcome }) => ('item' in outcome && outcome.item) || [])[0]!),
  ];

  it('is judged with the truth', () => {
    expect(judge(history, truth)).toMatchObject({ passed: true, figures: { calls: 20_000 } });
    expect(checksOf(stale, truth)).toEqual(['linearizable', 'real-time']);
  });

  it('is judged without it', () => {
    expect(judge(history)).toMatchObject({ passed: true });
    expect(checksOf(stale)).toEqual(['linearizable']);
  });
});
