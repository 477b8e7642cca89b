import { onAbort } from '@kubephant/base';
import type { WatchRecord } from '../history';
import type { Revision, WatchRequest } from '../subject';
import { Client } from './client';
import { labels, type Setting } from './setting';
import { recordWatch, resumption } from './watching';

/** How a watcher comes to its first state; `around` has none, and opens watches wherever it likes. */
type Role = { readonly begin: 'list' | 'initial' | 'around'; readonly selector?: string };

const roles: readonly Role[] = [
  { begin: 'list' },
  { begin: 'initial' },
  { begin: 'list', selector: labels[0] },
  { begin: 'initial', selector: labels[1] },
  { begin: 'around' },
  { begin: 'around' },
];

/** The last write, once it is known; and when even that has had its time. */
export interface Closing {
  readonly final: Promise<Revision | undefined>;
  readonly over: AbortSignal;
}

/** Resumptions are worth more than beginnings, but both have to be seen. */
const chanceToBeginAgain = 0.25;

interface Start {
  readonly request: WatchRequest;
  readonly follows?: number;
}

/**
 * Watches, breaks off, and goes on from where it was on any server; lists again when it is told to. In the end it stays
 * until it has heard of the last write.
 */
export async function runWatcher(index: number, setting: Setting, closing: Closing): Promise<void> {
  const client = new Client(`watcher-${index}`, setting);
  const role = roles[index % roles.length] as Role;
  if (role.begin === 'around') await runAround(client);
  else await runTable(client, role, closing);
}

async function runTable(client: Client, role: Role, { final, over }: Closing): Promise<void> {
  const { setting, random } = client;
  const { clock } = setting;
  const done = new AbortController();
  using _ = onAbort(over, () => done.abort());
  const goal: { revision: Revision } = { revision: Infinity };
  let last: WatchRecord | undefined;
  let position = 0;
  const check = (): void => {
    if (position >= goal.revision) done.abort();
  };
  const knowing = final.then((revision = Infinity) => {
    goal.revision = revision;
    check();
  });
  while (!done.signal.aborted) {
    const isPatient = !random.isLucky(chanceToBeginAgain);
    const start = (last && isPatient && resume(last, role)) || (await begin(client, role));
    if (!start) {
      await clock.sleep(random.between(20, 200), done.signal);
      continue;
    }
    position = start.request.after ?? 0;
    last = await watchForAWhile(client, start, done.signal, (revision) => {
      position = Math.max(position, revision);
      check();
    });
    if (last.end.is !== 'stopped') await clock.sleep(random.between(5, 50), done.signal);
  }
  await knowing;
}

function resume(last: WatchRecord, { selector }: Role): Start | undefined {
  const from = resumption(last);
  if (!from) return undefined;
  return { request: { after: from.after, bookmarks: true, ...(selector && { selector }) }, follows: from.follows };
}

async function begin(client: Client, { begin: how, selector }: Role): Promise<Start | undefined> {
  const common = { bookmarks: true, ...(selector && { selector }) };
  if (how === 'initial') return { request: { ...common, initialEvents: true } };
  const listing = await client.list(client.random.between(0, 4), selector);
  return listing && { request: { ...common, after: listing.revision }, follows: listing.first };
}

/** Opens watches 100 revisions before now to 100 after it. */
async function runAround(client: Client): Promise<void> {
  const { setting, random } = client;
  const { closing, clock, newest } = setting;
  while (!closing.aborted) {
    const after = Math.max(1, newest.revision + random.between(-100, 100));
    const selector = random.isLucky(0.5) ? random.pick(labels) : undefined;
    const request = { after, bookmarks: random.isLucky(0.5), ...(selector && { selector }) };
    await watchForAWhile(client, { request }, closing);
    await clock.sleep(random.between(5, 50), closing);
  }
}

/** Until the watch has had its life, or `until` aborts. */
async function watchForAWhile(
  client: Client,
  start: Start,
  until: AbortSignal,
  onPosition: (revision: Revision) => void = () => undefined,
): Promise<WatchRecord> {
  const { clock, options } = client.setting;
  const life = new AbortController();
  const ended = new AbortController();
  using _ = onAbort(until, () => life.abort());
  const dying = clock
    .sleep(options.watchMs * (0.1 + 0.9 * client.random.next()), ended.signal)
    .then(() => life.abort());
  try {
    return await recordWatch(client, client.anyServer(), start, { signal: life.signal, onPosition });
  } finally {
    ended.abort();
    await dying;
  }
}
