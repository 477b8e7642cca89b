import type { CoreEvent, NewEvent } from './event-types';

/** Names that differ between the two forms; all other fields are the same. */
const renamed = {
  involvedObject: 'regarding',
  message: 'note',
  source: 'deprecatedSource',
  firstTimestamp: 'deprecatedFirstTimestamp',
  lastTimestamp: 'deprecatedLastTimestamp',
  count: 'deprecatedCount',
  reportingComponent: 'reportingController',
} as const satisfies Partial<Record<keyof CoreEvent, keyof NewEvent>>;

const toCore = new Map<string, string>(Object.entries(renamed).map(([core, other]) => [other, core]));
const fromCore = new Map<string, string>(Object.entries(renamed));

const rename = (obj: object, names: ReadonlyMap<string, string>): Record<string, unknown> =>
  Object.fromEntries(Object.entries(obj).map(([key, value]) => [names.get(key) ?? key, value]));

/** Empty strings and zeros that core/v1 writes out and events.k8s.io/v1 leaves out. */
const dropEmpty = (obj: Record<string, unknown>, keys: readonly string[]): void => {
  for (const key of keys) if (!obj[key]) delete obj[key];
};

export function toStored(event: NewEvent): CoreEvent {
  const stored = rename(event, toCore);
  stored['apiVersion'] = 'v1';
  stored['involvedObject'] ??= {};
  stored['reportingComponent'] ??= '';
  stored['reportingInstance'] ??= '';
  return stored as unknown as CoreEvent;
}

export function fromStored(event: CoreEvent): NewEvent {
  const shown = rename(event, fromCore);
  shown['apiVersion'] = 'events.k8s.io/v1';
  dropEmpty(shown, ['reportingController', 'reportingInstance', 'note', 'deprecatedCount']);
  return shown as unknown as NewEvent;
}
