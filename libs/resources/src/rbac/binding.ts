import type { RoleRef, Subject } from '@kubephant/schema';
import { ageColumn, nameColumn, text, wideText } from '../print/columns';
import type { Column } from '../definition';
import type { KubeObject } from '@kubephant/api';

interface Binding extends KubeObject {
  roleRef: RoleRef;
  subjects?: Subject[];
}

const named = ({ subjects = [] }: Binding, kind: string, print: (subject: Subject) => string): string =>
  subjects
    .filter((subject) => subject.kind === kind)
    .map(print)
    .join(', ');

const bareName = ({ name }: Subject): string => name;

/** The columns of role bindings and cluster role bindings. */
export const bindingColumns: readonly Column<Binding>[] = [
  nameColumn,
  text('Role', 'The role that is granted.', ({ roleRef }) => `${roleRef.kind}/${roleRef.name}`),
  ageColumn,
  wideText('Users', 'Users it is granted to.', (binding) => named(binding, 'User', bareName)),
  wideText('Groups', 'Groups it is granted to.', (binding) => named(binding, 'Group', bareName)),
  wideText('ServiceAccounts', 'Service accounts it is granted to.', (binding) =>
    named(binding, 'ServiceAccount', ({ namespace, name }) => `${namespace ?? ''}/${name}`),
  ),
];
