import { type Environment, newEnvironment } from './environment';
import { costOfRule, ruleCostLimit } from './cost/limits';
import { authorizerType } from './library/authz';
import { jsonPatchType, objectType } from './library/mutation';
import { resultProblem } from './result';
import { deviceType, requestType, variablesType } from './schema/admission';
import { type StructuralSchema, structuralType } from './schema/structural';
import { type Type, listOf, opaque, optionalOf, scalar } from './types';
import recorded from './testdata/compiled.json';

interface Case {
  readonly environment: string;
  readonly field: string;
  readonly expression: string;
  readonly error: string | null;
  readonly properties?: Readonly<Record<string, StructuralSchema>>;
  readonly optionalOldSelf?: boolean;
}

const text: StructuralSchema = { type: 'string' };

/** The schema of the recorded CustomResourceDefinition. */
const spec = (more: Case['properties']): StructuralSchema => ({
  type: 'object',
  properties: {
    replicas: { type: 'integer' },
    s: { type: 'string', maxLength: 10 },
    list: { type: 'array', maxItems: 5, items: { type: 'object', properties: { k: text } } },
    m: { type: 'object', additionalProperties: text },
    ...more,
  },
});

function customResource({ properties, optionalOldSelf }: Case): Environment {
  const self = structuralType(spec(properties), 'selfType<n>')?.type ?? scalar.error;
  return newEnvironment({ variables: { self, oldSelf: optionalOldSelf === true ? optionalOf(self) : self } });
}

const admission = {
  object: scalar.dyn,
  oldObject: scalar.dyn,
  request: requestType,
  authorizer: opaque(authorizerType),
  variables: variablesType(new Map()),
};

const environments: Readonly<Record<string, (test: Case) => Environment>> = {
  crd: customResource,
  policy: () => newEnvironment({ variables: admission }),
  webhook: () => newEnvironment({ variables: admission }),
  mutation: () => newEnvironment({ variables: admission, mutation: true }),
  selector: () => newEnvironment({ variables: { device: deviceType }, bindings: true }),
};

const wanted: Readonly<Record<string, readonly Type[]>> = {
  messageExpression: [scalar.string],
  valueExpression: [scalar.string, scalar.null],
  'expression of apply': [objectType],
  'expression of patch': [listOf(jsonPatchType)],
};

/** What each user of expressions says to a result of another type. */
function problemWithResult({ environment, field }: Case, type: Type): string | undefined {
  const problem = resultProblem(type, ...(wanted[field] ?? [scalar.bool]));
  if (environment === 'crd' && problem !== undefined) return 'cel expression must evaluate to a bool';
  if (environment !== 'selector') return problem;
  return problem?.replace('bool but got', 'bool or the unknown type, not');
}

it.each(recorded as readonly Case[])('$environment $field: $expression', (test) => {
  const compilation = environments[test.environment]?.(test).compile(test.expression) ?? { error: 'no environment' };
  if ('error' in compilation) {
    expect(compilation.error).toBe(test.error);
    return;
  }
  const { type, cost } = compilation.program;
  expect(problemWithResult(test, type) ?? null).toBe(test.error);
  if (test.environment === 'crd') expect(costOfRule(cost, 1)).toBeLessThanOrEqual(ruleCostLimit);
});

const environment = newEnvironment({ variables: { object: scalar.dyn, n: scalar.int, names: listOf(scalar.string) } });

const complaints: readonly (readonly [expression: string, message: string])[] = [
  ['n.x', "<input>:1:2: type 'int' does not support field selection\n | n.x\n | .^"],
  [
    'n.all(x, true)',
    "<input>:1:1: expression of type 'int' cannot be range of a comprehension (must be list, map, or dynamic)\n | n.all(x, true)\n | ^",
  ],
  ['names.all(1, true)', '<input>:1:11: argument must be a simple name\n | names.all(1, true)\n | ..........^'],
  ['names.all(x, x)', "<input>:1:14: expected type 'bool' but found 'string'\n | names.all(x, x)\n | .............^"],
  ['names.all(i, i, true)', '<input>:1:14: duplicate variable name: i\n | names.all(i, i, true)\n | .............^'],
  ['1 +\n  "a"', "<input>:1:3: found no matching overload for '_+_' applied to '(int, string)'\n | 1 +\n | ..^"],
  [
    '[1,\n "é" + 1]',
    "<input>:2:6: found no matching overload for '_+_' applied to '(string, int)'\n |  \"é\" + 1]\n | ..．..^",
  ],
  [
    'é',
    "<input>:1:1: Syntax error: token recognition error at: 'é'\n | é\n | ＾\nERROR: <input>:1:2: Syntax error: mismatched input '<EOF>' expecting {'[', '{', '(', '.', '-', '!', 'true', 'false', 'null', NUM_FLOAT, NUM_INT, NUM_UINT, STRING, BYTES, IDENTIFIER}\n | é\n | ．^",
  ],
  [
    '%',
    "<input>:1:1: Syntax error: mismatched input '%' expecting {'[', '{', '(', '.', '-', '!', 'true', 'false', 'null', NUM_FLOAT, NUM_INT, NUM_UINT, STRING, BYTES, IDENTIFIER}\n | %\n | ^\nERROR: <input>:1:2: Syntax error: mismatched input '<EOF>' expecting {'[', '{', '(', '.', '-', '!', 'true', 'false', 'null', NUM_FLOAT, NUM_INT, NUM_UINT, STRING, BYTES, IDENTIFIER}\n | %\n | .^",
  ],
  [
    '-',
    "<input>:1:2: Syntax error: no viable alternative at input '-'\n | -\n | .^\nERROR: <input>:1:2: Syntax error: mismatched input '<EOF>' expecting {'[', '{', '(', '.', '-', '!', 'true', 'false', 'null', NUM_FLOAT, NUM_INT, NUM_UINT, STRING, BYTES, IDENTIFIER}\n | -\n | .^",
  ],
  ['[1, "a"]', "<input>:1:5: expected type 'int' but found 'string'\n | [1, \"a\"]\n | ....^"],
  [
    'n ? 1 : 2',
    "<input>:1:3: found no matching overload for '_?_:_' applied to '(int, int, int)'\n | n ? 1 : 2\n | ..^",
  ],
  [
    'f(',
    "<input>:1:3: Syntax error: mismatched input '<EOF>' expecting {'[', '{', '(', ')', '.', '-', '!', 'true', 'false', 'null', NUM_FLOAT, NUM_INT, NUM_UINT, STRING, BYTES, IDENTIFIER}\n | f(\n | ..^",
  ],
  ['[1', "<input>:1:3: Syntax error: missing ']' at '<EOF>'\n | [1\n | ..^"],
  ['for', '<input>:1:1: reserved identifier: for\n | for\n | ^'],
  ['9223372036854775808', '<input>:1:1: invalid int literal\n | 9223372036854775808\n | ^'],
  [
    'a | b',
    "<input>:1:3: Syntax error: token recognition error at: '| '\n | a | b\n | ..^\nERROR: <input>:1:5: Syntax error: extraneous input 'b' expecting <EOF>\n | a | b\n | ....^",
  ],
];

it.each(complaints)('complains about %j', (expression, message) => {
  expect(environment.compile(expression)).toEqual({ error: `compilation failed: ERROR: ${message}` });
});

it('tells what an expression refers to, and nothing else', () => {
  const compilation = environment.compile('names.all(x, x == object.n) && size(names) > 0');
  expect('program' in compilation && compilation.program.references).toEqual(new Set(['names', 'object']));
});

it('has cel.bind where it is asked for', () => {
  const selectors = newEnvironment({ variables: { device: deviceType }, bindings: true });
  expect(selectors.compile('cel.bind(a, device.attributes["d"], a.x && a.y)')).toHaveProperty('program');
});
