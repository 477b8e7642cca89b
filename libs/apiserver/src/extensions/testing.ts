import type { StructuralSchema } from '@kubephant/schema';

const properties: Readonly<Record<string, StructuralSchema>> = {
  spec: {
    type: 'object',
    properties: {
      color: { type: 'string', enum: ['red', 'blue'], default: 'red' },
      replicas: { type: 'integer', minimum: 0 },
      free: { type: 'object', 'x-kubernetes-preserve-unknown-fields': true },
      ports: {
        type: 'array',
        'x-kubernetes-list-type': 'map',
        'x-kubernetes-list-map-keys': ['name'],
        items: {
          type: 'object',
          required: ['name'],
          properties: { name: { type: 'string' }, number: { type: 'integer' } },
        },
      },
    },
  },
  status: {
    type: 'object',
    properties: { replicas: { type: 'integer' }, selector: { type: 'string' } },
  },
};

/** A version of gears with everything a version can have. */
export const gearVersion = {
  name: 'v1',
  served: true,
  storage: true,
  schema: { openAPIV3Schema: { type: 'object', properties } },
  subresources: {
    status: {},
    scale: {
      specReplicasPath: '.spec.replicas',
      statusReplicasPath: '.status.replicas',
      labelSelectorPath: '.status.selector',
    },
  },
  additionalPrinterColumns: [
    { name: 'Color', type: 'string', jsonPath: '.spec.color' },
    { name: 'Replicas', type: 'integer', jsonPath: '.spec.replicas', priority: 1 },
  ],
  selectableFields: [{ jsonPath: '.spec.color' }],
};

interface Definition {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: { readonly name: string };
  readonly spec: { readonly versions: (typeof gearVersion)[] } & Readonly<Record<string, unknown>>;
}

/** The definition of gears; `spec` is laid over it. */
export const gears = (spec: object = {}): Definition => ({
  apiVersion: 'apiextensions.k8s.io/v1',
  kind: 'CustomResourceDefinition',
  metadata: { name: 'gears.shop.example.com' },
  spec: {
    group: 'shop.example.com',
    scope: 'Namespaced',
    names: { plural: 'gears', kind: 'Gear', shortNames: ['gr'], categories: ['machines'] },
    versions: [gearVersion],
    ...spec,
  },
});

export const gear = (name: string, spec: object = {}, rest: object = {}): object => ({
  apiVersion: 'shop.example.com/v1',
  kind: 'Gear',
  metadata: { name },
  spec,
  ...rest,
});
