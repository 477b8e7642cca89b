import type { KubeObject } from '@kubephant/api';
import type { Strategy } from '../definition';

const carried = ['labels', 'annotations', 'finalizers', 'ownerReferences'] as const;

/** Gives `obj` the metadata of `old` that clients may otherwise change. */
export function keepMetadata({ metadata }: KubeObject, old: KubeObject): void {
  for (const field of carried) {
    if (old.metadata[field] === undefined) Reflect.deleteProperty(metadata, field);
    else Object.assign(metadata, { [field]: structuredClone(old.metadata[field]) });
  }
}

/** The strategy of kinds whose /status takes the status and nothing else: not even labels. */
export const statusAlone: Strategy<KubeObject> = { prepareForUpdate: keepMetadata, resets: [['metadata'], ['spec']] };
