import { Random } from '../random';
import type { Item, Page, Revision, Subject, SubjectEvent, WatchRequest } from '../subject';
import type { Check } from '../verdict';

/** A server with one thing wrong with it, and the check that has to say so. */
export interface Bug {
  readonly name: string;
  readonly caughtBy: Check;
  /** It shows when the database fails over and loses so many changes. */
  readonly lost?: number;
  readonly plant: (server: Subject, random: Random) => Partial<Subject>;
}

type Events = AsyncIterable<SubjectEvent>;
type Changed = Extract<SubjectEvent, { readonly item: Item }>;

const isChange = (event: SubjectEvent): event is Changed => 'item' in event;

/** What happens to the changes of watches that began at a revision: initial events are left alone. */
const changed = (
  twist: (event: SubjectEvent, random: Random, request: WatchRequest) => readonly SubjectEvent[],
): Bug['plant'] => {
  return (server, random) => ({
    async *watch(request, signal): Events {
      let hasState = !request.initialEvents;
      for await (const event of server.watch(request, signal)) {
        yield* hasState ? twist(event, random, request) : [event];
        if (event.type === 'BOOKMARK' && event.initialEventsEnd) hasState = true;
      }
    },
  });
};

/** Holds one event back now and then, and lets it go with the next of its kind. */
const heldBack = (
  isHeld: (event: SubjectEvent) => boolean,
  release: (held: SubjectEvent, event: SubjectEvent) => readonly SubjectEvent[] | undefined,
): Bug['plant'] => {
  return (server, random) => ({
    async *watch(request, signal): Events {
      let held: SubjectEvent | undefined;
      let hasState = !request.initialEvents;
      for await (const event of server.watch(request, signal)) {
        const released = held && release(held, event);
        if (released) {
          yield* released;
          held = undefined;
        } else if (hasState && !held && isHeld(event) && random.isLucky(0.05)) held = event;
        else yield event;
        if (event.type === 'BOOKMARK' && event.initialEventsEnd) hasState = true;
      }
    },
  });
};

/** Remembers what was read, and sometimes gives the old answer. */
const remembered = (chance: number): Bug['plant'] => {
  const gets = new Map<string, Item>();
  const lists = new Map<string, Page>();
  return (server, random) => ({
    async get(key) {
      const old = gets.get(key);
      if (old && random.isLucky(chance)) return old;
      const item = await server.get(key);
      gets.set(key, item);
      return item;
    },
    async list(request) {
      const question = JSON.stringify(request);
      const old = lists.get(question);
      if (old && !request.continue && random.isLucky(chance)) return old;
      const page = await server.list(request);
      if (!page.continue) lists.set(question, page);
      return page;
    },
  });
};

const dropped = (chance: number) =>
  changed((event, random) => (isChange(event) && random.isLucky(chance) ? [] : [event]));

/** Answers a write with success, and forgets it. */
const lostWrite: Bug['plant'] = (server, random) => ({
  async update(key, state, expected) {
    if (!random.isLucky(0.02)) return server.update(key, state, expected);
    const { revision } = await server.get(key);
    return { key, ...state, revision: revision + 1 };
  },
});

/** Takes a lost race for a failure that one may try again. */
const overwritten: Bug['plant'] = (server) => ({
  async update(key, state, expected) {
    try {
      return await server.update(key, state, expected);
    } catch {
      return await server.update(key, state);
    }
  },
});

/** Does not hear that the write succeeded, and sends it again. */
const retried: Bug['plant'] = (server, random) => ({
  async create(key, state) {
    const item = await server.create(key, state);
    return random.isLucky(0.3) ? server.create(key, state) : item;
  },
});

/** Writes twice what it was asked to write once. */
const doubled: Bug['plant'] = (server, random) => ({
  async update(key, state, expected) {
    const item = await server.update(key, state, expected);
    if (!random.isLucky(0.05)) return item;
    await server.update(key, { ...state, value: `${state.value}?` });
    return server.update(key, state);
  },
});

/** Later pages come from the state as it is by then, under the revision of the first one. */
const mixedList: Bug['plant'] = (server) => {
  const begun = new Map<string, Page>();
  return {
    async list(request) {
      const first = request.continue === undefined ? undefined : begun.get(request.continue);
      const { continue: token, limit: _, ...rest } = request;
      if (!first) {
        const page = await server.list(request);
        if (page.continue) begun.set(page.continue, page);
        return page;
      }
      begun.delete(token ?? '');
      const after = first.items.at(-1)?.key ?? '';
      const { items } = await server.list(rest);
      return { revision: first.revision, items: items.filter(({ key }) => key > after) };
    },
  };
};

const from =
  (after: (asked: Revision) => Revision): Bug['plant'] =>
  (server) => ({
    watch: (request, signal) =>
      server.watch(request.after ? { ...request, after: Math.max(1, after(request.after)) } : request, signal),
  });

/** Initial events of another moment than their bookmark says. */
const staleInitial: Bug['plant'] = (server, random) => ({
  async *watch(request, signal): Events {
    let hasState = !request.initialEvents;
    for await (const event of server.watch(request, signal)) {
      if (hasState || !isChange(event) || !random.isLucky(0.5)) yield event;
      if (event.type === 'BOOKMARK' && event.initialEventsEnd) hasState = true;
    }
  },
});

/** Does not tell that the history is gone, and goes on with what comes now. */
const neverExpiring: Bug['plant'] = (server) => ({
  async *watch(request, signal): Events {
    try {
      yield* server.watch(request, signal);
    } catch {
      let hasState = false;
      for await (const event of server.watch({ bookmarks: true, initialEvents: true }, signal)) {
        if (hasState) yield event;
        if (event.type === 'BOOKMARK') hasState = true;
      }
    }
  },
});

/** Forgets a deletion that it has answered with success. */
const lostDeletion: Bug['plant'] = (server, random) => ({
  async delete(key, expected) {
    if (random.isLucky(0.7)) return server.delete(key, expected);
    await server.get(key);
    return undefined;
  },
});

/** After some calls, none is answered any more. */
const stalled: Bug['plant'] = (server) => {
  let left = 200;
  const never = new Promise<never>(() => undefined);
  return {
    create: (key, state) => (left-- > 0 ? server.create(key, state) : never),
    update: (key, state, expected) => (left-- > 0 ? server.update(key, state, expected) : never),
    delete: (key, expected) => (left-- > 0 ? server.delete(key, expected) : never),
  };
};

export const bugs: readonly Bug[] = [
  { name: 'a dropped event', caughtBy: 'watch-complete', plant: dropped(0.02) },
  {
    name: 'a dropped event, and what replaying makes of it',
    caughtBy: 'replay',
    plant: dropped(0.02),
  },
  {
    name: 'a reordered pair',
    caughtBy: 'watch-order',
    plant: heldBack(isChange, (held, event) => (isChange(event) ? [event, held] : undefined)),
  },
  {
    name: 'a duplicated event',
    caughtBy: 'watch-unique',
    plant: changed((event, random) => (isChange(event) && random.isLucky(0.02) ? [event, event] : [event])),
  },
  {
    name: 'a bookmark that overtakes an event',
    caughtBy: 'watch-bookmark',
    plant: heldBack(isChange, (held, event) => (event.type === 'BOOKMARK' ? [event, held] : [held, event])),
  },
  { name: 'a stale read, seen by its key', caughtBy: 'linearizable', plant: remembered(0.02) },
  { name: 'a stale read, seen across keys', caughtBy: 'real-time', plant: remembered(0.02) },
  { name: 'a lost write', caughtBy: 'effect', plant: lostWrite },
  { name: 'a lost deletion', caughtBy: 'effect', plant: lostDeletion },
  { name: 'a lost update', caughtBy: 'linearizable', plant: overwritten },
  { name: 'a write retried silently, and refused the second time', caughtBy: 'effect', plant: retried },
  { name: 'a write done twice', caughtBy: 'effect', plant: doubled },
  {
    name: 'a wrong event type on leaving a selection',
    caughtBy: 'watch-event',
    plant: changed((event, random, { selector }) =>
      event.type === 'DELETED' && selector && random.isLucky(0.1) ? [{ ...event, type: 'MODIFIED' }] : [event],
    ),
  },
  {
    name: 'a deletion with the state of another time',
    caughtBy: 'watch-event',
    plant: changed((event, random) =>
      event.type === 'DELETED' && random.isLucky(0.1)
        ? [{ ...event, item: { ...event.item, value: 'something else' } }]
        : [event],
    ),
  },
  { name: 'a list that mixes two states', caughtBy: 'list', plant: mixedList },
  { name: 'a resume that skips', caughtBy: 'watch-resume', plant: from((asked) => asked + 3) },
  { name: 'a resume that repeats', caughtBy: 'watch-resume', plant: from((asked) => asked - 3) },
  { name: 'initial events with something missing', caughtBy: 'watch-initial', plant: staleInitial },
  {
    name: 'a revision with two meanings',
    caughtBy: 'meaning',
    plant: changed((event, random) =>
      event.type === 'MODIFIED' && random.isLucky(0.02)
        ? [{ ...event, item: { ...event.item, label: 'green' } }]
        : [event],
    ),
  },
  { name: 'a watch that never expires', caughtBy: 'watch-resume', plant: neverExpiring },
  { name: 'a watch that survives a failover', caughtBy: 'failover', plant: neverExpiring, lost: 12 },
  { name: 'a stalled store', caughtBy: 'throughput', plant: stalled },
];

/** The server with the bug: what is not wrong is as before. */
export function withBug({ plant }: Bug, server: Subject, seed: number): Subject {
  const planted = plant(server, new Random(seed, server.name));
  return {
    name: server.name,
    create: (key, state) => (planted.create ?? server.create.bind(server))(key, state),
    update: (key, state, expected) => (planted.update ?? server.update.bind(server))(key, state, expected),
    delete: (key, expected) => (planted.delete ?? server.delete.bind(server))(key, expected),
    get: (key) => (planted.get ?? server.get.bind(server))(key),
    list: (request) => (planted.list ?? server.list.bind(server))(request),
    watch: (request, signal) => (planted.watch ?? server.watch.bind(server))(request, signal),
  };
}
