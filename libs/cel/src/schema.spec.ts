import { schemas } from '@kubephant/schema';
import { costOfRule, costProblem, ruleCostLimit, schemaCostLimit, schemaCostName } from './cost/limits';
import { newEnvironment } from './environment';
import { escapeName, isIdentifier, unescapeName } from './schema/escape';
import { cardinalityFactor, type StructuralSchema, structuralType, unboundedCardinality } from './schema/structural';
import { builtinType } from './schema/builtin';
import { compiled, told } from './testing';
import { optionalOf, scalar } from './types';
import { Optional, type Value } from './values/value';
import { resourceReader, structuralReader } from './values/json';

const text: StructuralSchema = { type: 'string' };

const escapes: readonly (readonly [name: string, escaped: string])[] = [
  ['a', 'a'],
  ['a-b', 'a__dash__b'],
  ['a.b', 'a__dot__b'],
  ['a/b', 'a__slash__b'],
  ['a__b', 'a__underscores__b'],
  ['namespace', '__namespace__'],
  ['__proto__', '__underscores__proto__underscores__'],
  ['constructor', 'constructor'],
];

it.each(escapes)('escapes %s as %s, and back', (name, escaped) => {
  expect(escapeName(name)).toBe(escaped);
  expect(unescapeName(escaped)).toBe(name);
});

it('has no name for what expressions cannot write', () => {
  expect(['1a', '', 'a b', 'é', '$ref'].map(escapeName)).toEqual(Array(5).fill(undefined));
  expect(['a__nope__', 'x__namespace__'].map(unescapeName)).toEqual([undefined, undefined]);
  expect(['a', 'in', '1a', 'a-b'].map(isIdentifier)).toEqual([true, false, false, false]);
});

const schema: StructuralSchema = {
  type: 'object',
  properties: {
    spec: {
      type: 'object',
      required: ['replicas'],
      properties: {
        replicas: { type: 'integer' },
        ratio: { type: 'number' },
        'a-b': text,
        namespace: text,
        port: { 'x-kubernetes-int-or-string': true },
        since: { type: 'string', format: 'date-time' },
        day: { type: 'string', format: 'date' },
        period: { type: 'string', format: 'duration' },
        data: { type: 'string', format: 'byte' },
        tags: { type: 'array', items: text, 'x-kubernetes-list-type': 'set' },
        ports: {
          type: 'array',
          'x-kubernetes-list-type': 'map',
          'x-kubernetes-list-map-keys': ['name'],
          items: { type: 'object', properties: { name: text, port: { type: 'integer' } } },
        },
        plain: { type: 'array', items: text },
        labels: { type: 'object', additionalProperties: text },
        maybe: { type: 'string', nullable: true },
        any: { 'x-kubernetes-preserve-unknown-fields': true },
        __proto__x: text,
      },
    },
  },
};

const object = (spec: object): object => ({
  apiVersion: 'e.com/v1',
  kind: 'E',
  metadata: { name: 'n', labels: {} },
  spec,
});
const self = structuralType(schema, 'selfType', true)?.type ?? scalar.error;
const environment = newEnvironment({ variables: { self, oldSelf: self } });
const read = resourceReader(schema);

const first = {
  replicas: 3,
  ratio: 2,
  'a-b': 'x',
  namespace: 'ns',
  port: 80,
  since: '2026-01-01T00:00:00Z',
  day: '2026-01-02',
  period: '3 days',
  data: 'aGk=',
  tags: ['a', 'b'],
  ports: [
    { name: 'x', port: 1 },
    { name: 'y', port: 2 },
  ],
  plain: ['a', 'b'],
  labels: { 'a/b': 'c', __proto__x: 'd' },
  maybe: null,
  any: { x: 1 },
};
const second = { ...first, port: 'http', tags: ['b', 'a'], plain: ['b', 'a'], ports: first.ports.toReversed() };

const run = (expression: string): string =>
  told(
    compiled(environment, expression).evaluate({
      self: read(object(first)),
      oldSelf: read(object(second)),
    }),
  );

const truths: readonly string[] = [
  'self.spec.replicas == 3 && type(self.spec.replicas) == int',
  'self.spec.ratio == 2.0 && type(self.spec.ratio) == double',
  'self.spec.a__dash__b == "x" && self.spec.__namespace__ == "ns"',
  'type(self.spec.port) == int && type(oldSelf.spec.port) == string && oldSelf.spec.port == "http"',
  'self.spec.since < self.spec.day && self.spec.since.getFullYear() == 2026',
  'self.spec.period == duration("72h") && self.spec.data == b"hi"',
  'self.spec.tags == oldSelf.spec.tags && self.spec.ports == oldSelf.spec.ports',
  'self.spec.plain != oldSelf.spec.plain',
  '(self.spec.tags + ["c", "a"]).size() == 3 && (self.spec.plain + ["a"]).size() == 3',
  '(self.spec.ports + oldSelf.spec.ports) == self.spec.ports',
  'self.spec.labels["a/b"] == "c" && self.spec.labels.all(k, self.spec.labels[k] != "")',
  'self.metadata.name == "n" && self.kind == "E" && self.apiVersion.startsWith("e.com")',
  '!has(self.spec.__underscores__proto__underscores__x) && has(self.spec.maybe) && dyn(self.spec.maybe) == null',
  'self.spec.ports.exists_one(p, p.name == "x" && p.port == 1)',
  'self == self && self.spec != oldSelf.spec',
];

it.each(truths)('%s', (expression) => {
  expect(run(expression)).toBe('true');
});

it('does not show what the schema does not know', () => {
  for (const hidden of ['self.spec.any', 'self.metadata.labels', 'self.spec.constructor', 'self.spec.__proto__']) {
    expect(environment.compile(hidden)).toHaveProperty('error');
  }
});

it('fails on data that does not fit its schema, and only where it is looked at', () => {
  const value = read({ spec: { replicas: 'x', ratio: 1 } });
  const tell = (expression: string): string => told(compiled(environment, expression).evaluate({ self: value }));
  expect(tell('self.spec.replicas > 0')).toBe('error: invalid data, expected int');
  expect(tell('self.spec.ratio > 0.5')).toBe('true');
  expect(tell('self.spec.since == timestamp(0)')).toBe('error: no such key: since');
});

it('gives an optional oldSelf to rules that ask for it', () => {
  const { program } = newEnvironment({ variables: { self: scalar.int, oldSelf: optionalOf(scalar.int) } }).compile(
    'oldSelf.hasValue() ? oldSelf.value() <= self : true',
  ) as { program: ReturnType<typeof compiled> };
  const tell = (oldSelf: Value): string => told(program.evaluate({ self: 2n, oldSelf }));
  expect([tell(Optional.none), tell(new Optional(1n)), tell(new Optional(3n))]).toEqual(['true', 'true', 'false']);
});

describe('estimates', () => {
  const costOf = (properties: Record<string, StructuralSchema>, rule: string): number => {
    const type = structuralType({ type: 'object', properties }, 'selfType')?.type ?? scalar.error;
    return compiled(newEnvironment({ variables: { self: type } }), rule).cost.max;
  };
  const list = (maxItems?: number, maxLength?: number): StructuralSchema => ({
    type: 'array',
    items: { ...text, ...(maxLength !== undefined && { maxLength }) },
    ...(maxItems !== undefined && { maxItems }),
  });

  it.each<readonly [string, Record<string, StructuralSchema>, number]>([
    ['self.n == 1', { n: { type: 'integer' } }, 2],
    ['self.s == "abc"', { s: text }, 3],
    ['self.s.startsWith(self.s)', { s: { ...text, maxLength: 10 } }, 8],
    // per turn: condition 2, step 1 + x 1 + equality ceil(0.1)
    ['self.l.all(x, x == "a")', { l: list(10) }, 2 + 10 * 5 + 1],
    // (1 + 40) / 10 rounded up, times 4 / 4
    ['self.s.matches("^abc")', { s: { ...text, maxLength: 10 } }, 2 + 5 * 1],
    ['has(self.s) && self.s.size() > 3', { s: text }, 1 + 2 + 1 + 1],
  ])('%s', (rule, properties, cost) => {
    expect(costOf(properties, rule)).toBe(cost);
  });

  it('lets a list without bound be walked once, but not in itself', () => {
    const once = costOf({ l: list() }, 'self.l.all(x, x == "a")');
    expect(costProblem('estimated rule cost', once, ruleCostLimit)).toBeUndefined();
    const nested = costOf({ l: list() }, 'self.l.all(x, self.l.all(y, x == y))');
    expect(costProblem('estimated rule cost', nested, ruleCostLimit)).toBe(
      'estimated rule cost exceeds budget by factor of more than 100x (try simplifying the rule, or adding maxItems, maxProperties, and maxLength where arrays, maps, and strings are declared)',
    );
    expect(costOf({ l: list(50, 5) }, 'self.l.all(x, self.l.all(y, x == y))')).toBeLessThan(ruleCostLimit);
  });

  it('says by how much a limit is exceeded', () => {
    expect(costProblem(schemaCostName, 250_000_000, schemaCostLimit)).toContain(
      'total for entire OpenAPIv3 schema exceeds budget by factor of 2.5x (',
    );
    expect(costProblem('estimated rule cost', 10_500_000, ruleCostLimit)).toContain('by factor of 1.050000x (');
    expect(costOfRule({ min: 1, max: 5 }, 4)).toBe(20);
  });

  it('knows how often a schema may occur', () => {
    expect(
      [list(7), list(), { type: 'object', maxProperties: 3, additionalProperties: text }, text].map(cardinalityFactor),
    ).toEqual([7, undefined, 3, 1]);
    const small = structuralType({ type: 'integer' }, 'selfType');
    expect(small && unboundedCardinality(small)).toBe((3 * 1024 * 1024) / 2);
  });
});

it('reads elements of lists and values of maps by their schemas', () => {
  const lists: StructuralSchema = {
    type: 'array',
    items: { type: 'object', additionalProperties: { type: 'integer' } },
  };
  const type = structuralType(lists, 'selfType')?.type ?? scalar.error;
  const value = structuralReader(lists)([{ a: 1 }]);
  expect(told(compiled(newEnvironment({ variables: { self: type } }), 'self[0].a + 1').evaluate({ self: value }))).toBe(
    '2',
  );
});

describe('types of built-in objects', () => {
  const pod = builtinType(schemas.get('io.k8s.api.core.v1.Pod'));
  const pods = newEnvironment({ variables: { object: pod } });

  it.each([
    'object.spec.containers.all(c, c.image.startsWith("x") && c.ports.all(p, p.containerPort > 0))',
    'object.metadata.labels["a"] == "b" && object.metadata.creationTimestamp < timestamp("2030-01-01T00:00:00Z")',
    'object.spec.containers.all(c, c.livenessProbe.httpGet.port == 80 || c.livenessProbe.httpGet.port == "http")',
  ])('%s', (expression) => {
    expect(pods.compile(expression)).toHaveProperty('program');
  });

  it('warns of fields that are not there and of types that do not go together', () => {
    expect(pods.compile('object.spec.replicas > 1')).toEqual({
      error:
        "compilation failed: ERROR: <input>:1:12: undefined field 'replicas'\n | object.spec.replicas > 1\n | ...........^",
    });
    expect(pods.compile('object.spec.hostNetwork == "true"')).toHaveProperty('error');
  });
});
