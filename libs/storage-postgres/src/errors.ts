import { badRequest, StatusError } from '@kubephant/api';
import { DatabaseError } from 'pg';

/** Nothing was done: it may be asked for again. */
export const unavailable = (cause: unknown): StatusError => away(cause, 1);

/**
 * The same to a reader, who has waited already: without Retry-After, which makes clients ask again for minutes before
 * they tell anyone.
 */
export const unreadable = (cause: unknown): StatusError => away(cause);

function away(cause: unknown, retryAfterSeconds?: number): StatusError {
  const known = cause instanceof StatusError ? cause.cause : cause;
  return new StatusError(
    'ServiceUnavailable',
    `${isRolledBack(known) ? 'PostgreSQL refuses' : 'PostgreSQL cannot be reached'}: ${textOf(known)}`,
    retryAfterSeconds === undefined ? undefined : { retryAfterSeconds },
    { cause: known },
  );
}

/** No Retry-After: a client that repeats the request by itself would do it twice. */
export const outcomeUnknown = (cause: unknown): StatusError =>
  new StatusError(
    'Timeout',
    `the outcome of the write is unknown, it may or may not have been made: ${textOf(cause)}`,
    undefined,
    { cause },
  );

const textOf = (cause: unknown): string => (cause instanceof Error ? cause.message : String(cause));

/** The server's own word that the transaction was rolled back. One that is being shut down may say so after the commit. */
export function isRolledBack(err: unknown): err is DatabaseError {
  return err instanceof DatabaseError && err.severity === 'ERROR';
}

/** serialization_failure and deadlock_detected: the same batch may well succeed now. */
export const isTransient = (err: unknown): boolean =>
  isRolledBack(err) && (err.code === '40001' || err.code === '40P01');

/**
 * What is nobody's mistake: read_only_sql_transaction, transaction_rollback, insufficient_resources, a lock that is not
 * to be had, query_canceled (our own timeout), the server in the course of shutting down, and its disk.
 */
const isOverload = (code: string | undefined): boolean =>
  code !== undefined && /^(25006|40|53|55|57014|57P|58)/.test(code);

/** character_not_in_repertoire and untranslatable_character: NUL, which text cannot have. */
const isUnwritable = (code: string | undefined): boolean => code === '22021' || code === '22P05';

/** pg's word for a query that it did not even send. */
const wasNotSent = (err: unknown): boolean => err instanceof Error && err.message.endsWith('is not queryable');

/** What a failed write means to whoever asked for it. */
export function outcomeOf(err: unknown): StatusError {
  if (err instanceof StatusError) return err;
  if (!isRolledBack(err)) return wasNotSent(err) ? unavailable(err) : outcomeUnknown(err);
  if (isUnwritable(err.code)) return badRequest(err.message);
  return isOverload(err.code) ? unavailable(err) : StatusError.from(err);
}

/** A database that cannot be a store's, however long one waits. */
export class UnusableDatabase extends Error {
  override readonly name = 'UnusableDatabase';
}
