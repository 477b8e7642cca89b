import type { ManagedFieldsEntry } from '@kubephant/api';
import { isObject } from '../patch/json';
import { elements, isEmpty, sorted, union, type FieldSet } from './field-set';
import { readElement } from './path-element';

/** What one manager owns, in the version it last spoke. */
export interface Ownership {
  readonly manager: string;
  readonly operation: 'Apply' | 'Update';
  readonly subresource: string;
  readonly apiVersion: string;
  readonly set: FieldSet;
  /** RFC 3339, whole seconds; absent when the manager never changed a value. */
  readonly time?: string | undefined;
}

/** All owners of an object by {@link identify}. */
export type Managers = ReadonlyMap<string, Ownership>;

type Identity = Omit<Ownership, 'set' | 'time'>;

/** Who an entry belongs to, in the spelling that upstream sorts by. An applier is the same in every version. */
export function identify({ manager, operation, apiVersion, subresource }: Identity): string {
  return JSON.stringify({
    ...(manager && { manager }),
    operation,
    ...(operation === 'Update' && { apiVersion }),
    ...(subresource && { subresource }),
  });
}

/** Reads entries; undefined when one of them is malformed, for then none counts. */
export function readManagers(entries: readonly ManagedFieldsEntry[] | undefined): Managers | undefined {
  const managers = new Map<string, Ownership>();
  for (const entry of entries ?? []) {
    const owner = readEntry(entry);
    if (!owner) return undefined;
    managers.set(identify(owner), owner);
  }
  return managers;
}

function readEntry(entry: unknown): Ownership | undefined {
  if (!isObject(entry)) return undefined;
  const {
    manager = '',
    operation,
    apiVersion,
    fieldsType,
    fieldsV1,
    subresource = '',
    time,
  } = entry as ManagedFieldsEntry;
  if ((operation !== 'Apply' && operation !== 'Update') || !apiVersion || fieldsType !== 'FieldsV1') return undefined;
  const set = readSet(fieldsV1, 0);
  return set && { manager, operation, subresource, apiVersion, set, time };
}

/** Objects nest no deeper than this; neither do sets of their paths. */
const maxDepth = 200;

/** A set in canonical spelling; the very object when it is so already. */
function readSet(value: unknown, depth: number): FieldSet | undefined {
  if (!isObject(value) || depth > maxDepth) return undefined;
  let copy: Record<string, FieldSet> | undefined;
  for (const key of Object.keys(value)) {
    // Whatever a mark holds, it is a mark.
    const element = key === '.' ? key : readElement(key);
    const below = key === '.' ? readMark(value[key]) : readSet(value[key], depth + 1);
    if (element === undefined || !below) return undefined;
    if (element === key && below === value[key]) continue;
    copy ??= { ...(value as FieldSet) };
    Reflect.deleteProperty(copy, key);
    copy[element] = below;
  }
  return copy ?? (value as FieldSet);
}

const readMark = (value: unknown): FieldSet =>
  isObject(value) && isEmpty(value as FieldSet) ? (value as FieldSet) : {};

/** `managedFields: [{}]` asks to forget all owners. */
export function isReset(entries: readonly ManagedFieldsEntry[] | undefined): boolean {
  return entries?.length === 1 && isObject(entries[0]) && Object.keys(entries[0]).length === 0;
}

const seconds = (time: string | undefined): number => (time === undefined ? 0 : Math.floor(Date.parse(time) / 1000));

const compareText = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);

function compareOwners(a: Ownership, b: Ownership): number {
  return (
    compareText(a.operation, b.operation) ||
    seconds(a.time) - seconds(b.time) ||
    compareText(a.manager, b.manager) ||
    compareText(a.apiVersion, b.apiVersion) ||
    compareText(a.subresource, b.subresource)
  );
}

/** The entries as they are stored; undefined when nobody owns anything. */
export function writeManagers(managers: Managers): ManagedFieldsEntry[] | undefined {
  if (managers.size === 0) return undefined;
  return [...managers.values()]
    .sort(compareOwners)
    .map(({ manager, operation, apiVersion, time, set, subresource }) => ({
      ...(manager && { manager }),
      operation,
      apiVersion,
      ...(time !== undefined && { time }),
      fieldsType: 'FieldsV1',
      fieldsV1: sorted(set),
      ...(subresource && { subresource }),
    }));
}

/** Managers of `Update` beyond this many are folded into one, oldest first. */
const maxUpdaters = 10;

/** Folds the oldest updaters of one version into `ancient-changes` until there are no more than ten. */
export function capUpdaters(managers: Managers): Managers {
  const updaters = [...managers].filter(([, { operation }]) => operation === 'Update');
  if (updaters.length <= maxUpdaters) return managers;
  updaters.sort(([a, left], [b, right]) => seconds(left.time) - seconds(right.time) || compareText(a, b));
  const capped = new Map(managers);
  const firstOfVersion = new Map<string, string>();
  let count = updaters.length;
  for (const [id, owner] of updaters) {
    if (count <= maxUpdaters) break;
    const first = firstOfVersion.get(owner.apiVersion);
    if (first === undefined) firstOfVersion.set(owner.apiVersion, id);
    else {
      fold(capped, first, owner);
      capped.delete(id);
      count--;
    }
  }
  return capped;
}

/** The younger of two folded changes gives its time. */
function fold(managers: Map<string, Ownership>, first: string, owner: Ownership): void {
  const ancient: Ownership = { ...owner, manager: 'ancient-changes', operation: 'Update', subresource: '' };
  const bucket = identify(ancient);
  const older = managers.get(bucket) ?? managers.get(first);
  if (!managers.has(bucket)) managers.delete(first);
  managers.set(bucket, { ...ancient, set: union(owner.set, older?.set ?? {}) });
}

export function withoutEmpty(managers: Managers): Managers {
  return new Map([...managers].filter(([, { set }]) => elements(set).length > 0 && !isEmpty(set)));
}
