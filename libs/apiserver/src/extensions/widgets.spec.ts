import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { KubeObject } from '@kubephant/api';
import { customRow, validateCreate } from '@kubephant/resources';
import { mutate } from '@kubephant/resources/testing';
import { readCustom, type CustomResourceDefinition, type StructuralSchema } from '@kubephant/schema';
import { newRules } from './rules';

/** `testdata/widgets.txt`: a schema, an object that has its form, changes to it, and what is said of each. */
const [head = '', ...cases] = readFileSync(join(__dirname, 'testdata/widgets.txt'), 'utf8').trim().split('\n\n');
const { schema, base } = JSON.parse(head.split('\n')[1] ?? '') as { schema: StructuralSchema; base: object };

const version = { name: 'v1', served: true, storage: true, subresources: { status: {} } };
const spec = {
  group: 'oracle.example.com',
  scope: 'Namespaced',
  names: { plural: 'invalid-widgets', singular: 'invalid-widget', kind: 'InvalidWidget' },
  versions: [{ ...version, schema: { openAPIV3Schema: schema } }],
};
const crd = { metadata: { name: 'x' }, spec } as unknown as CustomResourceDefinition;
const row = customRow(crd, crd.spec.versions[0]!, newRules().compileRules(schema));

function answer(changes: readonly string[]): readonly string[] {
  const changed = readCustom(schema, mutate(base, changes) as Record<string, unknown>);
  Reflect.deleteProperty(changed, 'status');
  const causes = validateCreate(row, { ...changed, metadata: changed['metadata'] ?? {} } as unknown as KubeObject);
  const texts = causes.map(({ field, message }) => `${field}: ${message}`);
  return texts.length > 0 ? [...new Set(texts)] : ['accepted'];
}

describe('an object of a structural schema', () => {
  it.each(cases.map((text) => text.split('\n----\n')))('with %s', (changes = '', answers = '') => {
    expect(answer(changes.split('\n'))).toEqual(answers.split('\n'));
  });
});
