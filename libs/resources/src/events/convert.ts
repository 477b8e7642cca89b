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
const leftOut = new Set(['reportingController', 'reportingInstance', 'note', 'deprecatedCount']);

export function toStored(event: NewEvent): CoreEvent {
  const stored = { involvedObject: {}, reportingComponent: '', reportingInstance: '', ...rename(event, toCore) };
  return { ...stored, apiVersion: 'v1' } as unknown as CoreEvent;
}

export function fromStored(event: CoreEvent): NewEvent {
  const shown = Object.entries(rename(event, fromCore)).filter(([key, value]) => value || !leftOut.has(key));
  return { ...Object.fromEntries(shown), apiVersion: 'events.k8s.io/v1' } as unknown as NewEvent;
}
