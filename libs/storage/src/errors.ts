import { StatusError, conflict, expired, is } from '@kubephant/api';
import { groupResourceOf } from './keys';
import type { Revision, StoreKey } from './store';

/** [apiserver storage/errors.go NewTooLargeResourceVersionError] */
export const tooLarge = (asked: Revision, current: Revision): StatusError =>
  new StatusError('Timeout', `Timeout: Too large resource version: ${asked}, current: ${current}`, {
    retryAfterSeconds: 1,
    causes: [{ reason: 'ResourceVersionTooLarge', message: 'Too large resource version' }],
  });

/** Who holds a continue token has seen its revision: if it does not come, trying again is no use. */
export function refuseForGood(err: unknown): never {
  if (!is('Timeout', err)) throw err;
  const { causes } = err.status.details ?? {};
  throw new StatusError('Timeout', err.message, causes && { causes }, { cause: err });
}

/** A watch from a revision whose history is gone. */
export const tooOld = (asked: Revision, oldest: Revision): StatusError =>
  expired(`too old resource version: ${asked} (${oldest})`);

/** An exact list at a revision whose history is gone. */
export const listExpired = (): StatusError => expired('The resourceVersion for the provided list is too old.');

const inconsistentContinue =
  'The provided continue parameter is too old to display a consistent list result. You can start a new list without ' +
  'the continue parameter, or use the continue token in this response to retrieve the remainder of the results. ' +
  'Continuing with the provided token results in an inconsistent list - objects that were created, modified, or ' +
  'deleted between the time the first chunk was returned and now may show up in the list.';

/** The 410 of a paged list carries a token that goes on from the same place at the latest state. */
export function continueExpired(freshToken: string): StatusError {
  const { status } = expired(inconsistentContinue);
  return StatusError.fromStatus({ ...status, metadata: { continue: freshToken } });
}

export const slowReader = (): StatusError => expired('the watch was closed because its reader was too slow');

/** The store has lost touch with its history and starts over from the state; watchers have to do the same. */
export const historyLost = (): StatusError => expired('the history of changes was lost, list again');

/** A lost precondition on deletion, in upstream's words [apiserver registry/rest/delete.go]. */
export function preconditionFailed(
  key: StoreKey,
  field: 'UID' | 'ResourceVersion',
  asked: string,
  found: string,
): StatusError {
  const why = field === 'UID' ? 'deleted and then recreated' : 'modified';
  return conflict(
    groupResourceOf(key.resource),
    key.name,
    `the ${field} in the precondition (${asked}) does not match the ${field} in record (${found}). The object might have been ${why}`,
  );
}
