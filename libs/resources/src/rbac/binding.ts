import { dns1123Subdomain, pathSegment, type KubeObject } from '@kubephant/api';
import type { RoleRef, Subject } from '@kubephant/schema';
import type { Column, Strategy } from '../definition';
import { ageColumn, nameColumn, text, wideText } from '../print/columns';
import { invalidValue, none, notSupported, required, type Causes } from '../validation/causes';
import { each, equal, follows, oneOf, present, requiredAnd, when } from '../validation/checks';
import { at, type Path } from '../validation/path';

/** What role bindings and cluster role bindings have in common. */
export interface RoleGrant extends KubeObject {
  roleRef: RoleRef;
  subjects?: Subject[];
}

const group = 'rbac.authorization.k8s.io';

const named = ({ subjects = [] }: RoleGrant, kind: string, print: (subject: Subject) => string): string =>
  subjects
    .filter((subject) => subject.kind === kind)
    .map(print)
    .join(', ');

const bareName = ({ name }: Subject): string => name;

export const bindingColumns: readonly Column<RoleGrant>[] = [
  nameColumn,
  text('Role', 'The role that is granted.', ({ roleRef }) => `${roleRef.kind}/${roleRef.name}`),
  ageColumn,
  wideText('Users', 'Users it is granted to.', (binding) => named(binding, 'User', bareName)),
  wideText('Groups', 'Groups it is granted to.', (binding) => named(binding, 'Group', bareName)),
  wideText('ServiceAccounts', 'Service accounts it is granted to.', (binding) =>
    named(binding, 'ServiceAccount', ({ namespace, name }) => `${namespace ?? ''}/${name}`),
  ),
];

export function setBindingDefaults({ roleRef, subjects = [] }: RoleGrant): void {
  roleRef.apiGroup ||= group;
  for (const subject of subjects) {
    if (subject.kind === 'User' || subject.kind === 'Group') subject.apiGroup ||= group;
  }
}

function validateServiceAccount({ name, apiGroup, namespace }: Subject, path: Path, needsNamespace: boolean): Causes {
  return [
    ...(name ? follows(name, path.child('name'), (text_) => dns1123Subdomain(text_)) : none),
    ...when(Boolean(apiGroup), () => notSupported(path.child('apiGroup'), apiGroup, [''])),
    ...when(needsNamespace && !namespace, () => required(path.child('namespace'))),
  ];
}

function validateSubject(subject: Subject, path: Path, needsNamespace: boolean): Causes {
  const name = present(subject.name, path.child('name'));
  switch (subject.kind) {
    case 'ServiceAccount':
      return [...name, ...validateServiceAccount(subject, path, needsNamespace)];
    case 'User':
    case 'Group':
      return [...name, ...oneOf(subject.apiGroup, path.child('apiGroup'), [group])];
    default:
      return [...name, notSupported(path.child('kind'), subject.kind, ['ServiceAccount', 'User', 'Group'])];
  }
}

const goRoleRef = ({ apiGroup, kind, name }: RoleRef): object => ({ APIGroup: apiGroup, Kind: kind, Name: name });

/** The rules of a binding whose role may be of these kinds; subjects of cluster-wide ones must name a namespace. */
export function bindingStrategy(kinds: readonly string[], needsNamespace: boolean): Strategy<RoleGrant> {
  const path = at('roleRef');
  const validate = ({ roleRef, subjects }: RoleGrant): Causes => [
    ...oneOf(roleRef.apiGroup, path.child('apiGroup'), [group]),
    ...oneOf(roleRef.kind, path.child('kind'), kinds),
    ...requiredAnd(roleRef.name, path.child('name'), pathSegment),
    ...each(subjects, at('subjects'), (subject, where) => validateSubject(subject, where, needsNamespace)),
  ];
  return {
    validate,
    validateUpdate: (binding, old) => [
      ...validate(binding),
      ...when(!equal(binding.roleRef, old.roleRef), () =>
        invalidValue(path, goRoleRef(binding.roleRef), 'cannot change roleRef'),
      ),
    ],
  };
}
