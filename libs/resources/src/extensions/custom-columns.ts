import type { KubeObject } from '@kubephant/api';
import type { CustomResourceColumnDefinition } from '@kubephant/schema';
import type { Column } from '../definition';
import { nameColumn } from '../print/columns';
import { age } from '../print/duration';
import { parseJsonPath } from './json-path';

type Cell = string | number | boolean | null;
type Print = (value: unknown, now: Date) => Cell;

/** A text column shows anything: what is no text as JSON. */
const text: Print = (value) => (typeof value === 'string' ? value : JSON.stringify(value));
const number: Print = (value) => (typeof value === 'number' ? value : null);

function date(value: unknown, now: Date): Cell {
  if (typeof value !== 'string') return null;
  return Number.isNaN(Date.parse(value)) ? '<invalid>' : age(value, now);
}

/** Cells of a type; a value of another type is not shown. */
const printers: Readonly<Record<string, Print>> = {
  string: text,
  integer: (value) => (typeof value === 'number' ? Math.trunc(value) : null),
  number,
  boolean: (value) => (typeof value === 'boolean' ? value : null),
  date,
};

const defaultColumns: readonly CustomResourceColumnDefinition[] = [
  { name: 'Age', type: 'date', jsonPath: '.metadata.creationTimestamp', description: 'When the object was created.' },
];

/** The columns of a custom resource: the name, then what the definition names, or else the age. */
export const customColumns = (
  columns: readonly CustomResourceColumnDefinition[] | undefined,
): readonly Column<KubeObject>[] => [
  nameColumn,
  ...(columns && columns.length > 0 ? columns : defaultColumns).map(columnOf),
];

function columnOf(column: CustomResourceColumnDefinition): Column<KubeObject> {
  const path = parseJsonPath(column.jsonPath);
  const print = printers[column.type] ?? text;
  const format = column.format as Column<KubeObject>['format'];
  return {
    name: column.name,
    type: column.type as Column<KubeObject>['type'],
    ...(format && { format }),
    description: column.description ?? `Custom resource definition column (in JSONPath format): ${column.jsonPath}`,
    ...((column.priority ?? 0) > 0 && { wide: true }),
    value(obj, now) {
      const [first] = path?.find(obj) ?? [];
      return first === undefined || first === null ? null : print(first, now);
    },
  };
}
