import type { KeyColumns } from '../rows';

/** Where the sequence is: changes after `compacted`, up to `latest`, are remembered. */
export interface Position {
  readonly latest: number;
  readonly compacted: number;
}

/** A row of the state. Checksums are decimal texts: they have 64 bits. */
export interface ObjectFacts extends KeyColumns {
  readonly created_revision: number;
  readonly revision: number;
  readonly data: string;
  /** As of the write; null when it was written before there were any. */
  readonly checksum: string | null;
  /** Of `data` as it is now. */
  readonly actual: string;
}

/** A row of the log, without the state that it carries. */
export interface ChangeFacts extends KeyColumns {
  readonly revision: number;
  readonly created_revision: number;
  readonly deleted: boolean;
  readonly previous_revision: number | null;
  readonly previous_created_revision: number | null;
  readonly checksum: string | null;
  readonly previous_checksum: string | null;
  /** Of the state before the change as it is now; null when there is none. */
  readonly previous_actual: string | null;
  readonly has_final: boolean;
}

const checksumOf = (column: string): string => `hashtextextended(${column}::text COLLATE "C", 0)::text`;

export const objectFacts = `
  SELECT resource, namespace, name, created_revision, revision, data, checksum::text AS checksum,
    ${checksumOf('data')} AS actual
  FROM objects ORDER BY resource, namespace, name`;

export const changeFacts = (after: number): string => `
  SELECT resource, namespace, name, revision, created_revision, deleted, previous_revision, previous_created_revision,
    checksum::text AS checksum, previous_checksum::text AS previous_checksum, final IS NOT NULL AS has_final,
    ${checksumOf('previous')} AS previous_actual
  FROM log WHERE revision > ${after} ORDER BY resource, namespace, name, revision`;

export const nameOf = ({ resource, namespace, name }: KeyColumns): string =>
  [resource, ...(namespace === '' ? [] : [namespace]), name].join('/');

/** As "C" sorts: by bytes. */
export function compareKeys(a: KeyColumns, b: KeyColumns): number {
  return bytewise(a.resource, b.resource) || bytewise(a.namespace, b.namespace) || bytewise(a.name, b.name);
}

/** Text in JavaScript is in the order of its bytes in UTF-8, up to where surrogates begin. */
const unlikeBytes = /[\ud800-\uffff]/;

function bytewise(a: string, b: string): number {
  if (a === b) return 0;
  if (unlikeBytes.test(a) || unlikeBytes.test(b)) return Buffer.compare(Buffer.from(a), Buffer.from(b));
  return a < b ? -1 : 1;
}
