import { cloneJson } from './clone';

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
