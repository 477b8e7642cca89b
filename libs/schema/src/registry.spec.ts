import { facts } from './facts';
import { newRegistry, schemas } from './registry';
import type { ObjectSchema, Schema } from './schema';

const reach = (schema: Schema, seen = new Set<ObjectSchema>()): Set<ObjectSchema> => {
  if (schema.type === 'list') reach(schema.items, seen);
  if (schema.type === 'map') reach(schema.values, seen);
  if (schema.type === 'any' && schema.object) reach(schema.object, seen);
  if (schema.type !== 'object' || seen.has(schema)) return seen;
  seen.add(schema);
  for (const field of schema.fields.values()) reach(field.schema, seen);
  return seen;
};

describe('the registry of definitions', () => {
  it('resolves every reference of every definition', () => {
    const names = schemas.names();
    expect(names.length).toBeGreaterThan(760);
    for (const name of names) expect(() => reach(schemas.get(name))).not.toThrow();
  });

  it('knows definitions by their full name and refuses others', () => {
    expect(schemas.has('io.k8s.api.core.v1.Pod')).toBe(true);
    expect(schemas.has('io.k8s.api.core.v1.Nothing')).toBe(false);
    expect(schemas.has('nonsense')).toBe(false);
    expect(() => schemas.get('io.k8s.api.core.v1.__proto__')).toThrow('no definition');
  });

  it('hands out the same object for the same definition, also in a cycle', () => {
    const props = schemas.get('io.k8s.apiextensions-apiserver.pkg.apis.apiextensions.v1.JSONSchemaProps');
    expect(props.fields.get('not')?.schema).toBe(props);
  });

  it('carries markers, numbers and the order of fields', () => {
    const container = schemas.get('io.k8s.api.core.v1.Container');
    expect(container.fields.get('ports')).toEqual({
      name: 'ports',
      number: 6,
      zero: 'omit',
      patchStrategy: ['merge'],
      patchMergeKey: 'containerPort',
      schema: {
        type: 'list',
        items: schemas.get('io.k8s.api.core.v1.ContainerPort'),
        listType: 'map',
        listMapKeys: ['containerPort', 'protocol'],
      },
    });
    expect([...schemas.get('io.k8s.api.core.v1.Pod').fields.keys()]).toEqual([
      'kind',
      'apiVersion',
      'metadata',
      'spec',
      'status',
    ]);
    expect(schemas.get('io.k8s.api.core.v1.Volume').fields.get('secret')).toMatchObject({ number: 6, inlined: [2] });
  });

  it.each([
    ['a pointer keeps its zero value', 'io.k8s.api.apps.v1.DeploymentSpec', 'replicas', undefined],
    ['an optional value is left out when zero', 'io.k8s.api.core.v1.PodSpec', 'hostNetwork', 'omit'],
    ['a required value is always written', 'io.k8s.api.core.v1.Container', 'name', 'fill'],
    ['an object that is no pointer is always written', 'io.k8s.api.core.v1.Container', 'resources', 'fill'],
    ['a required pointer is written as null', 'io.k8s.api.core.v1.TypedLocalObjectReference', 'apiGroup', 'null'],
  ] as const)('%s', (_, definition, field, zero) => {
    expect(schemas.get(definition).fields.get(field)?.zero).toBe(zero);
  });

  it('has no two definitions or field numbers that collide', () => {
    expect(new Set(schemas.names()).size).toBe(schemas.names().length);
    for (const name of schemas.names()) {
      const numbers = [...schemas.get(name).fields.values()]
        .filter((field) => field.number !== undefined)
        .map((field) => [...(field.inlined ?? []), field.number].join('.'));
      expect([name, numbers.length]).toEqual([name, new Set(numbers).size]);
    }
  });

  it('fails on a reference to nothing when the fields are asked for', () => {
    const broken = newRegistry([{ ...facts[0]!, text: 'A\n  b Missing 1' }]);
    const object = broken.get(`${facts[0]!.prefix}.A`);
    expect(() => object.fields).toThrow('no definition');
  });
});
