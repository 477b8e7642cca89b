import { badRequest } from '@kubephant/api';
import { applyMergePatch } from './merge-patch';

describe('merge patch', () => {
  // The examples of RFC 7386, appendix A, whose target and patch are objects.
  it.each<[object, object, object]>([
    [{ a: 'b' }, { a: 'c' }, { a: 'c' }],
    [{ a: 'b' }, { b: 'c' }, { a: 'b', b: 'c' }],
    [{ a: 'b' }, { a: null }, {}],
    [{ a: 'b', b: 'c' }, { a: null }, { b: 'c' }],
    [{ a: ['b'] }, { a: 'c' }, { a: 'c' }],
    [{ a: 'c' }, { a: ['b'] }, { a: ['b'] }],
    [{ a: { b: 'c' } }, { a: { b: 'd', c: null } }, { a: { b: 'd' } }],
    [{ a: [{ b: 'c' }] }, { a: [1] }, { a: [1] }],
    [{ e: null }, { a: 1 }, { e: null, a: 1 }],
    [{}, { a: { bb: { ccc: null } } }, { a: { bb: {} } }],
  ])('merges %j and %j', (original, patch, merged) => {
    expect(applyMergePatch(original, patch)).toEqual(merged);
  });

  it.each([
    [[1], 'error decoding patch: json: cannot unmarshal array into Go value of type map[string]interface {}'],
    ['x', 'error decoding patch: json: cannot unmarshal string into Go value of type map[string]interface {}'],
    [null, 'Invalid JSON Patch'],
  ])('refuses %j', (patch, message) => {
    expect(() => applyMergePatch({}, patch)).toThrow(badRequest(message));
  });

  it('pollutes no prototype and refuses endless nesting', () => {
    const patched = applyMergePatch<object>({}, JSON.parse('{"__proto__":{"polluted":true}}'));
    expect(Object.getPrototypeOf(patched)).toBe(Object.prototype);
    expect(({} as Record<string, unknown>)['polluted']).toBeUndefined();
    let deep: object = {};
    for (let depth = 0; depth < 5000; depth++) deep = { a: deep };
    expect(() => applyMergePatch({}, deep)).toThrow(badRequest('patch exceeds the maximum depth'));
  });
});
