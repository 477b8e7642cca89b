import type { Outcome } from '../history';
import type { Item } from '../subject';
import { Client } from './client';
import type { Setting } from './setting';

/** Nine of ten writes are optimistic updates, half of them on a state that may be long gone. */
export async function runWriter(name: string, setting: Setting): Promise<void> {
  const { clock, options, keys, closing } = setting;
  const client = new Client(name, setting);
  const known = new Map<string, Item>();
  while (!closing.aborted) {
    const key = client.random.pick(keys);
    remember(known, key, await writeOnce(client, key, known.get(key)));
    await clock.sleep(client.random.next() * 2 * options.pauseMs, closing);
  }
}

async function writeOnce(client: Client, key: string, known: Item | undefined): Promise<Outcome> {
  const dice = client.random.between(1, 100);
  if (dice > 96) return client.update(key);
  if (dice > 93) return client.create(key);
  if (dice > 90) return client.delete(key, client.random.isLucky(0.5) ? known?.revision : undefined);
  const isTrusting = client.random.isLucky(0.5);
  if (known && isTrusting) return client.update(key, known.revision);
  const read = await client.get(key);
  if (read.is === 'ok' && read.item) return client.update(key, read.item.revision);
  return read.is === 'refused' ? client.create(key) : read;
}

function remember(known: Map<string, Item>, key: string, outcome: Outcome): void {
  if (outcome.is === 'ok' && outcome.item) known.set(key, outcome.item);
  else known.delete(key);
}
