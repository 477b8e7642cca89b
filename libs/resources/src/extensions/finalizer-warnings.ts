import { qualifiedName, type KubeObject } from '@kubephant/api';

/** Finalizers that the API itself acts on have no domain. */
const standard: ReadonlySet<string> = new Set(['kubernetes', 'orphan', 'foregroundDeletion']);

const collisions = 'to avoid accidental conflicts with other finalizer writers';

/** Of a custom resource any finalizer is taken; what is said of those that are new and have no domain. */
export function finalizerWarnings({ metadata }: KubeObject, old?: KubeObject): readonly string[] {
  const before = old?.metadata.finalizers ?? [];
  const added = (metadata.finalizers ?? []).filter((name) => !before.includes(name));
  return [...new Set(added)].sort().flatMap(reproaches);
}

function reproaches(name: string): readonly string[] {
  const told = [...qualifiedName(name)];
  if (!name.includes('/') && !standard.has(name)) {
    const path = name.includes('.') ? ' including a path (/)' : '';
    told.push(`prefer a domain-qualified finalizer name${path} ${collisions}`);
  }
  return told.map((text) => `metadata.finalizers: ${JSON.stringify(name)}: ${text}`);
}
