import { at } from '@kubephant/resources';
import { mutate } from '@kubephant/resources/testing';
import type { StructuralSchema } from '@kubephant/schema';
import recorded from '../testdata/rules.json';
import { newRules } from './index';

const rules = newRules();
const numbered = (text: string): string => text.replace(/selfType\d*(?=[,)])/g, 'selfType<n>');

/** What upstream said of rules in one schema. */
describe('a rule', () => {
  it.each(recorded.cases.map(({ changes, causes }) => [changes.join('; '), changes, causes] as const))(
    '%s',
    (_, changes, causes) => {
      const schema = mutate(recorded.schema, changes) as StructuralSchema;
      const told = rules
        .checkRules(schema, at('schema'), { general: [], mayCompile: true })
        .map(({ field, message }) => `${field}: ${message}`);
      expect(told.map(numbered)).toEqual(causes);
    },
  );
});

const text = (rule: object): StructuralSchema => ({
  type: 'object',
  properties: {
    spec: {
      type: 'object',
      properties: { name: { type: 'string', maxLength: 9 }, size: { type: 'integer' } },
      'x-kubernetes-validations': [rule as { rule: string }],
    },
  },
});
const object = (spec: object) => ({ apiVersion: 'a/v1', kind: 'A', metadata: { name: 'a' }, spec }) as never;
const told = (rule: object, next: object, old?: object): readonly string[] =>
  (rules.compileRules(text(rule))?.(object(next), old && object(old)) ?? []).map(
    ({ reason, field, message }) => `${reason} ${field}: ${message}`,
  );

describe('an object of rules', () => {
  const shrink = { rule: 'self.size >= oldSelf.size', message: 'must not shrink' };

  it('is compared with what it was', () => {
    expect(told(shrink, { size: 1 })).toEqual([]);
    expect(told(shrink, { size: 1 }, { size: 2 })).toEqual(['FieldValueInvalid spec: Invalid value: must not shrink']);
  });

  it('is compared with nothing where a rule asks for that', () => {
    const rule = { rule: 'oldSelf.hasValue() || self.size == 0', optionalOldSelf: true };
    expect(told(rule, { size: 1 })).toHaveLength(1);
    expect(told(rule, { size: 1 }, { size: 0 })).toEqual([]);
  });

  it('may stay as it was, though a newer rule forbids it', () => {
    const rule = { rule: 'self.size < 3' };
    expect(told(rule, { size: 5 }, { size: 5 })).toEqual([]);
    expect(told(rule, { size: 6 }, { size: 5 })).toEqual([
      'FieldValueInvalid spec: Invalid value: failed rule: self.size < 3',
    ]);
  });

  it.each([
    ['FieldValueForbidden', 'FieldValueForbidden spec.name: Forbidden: a!'],
    ['FieldValueRequired', 'FieldValueRequired spec.name: Required value: a!'],
    ['FieldValueDuplicate', 'FieldValueDuplicate spec.name: Duplicate value'],
  ])('is told %s where the rule says', (reason, expected) => {
    const rule = { rule: 'false', reason, fieldPath: '.name', messageExpression: 'self.name + "!"' };
    expect(told(rule, { name: 'a' })).toEqual([expected]);
  });

  it('costs no more than one evaluation may', () => {
    const [only = ''] = told(
      {
        rule: '[1,2,3,4,5,6,7,8,9,0].all(a, [1,2,3,4,5,6,7,8,9,0].all(b, [1,2,3,4,5,6,7,8,9,0].all(c, [1,2,3,4,5,6,7,8,9,0].all(d, [1,2,3,4,5,6,7,8,9,0].all(e, [1,2,3,4,5,6,7,8,9,0].all(f, a + b + c + d + e + f >= 0))))))',
      },
      { size: 1 },
    );
    expect(only).toContain('call cost exceeds limit for rule');
  });
});
