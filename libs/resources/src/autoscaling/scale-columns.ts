import type { KubeObject } from '@kubephant/api';
import type { Scale } from '@kubephant/schema';
import type { Column } from '../definition';
import { ageColumn, integer, nameColumn, text } from '../print/columns';

/** What a Scale prints as, whatever it is the scale of. */
export const scaleColumns: readonly Column<KubeObject>[] = [
  text('Name', nameColumn.description, ({ metadata }) => metadata.name),
  integer('Desired', 'Number of instances that are wanted.', (obj) => (obj as Scale).spec.replicas ?? 0),
  integer('Available', 'Number of instances that there are.', (obj) => (obj as Scale).status?.replicas ?? 0),
  ageColumn,
];
