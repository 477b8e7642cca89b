import { customSchema, prune, setDefaults, validateListTypes, validateValue, type StructuralSchema } from './index';

const text: StructuralSchema = { type: 'string' };
const schema: StructuralSchema = {
  type: 'object',
  properties: {
    color: { type: 'string', default: 'red' },
    maybe: { type: 'string', nullable: true, default: 'x' },
    plain: text,
    map: { type: 'object', additionalProperties: { type: 'integer', default: 7 } },
    open: { type: 'object', 'x-kubernetes-preserve-unknown-fields': true, properties: { inner: { type: 'object' } } },
    list: { type: 'array', items: { type: 'object', properties: { a: { type: 'integer', default: 1 } } } },
  },
};

const defaulted = (value: object): unknown => {
  const copy = structuredClone(value);
  setDefaults(copy, schema);
  return copy;
};

const pruned = (value: object, isResource = false): unknown => {
  const copy = structuredClone(value);
  prune(copy, schema, isResource);
  return copy;
};

describe('defaults', () => {
  it.each<[string, object, object]>([
    ['fill what is absent', {}, { color: 'red', maybe: 'x' }],
    ['take the place of a null that may not be', { color: null, maybe: null }, { color: 'red', maybe: null }],
    ['do not come with a null that may not be and has none', { plain: null }, { color: 'red', maybe: 'x' }],
    ['reach into lists', { list: [{}] }, { color: 'red', maybe: 'x', list: [{ a: 1 }] }],
    ['reach into maps', { map: { a: null, b: 2 } }, { color: 'red', maybe: 'x', map: { a: 7, b: 2 } }],
  ])('%s', (_, value, expected) => {
    expect(defaulted(value)).toEqual(expected);
  });

  it('are each object’s own', () => {
    const form: StructuralSchema = { type: 'object', properties: { o: { type: 'object', default: { a: 1 } } } };
    const [one, other] = [{ o: undefined as unknown }, { o: undefined as unknown }];
    setDefaults(one, form);
    setDefaults(other, form);
    expect(one.o).not.toBe(other.o);
  });
});

describe('pruning', () => {
  it.each<[string, object, object]>([
    ['takes away what is not known', { color: 'a', more: 1 }, { color: 'a' }],
    ['leaves keys of maps', { map: { any: 1 } }, { map: { any: 1 } }],
    [
      'leaves what is open, but for what is described there',
      { open: { x: { y: 1 }, inner: { z: 1 } } },
      { open: { x: { y: 1 }, inner: {} } },
    ],
    ['reaches into lists', { list: [{ a: 1, b: 2 }] }, { list: [{ a: 1 }] }],
    [
      'takes away keys that every object seems to have',
      JSON.parse('{"__proto__":{"x":1},"constructor":1}') as object,
      {},
    ],
  ])('%s', (_, value, expected) => {
    expect(pruned(value)).toEqual(expected);
  });

  it('leaves an object what says what it is', () => {
    const whole = { apiVersion: 'a/v1', kind: 'A', metadata: { name: 'a' }, other: 1 };
    expect(pruned(whole, true)).toEqual({ apiVersion: 'a/v1', kind: 'A', metadata: { name: 'a' } });
  });
});

describe('a hostile value', () => {
  const deep = (levels: number): unknown => JSON.parse(`${'{"a":'.repeat(levels)}1${'}'.repeat(levels)}`);

  it('is refused when it is too deep to be walked', () => {
    const { read } = customSchema({ type: 'object', 'x-kubernetes-preserve-unknown-fields': true });
    expect(() => read?.(deep(20_000) as Record<string, unknown>)).toThrow('maximum depth');
  });

  it('meets patterns that take linear time', () => {
    const form: StructuralSchema = { type: 'string', pattern: '^(a+)+$' };
    expect(validateValue(form, `${'a'.repeat(50_000)}b`)).toHaveLength(1);
  });
});

describe('what did not change', () => {
  const form: StructuralSchema = {
    type: 'object',
    properties: {
      few: { type: 'array', items: { type: 'string', maxLength: 1 } },
      keyed: {
        type: 'array',
        'x-kubernetes-list-type': 'map',
        'x-kubernetes-list-map-keys': ['k'],
        items: { type: 'object', properties: { k: text, v: { type: 'integer' } } },
      },
    },
  };
  const told = (value: object, old: object): readonly (string | undefined)[] =>
    validateValue(form, value, old).map(({ at }) => at);

  it('is not reproached, where it can be told', () => {
    expect(told({ few: ['ab'] }, { few: ['ab'] })).toEqual([]);
    expect(told({ keyed: [{ k: 'n' }, { k: 'o', v: 'x' }] }, { keyed: [{ k: 'o', v: 'x' }] })).toEqual([]);
  });

  it('is, in lists that do not say which item is which', () => {
    expect(told({ few: ['ab', 'c'] }, { few: ['ab'] })).toEqual(['few[0]']);
  });
});

describe('the type of a value with a format', () => {
  const told = (form: StructuralSchema, value: unknown): readonly string[] =>
    validateValue(form, value).map(({ message }) => message);

  it.each<[string, StructuralSchema, unknown, readonly string[]]>([
    ['a number for a text', { type: 'string', format: 'ipv4' }, 5, ['"int64":  in body must be of type ipv4: "int64"']],
    ['a bool for a number', { type: 'integer', format: 'int64' }, true, ['"":  in body must be of type int64: ""']],
    [
      'a text for a number',
      { type: 'integer', format: 'int64' },
      'x',
      ['"string":  in body must be of type integer: "string"'],
    ],
    ['a list for a text', { type: 'string', format: 'ipv4' }, ['x'], []],
    [
      'an unknown format',
      { type: 'string', format: 'x' },
      5,
      ['"integer":  in body must be of type string: "integer"'],
    ],
    ['a duration somewhere', { type: 'string', format: 'duration' }, '5s/', []],
    ['an address of IPv6 with dots', { type: 'string', format: 'ipv4' }, '::ffff:1.2.3.4', []],
  ])('is told by the format: %s', (_, form, value, expected) => {
    expect(told(form, value)).toEqual(expected.map((text) => `Invalid value: ${text}`));
  });
});

describe('items of lists with identities', () => {
  const set: StructuralSchema = { type: 'array', 'x-kubernetes-list-type': 'set' };
  const map: StructuralSchema = { type: 'array', 'x-kubernetes-list-type': 'map', 'x-kubernetes-list-map-keys': ['k'] };

  it.each<[string, StructuralSchema, readonly unknown[], readonly string[]]>([
    ['the second of three twins', set, ['a', 'a', 'a'], ['[1] Duplicate value: "a"']],
    ['the second of two nulls', map, [null, null], ['[1] Duplicate value: {}']],
    [
      'the first that is no object',
      map,
      [null, 'x', 'y'],
      ['[1] Invalid value: "x": must be an object for an array of list-type map'],
    ],
  ])('are told once: %s', (_, form, list, expected) => {
    expect(validateListTypes(form, list).map(({ at = '', message }) => `${at} ${message}`)).toEqual(expected);
  });
});
