import { cloneJson, sameJson } from './json';

describe('a clone', () => {
  it('is the same value and shares nothing that can be changed', () => {
    const value = { a: [{ b: 1 }, null, 'x'], c: { d: true, e: undefined } };
    const copy = cloneJson(value);
    expect(copy).toStrictEqual(value);
    expect(copy.a).not.toBe(value.a);
    expect(copy.a[0]).not.toBe(value.a[0]);
    expect(copy.c).not.toBe(value.c);
  });

  it('may be changed where the value may not', () => {
    const copy = cloneJson(Object.freeze({ a: Object.freeze([1]) })) as { a: number[] };
    copy.a.push(2);
    expect(copy).toEqual({ a: [1, 2] });
  });

  it('takes __proto__ for a key like any other', () => {
    const copy = cloneJson(JSON.parse('{"__proto__":{"polluted":true},"constructor":1}') as object);
    expect(JSON.stringify(copy)).toBe('{"__proto__":{"polluted":true},"constructor":1}');
    expect('polluted' in copy).toBe(false);
  });
});

describe('whether two values are the same', () => {
  const one = { a: [1, { b: 'x' }], c: null };
  it.each([
    ['keys in another order', { c: null, a: [1, { b: 'x' }] }, true],
    ['what is undefined beside what is absent', { ...one, d: undefined }, true],
    ['null beside what is absent', { a: one.a }, false],
    ['items in another order', { ...one, a: [{ b: 'x' }, 1] }, false],
    ['a list beside an object', { ...one, a: { 0: 1, 1: { b: 'x' } } }, false],
    ['more keys', { ...one, d: 1 }, false],
    ['a key that every object inherits', { ...one, constructor: 1 }, false],
  ])('of %s', (_, other, expected) => {
    expect(sameJson(one, other)).toBe(expected);
    expect(sameJson(other, one)).toBe(expected);
  });
});
