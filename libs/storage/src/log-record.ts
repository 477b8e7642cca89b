import type { LogRecord, Mutation } from './log';
import type { Revision } from './store';

/** The record of a mutation that won. */
export function newRecord({ key, value, final }: Mutation, revision: Revision, createdRevision: Revision): LogRecord {
  const state = value ?? final;
  return { revision, key, createdRevision, deleted: value === undefined, ...(state !== undefined && { value: state }) };
}

/** What the states of records take. */
export function bytesOf(records: readonly LogRecord[]): number {
  let bytes = 0;
  for (const { value } of records) bytes += value?.length ?? 0;
  return bytes;
}
