import { is } from '@kubephant/api';
import type { Store } from '@kubephant/storage';
import { failureOf, keyOf, mustHold } from '@kubephant/storage/testing';
import { textOf } from './during';

/** A write that cannot be made now is ServiceUnavailable, made by nobody, and free to be made later. */
export async function mustBeUnavailable(store: Store, name: string, writing: Promise<unknown>): Promise<void> {
  const failure = await failureOf(writing);
  mustHold(is('ServiceUnavailable', failure), `the writer was told ${textOf(failure)}`);
  const found = await failureOf(store.get(keyOf(name), 0));
  mustHold(is('NotFound', found), 'what was refused was made');
}
