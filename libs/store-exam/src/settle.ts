import type { CallRecord } from './history';
import type { Meanings } from './meanings';
import type { Revision } from './subject';

/** Whether and where a write took effect. A revision that nobody learned is absent. */
export type Settled =
  { readonly is: 'done'; readonly revision?: Revision } | { readonly is: 'never' } | { readonly is: 'perhaps' };

/**
 * Settles a create or an update. One whose outcome the client does not know is looked up by its value, which names it;
 * what is not found never happened, if all that happened is known of.
 */
export function settleWrite({ call, outcome }: CallRecord, meanings: Meanings, isAllKnown: boolean): Settled {
  if (outcome.is === 'refused' || outcome.is === 'failed') return { is: 'never' };
  if (outcome.is === 'ok') return { is: 'done', ...(outcome.item && { revision: outcome.item.revision }) };
  const value = call.op === 'create' || call.op === 'update' ? call.value : '';
  const [revision] = meanings.revisionsOf(value);
  if (revision !== undefined) return { is: 'done', revision };
  return isAllKnown ? { is: 'never' } : { is: 'perhaps' };
}
