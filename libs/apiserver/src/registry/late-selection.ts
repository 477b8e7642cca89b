import { matchesFields, type FieldSelector, type KubeObject } from '@kubephant/api';
import type { Stored, StoreEvent, Watch } from '@kubephant/storage';
import { servedAll, servedObject, type Resource, type Served } from './resource';

/**
 * The part of a field selector that a store cannot look for: the fields of a version that a webhook makes of what is
 * stored are in no stored object.
 */
export function lateFields({ conversion }: Resource, fields: FieldSelector = []): FieldSelector {
  return conversion?.asksWebhook ? fields.filter(({ path }) => !inEveryVersion.has(path)) : [];
}

const inEveryVersion: ReadonlySet<string> = new Set(['metadata.name', 'metadata.namespace']);

/** The objects that have the fields, with what they were made of. */
export async function selectLate(
  resource: Resource,
  fields: FieldSelector,
  stored: readonly Stored[],
): Promise<readonly Selected[]> {
  const items = await servedAll(resource, stored);
  const pairs = stored.map((from, index) => ({ stored: from, served: items[index] ?? from }));
  return pairs.filter(({ served }) => has(resource, fields, served.object));
}

export interface Selected {
  readonly stored: Stored;
  readonly served: Served;
}

const has = (resource: Resource, fields: FieldSelector, object: KubeObject): boolean =>
  matchesFields(fields, (path) => resource.fields.get(path)?.(object));

type Change = Exclude<StoreEvent, { type: 'BOOKMARK' }>;

/**
 * A watch as one sees it who selects by such fields: an object that comes to have them is ADDED, one that has them no
 * longer is DELETED with the last state that had. `before` are the objects that had them when it began.
 */
export async function* watchLate(
  resource: Resource,
  fields: FieldSelector,
  events: Watch,
  before: () => Promise<readonly Stored[]>,
): AsyncGenerator<readonly StoreEvent[]> {
  const seen = new Map<string, Served>();
  const keyOf = ({ key }: Stored): string => `${key.namespace}/${key.name}`;
  for (const { stored, served } of await selectLate(resource, fields, await before())) seen.set(keyOf(stored), served);
  for await (const batch of events) {
    const changes = batch.filter((event): event is Change => event.type !== 'BOOKMARK').map(({ stored }) => stored);
    const items = (await servedAll(resource, changes)).values();
    const told = batch.flatMap((event): readonly StoreEvent[] => {
      if (event.type === 'BOOKMARK') return [event];
      const [key, served] = [keyOf(event.stored), items.next().value ?? event.stored];
      const last = seen.get(key);
      if (event.type !== 'DELETED' && has(resource, fields, served.object)) {
        seen.set(key, served);
        return [{ ...event, type: last ? 'MODIFIED' : 'ADDED' }];
      }
      seen.delete(key);
      return last ? [{ ...event, type: 'DELETED', stored: leaving(event, last) }] : [];
    });
    if (told.length > 0) yield told;
  }
}

/** The last state that was selected, at the revision of the change that ended it. */
function leaving({ stored, revision }: Change, last: Served): Stored {
  const { object } = last;
  const metadata = { ...object.metadata, resourceVersion: String(revision) };
  const { key, createdRevision } = stored;
  const made = servedObject({ ...object, metadata });
  return {
    key,
    revision,
    createdRevision,
    object: made.object,
    get json() {
      return made.json;
    },
  };
}
