import { newGroup } from '@kubephant/base';
import type { Revision } from '../subject';
import { Client } from './client';
import type { RunTraffic } from './options';
import { runReader } from './reader';
import { labels, newSetting, type Setting } from './setting';
import { runWatcher } from './watcher';
import { runWriter } from './writer';

/** See `RunTraffic`. */
export const runTraffic: RunTraffic = async (subjects, options, signal) => {
  const writing = newGroup(signal);
  const watching = newGroup();
  const setting = newSetting(subjects, options, writing.signal);
  const { recorder, clock, meter } = setting;
  const { seed, writers, readers, watchers } = setting.options;
  const { onThroughput } = options;
  const begin = recorder.now();
  const final = Promise.withResolvers<Revision | undefined>();
  for (let i = 0; i < watchers; i++) {
    watching.go(`watcher-${i}`, (over) => runWatcher(i, setting, { final: final.promise, over }));
  }
  for (let i = 0; i < writers; i++) writing.go(`writer-${i}`, () => runWriter(`writer-${i}`, setting));
  for (let i = 0; i < readers; i++) writing.go(`reader-${i}`, () => runReader(`reader-${i}`, setting));
  if (onThroughput) writing.go('meter', (stop) => meter.run(clock, onThroughput, stop));
  try {
    await writing.wait();
    recorder.mark({ kind: 'run', seed, servers: subjects.map(({ name }) => name), begin, end: recorder.now() });
    await settle(setting, final.resolve, () => watching.wait());
  } finally {
    watching.stop();
    final.resolve(undefined);
    await watching.wait();
  }
  return recorder.history;
};

/** Writes once more, and gives the watches a while to tell of it. */
async function settle(
  setting: Setting,
  tell: (final: Revision | undefined) => void,
  heard: () => Promise<void>,
): Promise<void> {
  const { clock, options } = setting;
  const settled = new AbortController();
  const over = new AbortController();
  const patience = clock.sleep(options.settleMs, settled.signal).then(() => over.abort());
  const telling = writeFinally(setting, over.signal).then(tell);
  await Promise.race([patience, telling.then(heard)]);
  settled.abort();
  await Promise.all([patience, telling]);
}

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
