import type { ManagedFieldsEntry } from '@kubephant/api';
import { paths, type FieldSet } from '../field-set';
import { formatPath } from '../path-element';

/** One write and what must be true after it. Content and absence are told by paths of the stored object. */
export type Step = ({ readonly apply: true; readonly force?: true } | { readonly update: true }) & {
  readonly manager: string;
  readonly subresource?: string;
  readonly object: { readonly metadata?: object; readonly [field: string]: unknown };
  readonly owners?: Readonly<Record<string, readonly string[]>>;
  readonly content?: object;
  readonly absent?: string;
  readonly refused?: string;
  readonly force?: true;
};

/** A rule of server-side apply as a short history of one object; recorded from upstream 1.36 or derived from it. */
export interface Sequence {
  readonly rule: string;
  readonly kind: string;
  readonly steps: readonly Step[];
}

/** Who owns what, readable: `{ 'm1 Apply': ['.data.a'] }`. */
export function owners(entries: readonly ManagedFieldsEntry[] | undefined): Record<string, readonly string[]> {
  return Object.fromEntries(
    (entries ?? []).map(({ manager = '', operation = '', subresource, fieldsV1 }) => [
      [manager, operation, ...(subresource ? [subresource] : [])].join(' '),
      Array.from(paths(fieldsV1 as FieldSet), formatPath),
    ]),
  );
}

export const m1 = { apply: true, manager: 'm1' } as const;
export const m2 = { apply: true, manager: 'm2' } as const;
const containers = (...items: readonly object[]): { spec: object } => ({
  spec: { template: { spec: { containers: items } } },
});
const c1 = '.spec.template.spec.containers[name="c1"]';

/** Rules for built-in kinds. */
export const sequences: readonly Sequence[] = [
  {
    rule: 'managers own what they apply, side by side',
    kind: 'ConfigMap',
    steps: [
      { ...m1, object: { data: { a: '1' } }, owners: { 'm1 Apply': ['.data.a'] } },
      {
        ...m2,
        object: { data: { b: '2' } },
        owners: { 'm1 Apply': ['.data.a'], 'm2 Apply': ['.data.b'] },
        content: { data: { a: '1', b: '2' } },
      },
    ],
  },
  {
    rule: 'the same value is shared, another one is refused or taken',
    kind: 'ConfigMap',
    steps: [
      { ...m1, object: { data: { a: '1', b: '1' } } },
      { ...m2, object: { data: { a: '1' } }, owners: { 'm2 Apply': ['.data.a'], 'm1 Apply': ['.data.a', '.data.b'] } },
      {
        ...m1,
        object: { data: { a: '2', b: '1' } },
        refused: 'Apply failed with 1 conflict: conflict with "m2": .data.a',
      },
      {
        ...m1,
        force: true,
        object: { data: { a: '2', b: '1' } },
        owners: { 'm1 Apply': ['.data.a', '.data.b'] },
        content: { data: { a: '2' } },
      },
    ],
  },
  {
    rule: 'a dropped field goes when nobody else owns it',
    kind: 'ConfigMap',
    steps: [
      { ...m1, object: { data: { a: '1', b: '1' } } },
      { ...m2, object: { data: { a: '1' } } },
      { ...m1, object: {}, owners: { 'm2 Apply': ['.data.a'] }, content: { data: { a: '1' } }, absent: 'data.b' },
      { ...m2, object: {}, owners: {}, absent: 'data' },
    ],
  },
  {
    rule: 'an update takes what it changes and frees what it removes',
    kind: 'ConfigMap',
    steps: [
      { ...m1, object: { data: { a: '1', b: '1', c: '1' } } },
      {
        update: true,
        manager: 'm1',
        object: { data: { a: '2', b: '1' } },
        owners: { 'm1 Apply': ['.data.b'], 'm1 Update': ['.data.a'] },
      },
      {
        ...m1,
        object: { data: { a: '3' } },
        refused: 'Apply failed with 1 conflict: conflict with "m1" using v1: .data.a',
      },
    ],
  },
  {
    rule: 'a conflict with several managers is told by manager',
    kind: 'ConfigMap',
    steps: [
      { ...m2, object: { data: { a: '1' } } },
      { ...m1, object: { data: { a: '1' } } },
      {
        apply: true,
        manager: 'm3',
        object: { data: { a: '3' } },
        refused: 'Apply failed with 2 conflicts: conflicts with "m1":\n- .data.a\nconflicts with "m2":\n- .data.a',
      },
    ],
  },
  {
    rule: 'null leaves and empty maps are owned',
    kind: 'ConfigMap',
    steps: [
      { ...m1, object: { data: { a: null } }, owners: { 'm1 Apply': ['.data.a'] } },
      { ...m1, object: { data: null }, owners: { 'm1 Apply': ['.data'] } },
      {
        ...m1,
        object: { metadata: { labels: null, annotations: {} } },
        owners: { 'm1 Apply': ['.metadata.annotations', '.metadata.labels'] },
      },
    ],
  },
  {
    rule: 'what does not fit the schema is a plain error',
    kind: 'ConfigMap',
    steps: [
      {
        ...m1,
        object: { foo: 'bar' },
        refused: 'failed to create typed patch object (/x; /v1, Kind=ConfigMap): .foo: field not declared in schema',
      },
      {
        ...m1,
        object: { data: { a: 1 } },
        refused:
          'failed to create typed patch object (/x; /v1, Kind=ConfigMap): .data.a: expected string, got &value.valueUnstructured{Value:1}',
      },
      {
        ...m1,
        object: { data: 'x', immutable: 'y' },
        refused:
          'failed to create typed patch object (/x; /v1, Kind=ConfigMap): errors:\n  .data: expected map, got &{x}\n  .immutable: expected boolean, got &{y}',
      },
      { ...m1, object: { metadata: { managedFields: [] } }, refused: 'metadata.managedFields must be nil' },
    ],
  },
  {
    rule: 'sets keep their applied order and know who put what in',
    kind: 'ConfigMap',
    steps: [
      {
        ...m1,
        object: { metadata: { finalizers: ['a/x', 'a/y'] } },
        owners: { 'm1 Apply': ['.metadata.finalizers[="a/x"]', '.metadata.finalizers[="a/y"]'] },
      },
      {
        ...m2,
        object: { metadata: { finalizers: ['a/z', 'a/x'] } },
        content: { metadata: { finalizers: ['a/z', 'a/x', 'a/y'] } },
      },
      {
        ...m1,
        object: { metadata: { finalizers: ['a/y'] } },
        content: { metadata: { finalizers: ['a/z', 'a/x', 'a/y'] } },
      },
      {
        ...m2,
        object: {},
        content: { metadata: { finalizers: ['a/y'] } },
        owners: { 'm1 Apply': ['.metadata.finalizers[="a/y"]'] },
      },
    ],
  },
  {
    rule: 'keys that are left out have their default',
    kind: 'Service',
    steps: [
      {
        ...m1,
        object: { spec: { ports: [{ port: 80 }], selector: { a: 'b' } } },
        owners: {
          'm1 Apply': [
            '.spec.selector',
            '.spec.ports[port=80,protocol="TCP"]',
            '.spec.ports[port=80,protocol="TCP"].port',
          ],
        },
      },
      {
        ...m2,
        object: { spec: { ports: [{ port: 80, protocol: 'UDP' }] } },
        content: { spec: { ports: [{ port: 80 }, { port: 80, protocol: 'UDP' }] } },
      },
      {
        ...m2,
        object: { spec: { selector: { c: 'd' } } },
        refused: 'Apply failed with 1 conflict: conflict with "m1": .spec.selector',
      },
    ],
  },
  {
    rule: 'elements of a map list merge by key; who gives one up leaves the others their part',
    kind: 'Deployment',
    steps: [
      {
        ...m1,
        object: containers({ name: 'c1', image: 'i' }),
        owners: { 'm1 Apply': [c1, `${c1}.image`, `${c1}.name`] },
      },
      {
        ...m2,
        object: containers({ name: 'c1', env: [{ name: 'A' }] }, { name: 'c2', image: 'j' }),
        content: containers({ name: 'c1', image: 'i', env: [{ name: 'A' }] }, { name: 'c2' }),
      },
      {
        ...m2,
        object: containers({ name: 'c1' }),
        owners: { 'm1 Apply': [c1, `${c1}.image`, `${c1}.name`], 'm2 Apply': [c1, `${c1}.name`] },
        absent: 'spec.template.spec.containers.1',
      },
      {
        ...m2,
        object: {},
        content: containers({ name: 'c1', image: 'i' }),
        absent: 'spec.template.spec.containers.0.env',
      },
    ],
  },
  {
    rule: 'applied elements keep their order, others their place',
    kind: 'Deployment',
    steps: [
      { ...m1, object: containers({ name: 'c3' }, { name: 'c1' }, { name: 'c2' }) },
      {
        ...m2,
        object: containers({ name: 'c0' }, { name: 'c2' }),
        content: containers({ name: 'c3' }, { name: 'c1' }, { name: 'c0' }, { name: 'c2' }),
      },
    ],
  },
  {
    rule: 'an element may be named once',
    kind: 'Deployment',
    steps: [
      {
        ...m1,
        object: containers({ name: 'c1' }, { name: 'c1' }),
        refused:
          'failed to create typed patch object (/x; apps/v1, Kind=Deployment): .spec.template.spec.containers: duplicate entries for key [name="c1"]',
      },
      {
        ...m1,
        object: containers({ name: 'c1', ports: [{ containerPort: 80 }, { containerPort: 80, protocol: 'TCP' }] }),
        refused: `failed to create typed patch object (/x; apps/v1, Kind=Deployment): ${c1}.ports: duplicate entries for key [containerPort=80,protocol="TCP"]`,
      },
    ],
  },
];
