import type { Item, Page, State, SubjectEvent } from '@kubephant/store-exam';

/** The label that a selector of the exam selects by. */
export const labelKey = 'exam';
const initialEventsEnd = 'k8s.io/initial-events-end';

interface Metadata {
  readonly name: string;
  readonly resourceVersion: string;
  readonly labels?: Readonly<Record<string, string>>;
  readonly annotations?: Readonly<Record<string, string>>;
}

export interface ConfigMap {
  readonly metadata: Metadata;
  readonly data?: Readonly<Record<string, string>>;
}

export interface ConfigMapList {
  readonly metadata: { readonly resourceVersion: string; readonly continue?: string };
  readonly items: readonly ConfigMap[];
}

export interface WireEvent {
  readonly type: string;
  readonly object: ConfigMap & { readonly reason?: string; readonly message?: string };
}

/** What is sent. `expected` makes an update optimistic. */
export function configMapOf(name: string, { value, label }: State, expected?: number): object {
  const resourceVersion = expected === undefined ? {} : { resourceVersion: String(expected) };
  return {
    apiVersion: 'v1',
    kind: 'ConfigMap',
    metadata: { name, labels: { [labelKey]: label }, ...resourceVersion },
    data: { value },
  };
}

export const itemOf = ({ metadata, data }: ConfigMap): Item => ({
  key: metadata.name,
  revision: Number(metadata.resourceVersion),
  ...stateOf({ data, labels: metadata.labels }),
});

/** The parts of a ConfigMap that the exam writes, also as the database has them. */
export const stateOf = (written: {
  readonly data?: Readonly<Record<string, string>> | undefined;
  readonly labels?: Readonly<Record<string, string>> | undefined;
}): State => ({ value: written.data?.['value'] ?? '', label: written.labels?.[labelKey] ?? '' });

export const pageOf = ({ metadata, items }: ConfigMapList): Page => ({
  revision: Number(metadata.resourceVersion),
  items: items.map(itemOf),
  ...(metadata.continue && { continue: metadata.continue }),
});

export function eventOf({ type, object }: WireEvent): SubjectEvent {
  switch (type) {
    case 'ADDED':
    case 'MODIFIED':
    case 'DELETED':
      return { type, item: itemOf(object) };
    case 'BOOKMARK': {
      const { resourceVersion, annotations } = object.metadata;
      const isEnd = annotations?.[initialEventsEnd] === 'true';
      return { type, revision: Number(resourceVersion), ...(isEnd && { initialEventsEnd: true }) };
    }
    case 'ERROR':
      return { type, reason: object.reason ?? '', message: object.message ?? '' };
    default:
      throw new Error(`a watch has no event of type ${JSON.stringify(type)}`);
  }
}
