import type { ObjectMeta } from '@kubephant/api';
import { emptyAsGiven } from '@kubephant/schema';
import { forbidden, type Causes } from '../validation/causes';
import type { Path } from '../validation/path';

const allowed: ReadonlySet<string> = new Set(['annotations', 'labels']);
const lists = ['finalizers', 'managedFields', 'ownerReferences'] as const;

const isZero = (name: string, value: unknown): boolean =>
  value === undefined || value === null || value === '' || (name === 'generation' && value === 0);

/** Upstream makes the path from the name of the field in Go. */
const shown = (name: string): string => (name === 'uid' ? 'uID' : name);

/** Metadata of objects to be made from a template: labels and annotations, and no other field, not even an empty list. */
export function validateTemplateFields(metadata: Partial<ObjectMeta> | null | undefined, path: Path): Causes {
  const given = Object.entries(metadata ?? {}).filter(([name, value]) => !isZero(name, value));
  const empty = lists.filter((name) => emptyAsGiven(metadata, name) !== undefined);
  return [...new Set([...given.map(([name]) => name), ...empty])]
    .filter((name) => !allowed.has(name))
    .map((name) => forbidden(path.child(shown(name)), 'cannot be set'));
}
