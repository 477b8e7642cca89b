import { everything, matchesFields, type FieldSelector, type Selector } from '@kubephant/api';
import type { CachedObject } from './cached-object';
import type { Selection } from './store';

export interface Scope {
  readonly namespace?: string | undefined;
  readonly name?: string | undefined;
  readonly selection?: Selection | undefined;
}

/** What a list or watch asks for, made ready to be asked of many objects. */
export class Matcher {
  readonly namespace: string | undefined;
  readonly name: string | undefined;
  /** Whether it selects by more than the place in the hierarchy. */
  readonly selective: boolean;
  readonly fields: FieldSelector;
  readonly labels: Selector | undefined;

  constructor({ namespace, name, selection }: Scope) {
    this.fields = selection?.fields ?? [];
    this.labels = selection?.labels;
    this.namespace = namespace ?? this.#equalTo('metadata.namespace');
    this.name = name ?? this.#equalTo('metadata.name');
    const byLabels = selection?.labels !== undefined && selection.labels !== everything;
    this.selective = byLabels || this.fields.length > 0 || name !== undefined;
  }

  matches(object: CachedObject): boolean {
    const { namespace, name } = object.key;
    if (this.namespace !== undefined && this.namespace !== namespace) return false;
    if (this.name !== undefined && this.name !== name) return false;
    if (this.labels && !this.labels.matches(object.facts.labels)) return false;
    return this.fields.length === 0 || matchesFields(this.fields, (path) => fieldOf(object, path));
  }

  #equalTo(path: string): string | undefined {
    return this.fields.find((term) => term.path === path && term.operator === '=')?.value;
  }
}

export function fieldOf({ key, facts }: CachedObject, path: string): string | undefined {
  if (path === 'metadata.name') return key.name;
  if (path === 'metadata.namespace') return key.namespace;
  return Object.hasOwn(facts.fields, path) ? facts.fields[path] : undefined;
}
