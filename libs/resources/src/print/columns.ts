import { controllerOf, fromLabelSelector, type KubeObject, type LabelSelector } from '@kubephant/api';
import type { PodTemplateSpec } from '@kubephant/schema';
import type { Column } from '../definition';
import { age } from './duration';

type Cell = string | number | boolean | null;
type CellOf<T> = (obj: T, now: Date) => Cell;

/** A text column. */
export const text = <T>(name: string, description: string, value: CellOf<T>): Column<T> => ({
  name,
  type: 'string',
  description,
  value,
});

/** A text column that only `-o wide` shows. */
export const wideText = <T>(name: string, description: string, value: CellOf<T>): Column<T> => ({
  ...text(name, description, value),
  wide: true,
});

export const integer = <T>(name: string, description: string, value: CellOf<T>): Column<T> => ({
  ...text(name, description, value),
  type: 'integer',
});

export const boolean = <T>(name: string, description: string, value: CellOf<T>): Column<T> => ({
  ...text(name, description, value),
  type: 'boolean',
});

export const nameColumn: Column<KubeObject> = {
  name: 'Name',
  type: 'string',
  format: 'name',
  description: 'Name of the object, unique within its namespace and kind.',
  value: ({ metadata }) => metadata.name,
};

export const ageColumn: Column<KubeObject> = text('Age', 'Time since the object was created.', ({ metadata }, now) =>
  age(metadata.creationTimestamp, now),
);

export const createdAtColumn: Column<KubeObject> = {
  name: 'Created At',
  type: 'date',
  description: 'When the object was created.',
  value: ({ metadata }) => metadata.creationTimestamp ?? null,
};

export const orNone = (value: string | undefined | null): string => value || '<none>';

/** `a=1,b=2`, sorted by key. */
export function formatLabels(labels: Readonly<Record<string, string>> | undefined): string {
  const pairs = Object.entries(labels ?? {}).map(([key, value]) => `${key}=${value}`);
  return orNone(pairs.sort().join(','));
}

export function formatSelector(selector: LabelSelector | undefined): string {
  try {
    return orNone(fromLabelSelector(selector).toString());
  } catch {
    // A selector that cannot be parsed is shown as such: printing never fails for one bad row.
    return '<error>';
  }
}

/** The first three of a list and how many more there are; `empty` for none. */
export function firstThree(items: readonly string[], empty: string): string {
  if (items.length === 0) return empty;
  const shown = items.slice(0, 3).join(',');
  return items.length > 3 ? `${shown} + ${items.length - 3} more...` : shown;
}

export function formatController(obj: KubeObject): string {
  const owner = controllerOf(obj);
  if (!owner) return '<none>';
  const group = owner.apiVersion.includes('/') ? `.${owner.apiVersion.split('/', 1)[0] ?? ''}` : '';
  return `${owner.kind.toLowerCase()}${group}/${owner.name}`;
}

interface WithTemplate extends KubeObject {
  spec?: { template?: PodTemplateSpec };
}

export const containerNames = (template: PodTemplateSpec | undefined): string =>
  (template?.spec?.containers ?? []).map(({ name }) => name).join(',');

export const containerImages = (template: PodTemplateSpec | undefined): string =>
  (template?.spec?.containers ?? []).map(({ image }) => image).join(',');

/** The wide columns every workload ends with. */
export const templateColumns: readonly Column<WithTemplate>[] = [
  wideText('Containers', 'Names of the containers in the template.', ({ spec }) => containerNames(spec?.template)),
  wideText('Images', 'Images of the containers in the template.', ({ spec }) => containerImages(spec?.template)),
];
