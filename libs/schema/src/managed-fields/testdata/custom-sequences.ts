import type { ObjectSchema, Schema } from '../../schema';
import { m1, m2, type Sequence } from './sequences';

const object = (fields: Readonly<Record<string, Schema>>): ObjectSchema => ({
  type: 'object',
  fields: new Map(Object.entries(fields).map(([name, schema]) => [name, { name, schema }])),
});
const text = { type: 'string' } as const;
const port: ObjectSchema = {
  type: 'object',
  fields: new Map([
    ['k', { name: 'k', schema: text }],
    ['p', { name: 'p', schema: text, default: 'TCP' }],
  ]),
};

/** A custom resource with every kind of list and map. */
export const widgets: ObjectSchema = object({
  apiVersion: text,
  kind: text,
  metadata: object({ name: text, uid: text, resourceVersion: text, labels: { type: 'map', values: text } }),
  spec: object({
    replicas: { type: 'integer' },
    a: text,
    list: { type: 'list', items: text },
    set: { type: 'list', items: text, listType: 'set' },
    ports: { type: 'list', items: port, listType: 'map', listMapKeys: ['k', 'p'] },
    granular: { type: 'map', values: text },
    atomic: { type: 'map', values: text, mapType: 'atomic' },
    free: { type: 'any' },
    open: { ...object({ known: text }), preserveUnknown: true },
  }),
  status: object({ s: text }),
});

/** Rules that only custom kinds show, or show better. */
export const customSequences: readonly Sequence[] = [
  {
    rule: 'atomic lists and maps have one owner',
    kind: 'Widget',
    steps: [
      {
        ...m1,
        object: { spec: { list: ['a'], atomic: { a: '1' }, granular: { a: '1' } } },
        owners: { 'm1 Apply': ['.spec.atomic', '.spec.list', '.spec.granular.a'] },
      },
      {
        ...m2,
        object: { spec: { list: ['b'] } },
        refused: 'Apply failed with 1 conflict: conflict with "m1": .spec.list',
      },
      {
        ...m2,
        force: true,
        object: { spec: { list: ['b'], atomic: { b: '2' }, granular: { b: '2' } } },
        owners: { 'm1 Apply': ['.spec.granular.a'], 'm2 Apply': ['.spec.atomic', '.spec.list', '.spec.granular.b'] },
        content: { spec: { list: ['b'], atomic: { b: '2' }, granular: { a: '1', b: '2' } } },
      },
    ],
  },
  {
    rule: 'where anything goes maps merge and lists are atomic',
    kind: 'Widget',
    steps: [
      {
        ...m1,
        object: { spec: { free: { x: { y: [1, { z: null }] } } } },
        owners: { 'm1 Apply': ['.spec.free.x', '.spec.free.x.y'] },
      },
      {
        ...m2,
        object: { spec: { free: { x: { q: 1 } } } },
        owners: { 'm1 Apply': ['.spec.free.x', '.spec.free.x.y'], 'm2 Apply': ['.spec.free.x', '.spec.free.x.q'] },
      },
      {
        ...m2,
        object: { spec: { free: { x: { y: [2] } } } },
        refused: 'Apply failed with 1 conflict: conflict with "m1": .spec.free.x.y',
      },
      {
        ...m1,
        object: { spec: {} },
        content: { spec: { free: { x: { q: 1 } } } },
        absent: 'spec.free.x.y',
        owners: { 'm1 Apply': ['.spec'], 'm2 Apply': ['.spec.free.x', '.spec.free.x.q'] },
      },
    ],
  },
  {
    rule: 'unknown fields that are kept can be owned',
    kind: 'Widget',
    steps: [
      {
        ...m1,
        object: { spec: { open: { known: 'x', other: { a: [1] } } } },
        owners: { 'm1 Apply': ['.spec.open.known', '.spec.open.other', '.spec.open.other.a'] },
      },
      {
        ...m2,
        object: { spec: { open: { known: 1 } } },
        refused:
          'failed to create typed patch object (/x; example.com/v1, Kind=Widget): .spec.open.known: expected string, got &value.valueUnstructured{Value:1}',
      },
    ],
  },
  {
    rule: 'sets of custom resources are sets',
    kind: 'Widget',
    steps: [
      {
        ...m1,
        object: { spec: { set: ['x', 'x'] } },
        refused:
          'failed to create typed patch object (/x; example.com/v1, Kind=Widget): .spec.set: duplicate entries for key [="x"]',
      },
      { ...m1, object: { spec: { ports: [{}] } }, owners: { 'm1 Apply': ['.spec.ports[p="TCP"]'] } },
    ],
  },
  {
    rule: 'creating by update owns the containers too',
    kind: 'Widget',
    steps: [
      {
        update: true,
        manager: 'c',
        object: { spec: { replicas: 1, ports: [{ k: 'a', p: 'TCP' }] } },
        owners: {
          'c Update': [
            '.spec',
            '.spec.ports',
            '.spec.replicas',
            '.spec.ports[k="a",p="TCP"]',
            '.spec.ports[k="a",p="TCP"].k',
            '.spec.ports[k="a",p="TCP"].p',
          ],
        },
      },
      {
        ...m1,
        force: true,
        object: { spec: { replicas: 3 } },
        owners: {
          'm1 Apply': ['.spec.replicas'],
          'c Update': [
            '.spec',
            '.spec.ports',
            '.spec.ports[k="a",p="TCP"]',
            '.spec.ports[k="a",p="TCP"].k',
            '.spec.ports[k="a",p="TCP"].p',
          ],
        },
      },
    ],
  },
  {
    rule: 'subresources are managers of their own',
    kind: 'Widget',
    steps: [
      { ...m1, object: { spec: { a: 'x' } } },
      {
        ...m1,
        subresource: 'status',
        object: { status: { s: 'y' } },
        owners: { 'm1 Apply': ['.spec.a'], 'm1 Apply status': ['.status.s'] },
      },
      {
        ...m2,
        object: { status: { s: 'z' } },
        refused: 'Apply failed with 1 conflict: conflict with "m1" with subresource "status": .status.s',
      },
    ],
  },
];
