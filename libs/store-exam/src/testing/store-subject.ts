import { fromSet, type KubeObject } from '@kubephant/api';
import type { Store, StoreEvent, Stored, StoreKey } from '@kubephant/storage';
import { podOf } from '@kubephant/storage/testing';
import type { Item, ListRequest, Page, Revision, State, Subject, SubjectEvent, WatchRequest } from '../subject';

const resource = 'pods';
const namespace = 'exam';
const labelKey = 'colour';

interface Marked extends KubeObject {
  readonly data?: { readonly value?: string };
}

const keyOf = (name: string): StoreKey => ({ resource, namespace, name });

const podWith = (key: string, { value, label }: State): KubeObject =>
  podOf(key, { data: { value }, labels: { [labelKey]: label } });

export function stateOf({ metadata, ...rest }: KubeObject): State {
  return { value: (rest as Marked).data?.value ?? '', label: metadata.labels?.[labelKey] ?? '' };
}

const itemOf = ({ key, revision, object }: Stored): Item => ({ key: key.name, revision, ...stateOf(object) });

const selectionOf = (selector: string | undefined): { selection?: { labels: ReturnType<typeof fromSet> } } =>
  selector === undefined ? {} : { selection: { labels: fromSet({ [labelKey]: selector }) } };

const preconditions = (expected: Revision | undefined): { preconditions?: { resourceVersion: string } } =>
  expected === undefined ? {} : { preconditions: { resourceVersion: String(expected) } };

/** A store as the subject of an exam, without a server around it. */
export class StoreSubject implements Subject {
  readonly name: string;
  readonly #store: Store;

  constructor(name: string, store: Store) {
    this.name = name;
    this.#store = store;
  }

  async create(key: string, state: State): Promise<Item> {
    return itemOf(await this.#store.create(keyOf(key), podWith(key, state)));
  }

  async update(key: string, state: State, expected?: Revision): Promise<Item> {
    const change = (): { to: KubeObject } => ({ to: podWith(key, state) });
    return itemOf((await this.#store.guaranteedUpdate(keyOf(key), change, preconditions(expected))).stored);
  }

  async delete(key: string, expected?: Revision): Promise<Revision> {
    return (await this.#store.delete(keyOf(key), preconditions(expected))).revision;
  }

  async get(key: string): Promise<Item> {
    return itemOf(await this.#store.get(keyOf(key)));
  }

  async list({ selector, ...page }: ListRequest): Promise<Page> {
    const {
      revision,
      items,
      continue: next,
    } = await this.#store.list({
      resource,
      namespace,
      ...page,
      ...selectionOf(selector),
    });
    return { revision, items: items.map(itemOf), ...(next && { continue: next }) };
  }

  async *watch({ selector, ...request }: WatchRequest, signal: AbortSignal): AsyncIterable<SubjectEvent> {
    const options = { resource, namespace, ...request, ...selectionOf(selector) };
    for await (const batch of this.#store.watch(options, signal)) yield* batch.map(eventOf);
  }
}

const eventOf = (event: StoreEvent): SubjectEvent =>
  event.type === 'BOOKMARK' ? event : { type: event.type, item: { ...itemOf(event.stored), revision: event.revision } };
