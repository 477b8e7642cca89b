import { qualifiedName } from '@kubephant/api';
import { forbidden, invalidValue, type Causes } from '../validation/causes';
import { each, follows, when, type Absent } from '../validation/checks';
import type { Path } from '../validation/path';

const standard = new Set(['kubernetes', 'orphan', 'foregroundDeletion']);

const neither = 'name is neither a standard finalizer name nor is it fully qualified';

/** Unqualified finalizers are the API's own. */
export const isStandardOrQualified = (name: string, path: Path): Causes =>
  when(!name.includes('/') && !standard.has(name), () => invalidValue(path, name, neither));

export function validateFinalizers(finalizers: readonly string[] | Absent, path: Path): Causes {
  const all = finalizers ?? [];
  const both = all.includes('orphan') && all.includes('foregroundDeletion');
  return [
    ...all.flatMap((name) => follows(name, path, qualifiedName)),
    ...when(both, () => invalidValue(path, all, 'finalizer orphan and foregroundDeletion cannot be both set')),
  ];
}

/** The last check of metadata: on kinds of the built-in groups, unqualified names must be standard ones. */
export const validateStandardFinalizers = (finalizers: readonly string[] | Absent, path: Path): Causes =>
  each(finalizers, path, isStandardOrQualified);

/** While an object is being deleted, finalizers only go. */
export function validateFinalizersWhileDeleting(
  finalizers: readonly string[],
  old: readonly string[],
  path: Path,
): Causes {
  const added = finalizers.filter((name) => !old.includes(name));
  return when(added.length > 0, () =>
    forbidden(
      path,
      `no new finalizers can be added if the object is being deleted, found new finalizers []string{${added.map((name) => JSON.stringify(name)).join(', ')}}`,
    ),
  );
}
