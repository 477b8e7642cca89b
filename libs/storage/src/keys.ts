import { badRequest, type GroupResource } from '@kubephant/api';
import type { Revision, StoreKey } from './store';

const beyondAscii = /[^\0-\x7f]/;

/** A string whose natural order is the bytewise order of `text` in UTF-8: one code unit per byte. */
export function sortable(text: string): string {
  return beyondAscii.test(text) ? Buffer.from(text, 'utf8').toString('latin1') : text;
}

/** Identity and order of an object within its resource: `namespace/name`, or the name alone. */
export function idOf({ namespace, name }: Pick<StoreKey, 'namespace' | 'name'>): string {
  return sortable(namespace ? `${namespace}/${name}` : name);
}

/** `deployments.apps` → deployments in apps. */
export function groupResourceOf(resource: string): GroupResource {
  const dot = resource.indexOf('.');
  return dot < 0 ? { group: '', resource } : { group: resource.slice(dot + 1), resource: resource.slice(0, dot) };
}

/** Refuses what is no position in the sequence of revisions, before it is compared with one. */
export function checkRevision(revision: Revision | undefined): void {
  if (revision === undefined || (Number.isSafeInteger(revision) && revision >= 0)) return;
  throw badRequest(`invalid resource version: ${revision}`);
}
