import { badRequest, is, StatusError } from '@kubephant/api';
import { applyPatch, type Operation } from 'rfc6902';
import { applyJsonPatch } from './json-patch';
import { cloneJson, equalJson } from './json';

const document = { data: { a: '1', b: '2' }, list: ['x', 'y', 'z'], 'x.com/y': { '~': 1 } };

function statusOf(action: () => unknown): unknown {
  try {
    return action();
  } catch (err) {
    return err instanceof StatusError ? err.status : err;
  }
}

describe('JSON patch', () => {
  it.each<[string, readonly object[], object]>([
    ['adds to a map', [{ op: 'add', path: '/data/c', value: '3' }], { data: { a: '1', b: '2', c: '3' } }],
    [
      'replaces an absent key by adding it',
      [{ op: 'replace', path: '/data/c', value: 3 }],
      { data: { a: '1', b: '2', c: 3 } },
    ],
    ['removes a key', [{ op: 'remove', path: '/data/a' }], { data: { b: '2' } }],
    ['moves a key', [{ op: 'move', from: '/data/a', path: '/data/c' }], { data: { b: '2', c: '1' } }],
    ['copies a key', [{ op: 'copy', from: '/data/a', path: '/data/c' }], { data: { a: '1', b: '2', c: '1' } }],
    [
      'copies an absent key as null',
      [{ op: 'copy', from: '/data/z', path: '/data/c' }],
      { data: { a: '1', b: '2', c: null } },
    ],
    ['appends after the last', [{ op: 'add', path: '/list/-', value: 'e' }], { list: ['x', 'y', 'z', 'e'] }],
    ['inserts at an index', [{ op: 'add', path: '/list/0', value: 'e' }], { list: ['e', 'x', 'y', 'z'] }],
    ['takes -1 for the end when adding', [{ op: 'add', path: '/list/-1', value: 'e' }], { list: ['x', 'y', 'z', 'e'] }],
    ['takes -1 for the last when removing', [{ op: 'remove', path: '/list/-1' }], { list: ['x', 'y'] }],
    ['reads escaped names', [{ op: 'replace', path: '/x.com~1y/~0', value: 2 }], { 'x.com/y': { '~': 2 } }],
    [
      'goes on when a test holds',
      [
        { op: 'test', path: '/list/1', value: 'y' },
        { op: 'remove', path: '/data' },
      ],
      { data: undefined },
    ],
    ['takes null for absent in a test', [{ op: 'test', path: '/nothing', value: null }], {}],
    ['does nothing for no operations', [], {}],
  ])('%s', (_, patch, change) => {
    expect(applyJsonPatch(document, patch)).toEqual({ ...document, ...change });
  });

  it('replaces the whole document', () => {
    expect(applyJsonPatch(document, [{ op: 'replace', path: '', value: { a: 1 } }])).toEqual({ a: 1 });
  });

  it.each<[string, unknown]>([
    ['a test that does not hold', { op: 'test', path: '/data/a', value: 'no' }],
    ['the removal of what is absent', { op: 'remove', path: '/data/z' }],
    ['a path into nothing', { op: 'add', path: '/no/such', value: 1 }],
    ['a path into a scalar', { op: 'add', path: '/data/a/b', value: 1 }],
    ['an index out of bounds', { op: 'remove', path: '/list/17' }],
    ['an index that is none', { op: 'replace', path: '/list/x', value: 1 }],
    ['an unknown operation', { op: 'frob', path: '/data' }],
    ['an inherited name for an operation', { op: 'constructor', path: '/data' }],
    ['a path without a slash', { op: 'add', path: 'data', value: 'x' }],
    ['a missing path', { op: 'remove' }],
    ['a missing origin', { op: 'move', path: '/data/c' }],
  ])('refuses %s with the one message there is', (_, operation) => {
    const message = 'the server rejected our request due to an error in our request';
    expect(statusOf(() => applyJsonPatch(document, [operation]))).toEqual(
      new StatusError('Invalid', message, {}).status,
    );
  });

  it('refuses what is no list of operations', () => {
    const refusal = (what: string, type: string): Error =>
      badRequest(`error decoding patch: json: cannot unmarshal ${what} into Go value of type ${type}`);
    expect(() => applyJsonPatch({}, { op: 'add' })).toThrow(refusal('object', '[]handlers.jsonPatchOp'));
    expect(() => applyJsonPatch({}, [1])).toThrow(refusal('number', 'handlers.jsonPatchOp'));
  });

  it('refuses more than ten thousand operations', () => {
    const patch = Array.from({ length: 10_001 }, () => ({ op: 'test', path: '/a', value: null }));
    const message = 'Request entity too large: The allowed maximum operations in a JSON patch is 10000, got 10001';
    expect(() => applyJsonPatch({}, patch)).toThrow(new StatusError('RequestEntityTooLarge', message));
  });

  it('refuses copies that double a document without end', () => {
    const patch = Array.from({ length: 40 }, (_, index) => ({ op: 'copy', from: '/a', path: `/a/${index}` }));
    const begin = performance.now();
    expect(() => applyJsonPatch({ a: { b: 'x'.repeat(100) } }, patch)).toThrow(StatusError);
    expect(performance.now() - begin).toBeLessThan(2000);
  });

  it('changes neither document nor patch, and no prototype', () => {
    const patch = [
      { op: 'add', path: '/__proto__', value: { polluted: true } },
      { op: 'add', path: '/constructor', value: {} },
      { op: 'add', path: '/list/-', value: { a: 1 } },
      { op: 'add', path: '/list/3/b', value: 2 },
    ];
    const before = cloneJson({ document, patch });
    const patched = applyJsonPatch<object>(document, patch);
    expect({ document, patch }).toEqual(before);
    expect(Object.getPrototypeOf(patched)).toBe(Object.prototype);
    expect(Object.hasOwn(patched, '__proto__')).toBe(true);
    expect(({} as Record<string, unknown>)['polluted']).toBeUndefined();
    try {
      applyJsonPatch({}, [{ op: 'add', path: '/constructor/prototype/x', value: 1 }]);
    } catch (err) {
      expect(is('Invalid', err)).toBe(true);
    }
  });

  it('does what the RFC says wherever upstream does', () => {
    let state = 3;
    const random = (below: number): number => (state = (state * 1103515245 + 12345) % 2147483648) % below;
    const paths = ['/data/a', '/data/b', '/data', '/list/0', '/list/1', '/list/-', '/x.com~1y/~0', '/list'];
    const path = (): string => paths[random(paths.length)]!;
    for (let round = 0; round < 3000; round++) {
      const op = ['add', 'remove', 'move', 'copy', 'test'][random(5)];
      const operation = { op, path: path(), from: path(), value: random(3) };
      const theirs: unknown = cloneJson(document);
      const failed = applyPatch(theirs, [operation as Operation]).some((err) => err !== null);
      let ours: unknown = 'refused';
      try {
        ours = applyJsonPatch(document, [operation]);
      } catch {
        // compared below
      }
      const isLenient = op === 'copy' || (op === 'move' && operation.path.startsWith(operation.from));
      if (!isLenient && !operation.from.endsWith('-'))
        expect([operation, ours]).toEqual([operation, failed ? 'refused' : theirs]);
    }
  });
});

it('knows equal JSON from different', () => {
  expect(equalJson({ a: [1, { b: null }] }, { a: [1, { b: null }] })).toBe(true);
  expect(equalJson([], {})).toBe(false);
  expect(equalJson({ a: undefined }, {})).toBe(true);
  expect(equalJson({ toString: 1 }, {})).toBe(false);
});
