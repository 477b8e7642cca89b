import { Client } from './client';
import { labels, type Setting } from './setting';

/** Reads single objects and whole lists, in pages of all sizes. */
export async function runReader(name: string, setting: Setting): Promise<void> {
  const { clock, options, keys, closing } = setting;
  const client = new Client(name, setting);
  const { random } = client;
  while (!closing.aborted) {
    if (random.isLucky(0.7)) await client.get(random.pick(keys));
    else await client.list(random.between(0, 4), random.isLucky(0.3) ? random.pick(labels) : undefined);
    await clock.sleep(random.next() * 2 * options.pauseMs, closing);
  }
}
