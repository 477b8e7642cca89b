import {
  childrenOf,
  difference,
  FieldSetBuilder,
  intersection,
  isMember,
  paths,
  recursiveDifference,
  sorted,
  union,
  type FieldSet,
} from './field-set';
import { formatPath, keyElement, readElement, sortElements, valueElement } from './path-element';

const setOf = (...all: readonly (readonly string[])[]): FieldSet => {
  const builder = new FieldSetBuilder();
  for (const path of all) {
    for (const element of path) builder.enter(element);
    builder.insert();
    for (const _ of path) builder.leave();
  }
  return builder.build();
};
const list = (set: FieldSet): readonly string[] => Array.from(paths(set), (path) => path.join(' '));

describe('field set', () => {
  it('tells a member from what only leads to members', () => {
    expect(setOf(['f:a', 'f:b'])).toEqual({ 'f:a': { 'f:b': {} } });
    expect(setOf(['f:a', 'f:b'], ['f:a'])).toEqual({ 'f:a': { '.': {}, 'f:b': {} } });
    expect(setOf(['f:a'], ['f:a', 'f:b'])).toEqual({ 'f:a': { '.': {}, 'f:b': {} } });
    expect(setOf([])).toEqual({});
  });

  it('keeps a member when its last child goes, and drops what leads nowhere', () => {
    expect(difference({ 'f:a': { '.': {}, 'f:b': {} } }, { 'f:a': { 'f:b': {} } })).toEqual({ 'f:a': {} });
    expect(difference({ 'f:a': { 'f:b': {} } }, { 'f:a': { 'f:b': {} } })).toEqual({});
    expect(difference({ 'f:a': { '.': {}, 'f:b': {} } }, { 'f:a': {} })).toEqual({ 'f:a': { 'f:b': {} } });
  });

  it('removes everything below with the recursive difference', () => {
    const set = setOf(['f:status', 'f:a'], ['f:spec', 'f:a']);
    expect(recursiveDifference(set, { 'f:status': {} })).toEqual({ 'f:spec': { 'f:a': {} } });
  });

  it('writes elements in order: fields, keys, values, indexes', () => {
    const elements = ['i:2', 'v:"b"', 'v:2', 'v:10', 'k:{"a":"y"}', 'k:{"a":10}', 'k:{"a":9}', 'f:b', 'f:a', 'i:10'];
    const set = Object.fromEntries(elements.map((element) => [element, {}]));
    expect(Object.keys(sorted({ ...set, '.': {} }))).toEqual([
      ...['.', 'f:a', 'f:b', 'k:{"a":9}', 'k:{"a":10}', 'k:{"a":"y"}', 'v:2', 'v:10', 'v:"b"', 'i:2', 'i:10'],
    ]);
  });

  it('lists members of one level before what lies below them', () => {
    expect(list(setOf(['f:b', 'f:c'], ['f:z'], ['f:b']))).toEqual(['f:b', 'f:z', 'f:b f:c']);
  });

  it('is a set under union, difference and intersection', () => {
    let state = 11;
    const random = (below: number): number => (state = (state * 1103515245 + 12345) % 2147483648) % below;
    const any = (): FieldSet =>
      setOf(...Array.from({ length: random(8) }, () => Array.from({ length: 1 + random(3) }, () => `f:${random(3)}`)));
    for (let round = 0; round < 2000; round++) {
      const [a, b] = [any(), any()];
      const [left, right] = [new Set(list(a)), new Set(list(b))];
      expect(new Set(list(union(a, b)))).toEqual(left.union(right));
      expect(new Set(list(difference(a, b)))).toEqual(left.difference(right));
      expect(new Set(list(intersection(a, b)))).toEqual(left.intersection(right));
      expect(union(difference(a, b), intersection(a, b))).toEqual(a);
      expect(sorted(a)).toEqual(a);
    }
  });

  it('does not take the mark of membership for a child', () => {
    expect(childrenOf({ '.': {}, 'f:a': {} })).toEqual({ 'f:a': {} });
    expect([isMember(undefined), isMember({}), isMember({ 'f:a': {} }), isMember({ '.': {}, 'f:a': {} })]).toEqual([
      ...[false, true, false, true],
    ]);
  });
});

describe('path element', () => {
  it('prints paths as upstream does', () => {
    const port = keyElement([
      ['containerPort', 80],
      ['protocol', 'TCP'],
    ]);
    expect(formatPath(['f:spec', port, 'f:name'])).toBe('.spec[containerPort=80,protocol="TCP"].name');
    expect(formatPath(['f:finalizers', valueElement('a.b/x'), 'i:3'])).toBe('.finalizers[="a.b/x"][3]');
  });

  it('reads every spelling of an element as one', () => {
    expect(readElement('k:{ "protocol":"TCP","port" : 80 }')).toBe('k:{"port":80,"protocol":"TCP"}');
    expect(readElement('v: "x"')).toBe('v:"x"');
  });

  it.each(['k:{', 'k:null', 'v:', 'i:x', 'i:-1', '__proto__', 'constructor', '', 'x:1'])('refuses %j', (element) => {
    expect(readElement(element)).toBeUndefined();
  });

  it('orders keys by the values of their fields', () => {
    const ordered = ['k:{"a":1}', 'k:{"a":1,"b":"x"}', 'k:{"a":1,"b":"y"}', 'k:{"b":0}'];
    expect(sortElements(ordered.toReversed())).toEqual(ordered);
  });
});
