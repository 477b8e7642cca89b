import { newEnvironment } from './environment';
import { typeNameProblems } from './library/mutation';
import { compiled, told } from './testing';
import { scalar } from './types';
import { Failure, Timestamp, type Value } from './values/value';
import { jsonValue, toJson } from './values/json';

const environment = newEnvironment({ variables: { object: scalar.dyn }, mutation: true });
const object = jsonValue({ spec: { replicas: 2, names: ['a'] } });

function made(expression: string): unknown {
  const evaluation = compiled(environment, expression).evaluate({ object });
  return 'value' in evaluation ? toJson(evaluation.value) : evaluation.error;
}

it('makes objects to apply', () => {
  const expression = `Object{
    metadata: Object.metadata{labels: {"a": "b"}},
    spec: Object.spec{replicas: object.spec.replicas + 1, ?note: optional.none(), list: [Object.spec.list{x: null}]}
  }`;
  expect(made(expression)).toEqual({
    metadata: { labels: { a: 'b' } },
    spec: { replicas: 3, list: [{ x: null }] },
  });
});

it('makes JSON patches', () => {
  const path = 'JSONPatch{op: "add", path: "/metadata/labels/" + jsonpatch.escapeKey("a/b~c"), value: object.spec}';
  expect(made(`[${path}]`)).toEqual([
    { op: 'add', path: '/metadata/labels/a~1b~0c', value: { replicas: 2, names: ['a'] } },
  ]);
});

it('keeps the type of what it made', () => {
  expect(told(compiled(environment, 'Object{}.spec').evaluate({ object }))).toBe('error: no such key: spec');
  expect(made('type(JSONPatch{}) == JSONPatch && has(Object{spec: 1}.spec)')).toBe(true);
});

it('knows these types in this environment only', () => {
  const other = newEnvironment({ variables: {} });
  expect(other.compile('Object{}')).toHaveProperty('error');
  expect(other.compile('jsonpatch.escapeKey("a")')).toHaveProperty('error');
});

it('has no JSON for values of other kinds', () => {
  const time: Value = new Timestamp(0n);
  expect(toJson(time)).toBeInstanceOf(Failure);
  expect(made('[JSONPatch{value: timestamp(0)}]')).toBeInstanceOf(Failure);
});

it('tells what is not of the type of its place', () => {
  const problemsOf = (expression: string): readonly string[] => {
    const evaluation = compiled(environment, expression).evaluate({ object });
    return 'value' in evaluation ? typeNameProblems(evaluation.value) : [evaluation.error];
  };
  expect(problemsOf('Object{spec: Object.spec{list: [Object.spec.list{}], map: {"a": Object.spec.map{}}}}')).toEqual(
    [],
  );
  expect(problemsOf('Object{spec: Object.spec{list: [Object.spec.other{}]}}')).toEqual([
    'unexpected type name "Object.spec.other", expected "Object.spec.list", which matches field name path from root Object type',
  ]);
});
