import type { KubeObject } from '@kubephant/api';
import { idOf } from './keys';
import type { Value } from './log';
import { withRevision, withoutRevision } from './stored-json';
import type { ResourceFields, Revision, Stored, StoreKey } from './store';

type Strings = Readonly<Record<string, string>>;

const none: Strings = Object.freeze({});

/** What a selection looks at, read once when an object enters the cache. Never the object's own, which may change. */
export interface Facts {
  readonly labels: Strings;
  readonly fields: Strings;
}

export function factsOf(obj: KubeObject, extract: ResourceFields | undefined): Facts {
  const { labels } = obj.metadata;
  return { labels: labels ? { ...labels } : none, fields: fieldsOf(obj, extract) };
}

/** An extractor must not throw; one that does costs an object its fields, and not everybody the log. */
function fieldsOf(obj: KubeObject, extract: ResourceFields | undefined): Strings {
  try {
    return extract?.fields(obj) ?? none;
  } catch {
    return none;
  }
}

/** An object in the watch cache: bytes, the facts that selections need, and a parsed form that memory pressure may take. */
export class CachedObject implements Stored {
  /** Identity within its resource; its order is the order of lists. */
  readonly id: string;
  readonly key: StoreKey;
  readonly revision: Revision;
  readonly createdRevision: Revision;
  readonly json: Buffer;
  readonly facts: Facts;
  #parsed: WeakRef<KubeObject> | undefined = undefined;

  constructor(key: StoreKey, version: { revision: Revision; createdRevision: Revision }, json: Buffer, facts: Facts) {
    this.id = idOf(key);
    this.key = key;
    this.revision = version.revision;
    this.createdRevision = version.createdRevision;
    this.json = json;
    this.facts = facts;
  }

  get object(): KubeObject {
    const known = this.#parsed?.deref();
    if (known) return known;
    const parsed = deepFreeze(JSON.parse(this.json.toString()) as KubeObject);
    this.#parsed = new WeakRef(parsed);
    return parsed;
  }

  /** The same state with another revision in its bytes: what a DELETED event carries. */
  at(revision: Revision): CachedObject {
    const json = withRevision(withoutRevision(this.json), revision);
    return new CachedObject(this.key, { revision, createdRevision: this.createdRevision }, json, this.facts);
  }
}

export interface Version {
  readonly key: StoreKey;
  readonly revision: Revision;
  readonly createdRevision: Revision;
  readonly value: Value;
  /** If they are known already. */
  readonly facts?: Facts | undefined;
}

export function newCachedObject(version: Version, extract: ResourceFields | undefined): CachedObject {
  const { key, value } = version;
  const facts = version.facts ?? factsIn(value, extract);
  return new CachedObject(key, version, withRevision(value, version.revision), facts);
}

/** Of any number of objects in a turn of the loop: what is parsed for it is not kept for the rest of that. */
export const factsIn = (value: Value, extract: ResourceFields | undefined): Facts =>
  factsOf(JSON.parse(textOf(value)) as KubeObject, extract);

const textOf = (value: Value): string =>
  typeof value === 'string' ? value : Buffer.from(value.buffer, value.byteOffset, value.byteLength).toString();

/** Iterative: the depth of an object is its author's choice, the depth of our stack is not. */
function deepFreeze<T extends object>(root: T): T {
  const open: object[] = [root];
  for (let next = open.pop(); next; next = open.pop()) {
    Object.freeze(next);
    for (const child of Object.values(next))
      if (typeof child === 'object' && child !== null) open.push(child as object);
  }
  return root;
}
