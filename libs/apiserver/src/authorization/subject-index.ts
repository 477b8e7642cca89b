import type { ClusterRoleBinding, RoleBinding } from '@kubephant/schema';
import type { UserInfo } from '@kubephant/serving';
import { serviceAccountUsername } from '../authentication/users';
import type { View } from '../views/view';

export type AnyBinding = ClusterRoleBinding | RoleBinding;

/** A binding that applies to a user, and by which of its subjects, in upstream's words. */
export interface Applied {
  readonly binding: AnyBinding;
  readonly subject: string;
}

export interface SubjectIndex {
  /** Bindings in a namespace (`''`: cluster-wide ones) that name the user or one of its groups. */
  of(user: UserInfo, namespace: string): readonly Applied[];
}

interface SubjectKey {
  readonly key: string;
  readonly subject: string;
}

/** Bindings by whom they name, kept up to date: a decision looks at a user's bindings, never at all. */
export function newSubjectIndex<T extends AnyBinding>(view: View<T>): SubjectIndex {
  const bySubject = new Map<string, Map<string, Applied>>();
  const remove = (binding: AnyBinding): void => {
    for (const { key } of subjectsOf(binding)) {
      const entries = bySubject.get(key);
      entries?.delete(binding.metadata.name);
      if (entries?.size === 0) bySubject.delete(key);
    }
  };
  const add = (binding: AnyBinding): void => {
    for (const { key, subject } of subjectsOf(binding)) {
      const entries = bySubject.get(key) ?? new Map<string, Applied>();
      bySubject.set(key, entries.set(binding.metadata.name, { binding, subject }));
    }
  };
  view.onChange((before, after) => {
    if (before) remove(before);
    if (after) add(after);
  });
  return {
    of({ name, groups }, namespace) {
      const keys = [`${namespace}|User|${name}`, ...groups.map((group) => `${namespace}|Group|${group}`)];
      return keys.flatMap((key) => [...(bySubject.get(key)?.values() ?? [])]);
    },
  };
}

/** A service account is a user of a certain name, so both end under one key. */
function subjectsOf({ metadata, subjects = [] }: AnyBinding): readonly SubjectKey[] {
  const scope = metadata.namespace ?? '';
  return subjects.map(({ kind, name, namespace = scope }) =>
    kind === 'ServiceAccount'
      ? {
          key: `${scope}|User|${serviceAccountUsername({ namespace, name })}`,
          subject: `ServiceAccount ${JSON.stringify(`${name}/${namespace}`)}`,
        }
      : { key: `${scope}|${kind}|${name}`, subject: `${kind} ${JSON.stringify(name)}` },
  );
}
