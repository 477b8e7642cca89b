import { Client } from './client';
import { runReader } from './reader';
import type { RunTraffic } from './options';
import { labels, newSetting, type Setting } from './setting';
import { runWatcher } from './watcher';
import { runWriter } from './writer';
import type { Revision } from '../subject';

/** See `RunTraffic`. */
export const runTraffic: RunTraffic = async (subjects, options, signal) => {
  const setting = newSetting(subjects, options, signal);
  const { recorder, clock, meter } = setting;
  const { seed, writers, readers, watchers, settleMs } = setting.options;
  const begin = recorder.now();
  const final = Promise.withResolvers<Revision | undefined>();
  const over = new AbortController();
  const many = (count: number, run: (index: number) => Promise<void>): Promise<void>[] =>
    Array.from({ length: count }, (_, index) => run(index));
  const watching = many(watchers, (i) => runWatcher(i, setting, { final: final.promise, over: over.signal }));
  const writing = [
    ...many(writers, (i) => runWriter(`writer-${i}`, setting)),
    ...many(readers, (i) => runReader(`reader-${i}`, setting)),
    ...(options.onThroughput ? [meter.run(clock, options.onThroughput, signal)] : []),
  ];
  await Promise.all(writing);
  recorder.mark({ kind: 'run', seed, servers: subjects.map(({ name }) => name), begin, end: recorder.now() });
  const settled = new AbortController();
  const patience = clock.sleep(settleMs, settled.signal).then(() => over.abort());
  final.resolve(await writeFinally(setting, over.signal));
  await Promise.all(watching);
  settled.abort();
  await patience;
  return recorder.history;
};

/** One last write that every selection sees: the first one enters it or the second one does, or leaves it. */
async function writeFinally(setting: Setting, over: AbortSignal): Promise<Revision | undefined> {
  const client = new Client('closer', setting);
  let revision: Revision | undefined;
  for (const label of labels) revision = await writeSurely(client, label, over);
  if (revision === undefined) return undefined;
  const { recorder } = setting;
  recorder.mark({ kind: 'final', revision, at: recorder.now() });
  return revision;
}

async function writeSurely(client: Client, label: string, over: AbortSignal): Promise<Revision | undefined> {
  const key = 'final';
  while (!over.aborted) {
    const updated = await client.update(key, undefined, client.newState(label));
    const isAbsent = updated.is === 'refused' && updated.reason === 'NotFound';
    const written = isAbsent ? await client.create(key, client.newState(label)) : updated;
    if (written.is === 'ok' && written.item) return written.item.revision;
    await client.setting.clock.sleep(client.random.between(20, 200), over);
  }
  return undefined;
}
