import {
  deviceType,
  jsonPatchType,
  listOf,
  newEnvironment,
  objectType,
  resultProblem,
  scalar,
  variablesType,
  type Environment,
  type Type,
} from '@kubephant/cel';
import type { CheckExpression, ExpressionProblem, ExpressionScope, ExpressionUse } from '@kubephant/resources';
import type { Variable } from '@kubephant/schema';
import { newEnvironments, type Reach } from './environments';

/** What expressions must evaluate to; an empty list: to anything. */
const results: Readonly<Record<ExpressionUse, readonly Type[]>> = {
  matchCondition: [scalar.bool],
  variable: [],
  validation: [scalar.bool],
  messageExpression: [scalar.string],
  auditAnnotation: [scalar.string, scalar.null],
  applyConfiguration: [objectType],
  jsonPatch: [listOf(jsonPatchType)],
  deviceSelector: [scalar.bool],
};

/** Messages are made for whoever is refused: what others may do is none of their business. */
const reachOf = (use: ExpressionUse, { params = false }: ExpressionScope): Reach => ({
  params,
  authorizer: use !== 'messageExpression',
  mutation: use === 'applyConfiguration' || use === 'jsonPatch',
});

/** What evaluating the selector of a device may cost by estimate. */
const selectorCostLimit = 1_000_000;

/** Compiles the expressions of webhooks, policies and device selectors, and says what is wrong with them. */
export function newCheckExpression(): CheckExpression {
  const devices = newEnvironment({ variables: { device: deviceType }, bindings: true });
  const environments = newEnvironments();
  const known: KnownTypes = new WeakMap();
  const environmentOf = (use: ExpressionUse, scope: ExpressionScope): Environment => {
    if (use === 'deviceSelector') return devices;
    const base = environments(reachOf(use, scope));
    return scope.variables
      ? base.extend({
          variables: variablesType(typesOf(scope.variables, environments(reachOf('variable', scope)), known)),
        })
      : base;
  };
  return (expression, use, scope) => {
    if (scope.stored) return undefined;
    const compilation = environmentOf(use, scope).compile(expression);
    if ('error' in compilation) return invalid(compilation.error);
    const { type, cost } = compilation.program;
    const problem = results[use].length > 0 ? resultProblem(type, ...results[use]) : undefined;
    if (problem !== undefined) return invalid(use === 'deviceSelector' ? ofSelector(problem) : problem);
    const isDear = use === 'deviceSelector' && cost.max > selectorCostLimit;
    return isDear ? { reason: 'FieldValueForbidden', detail: 'too complex, exceeds cost limit' } : undefined;
  };
}

/** Upstream has other words where devices are selected. */
const ofSelector = (problem: string): string => problem.replace(' but got ', ' or the unknown type, not ');

const invalid = (detail: string): ExpressionProblem => ({ reason: 'FieldValueInvalid', detail });

type KnownTypes = WeakMap<Variable, ReadonlyMap<string, Type>>;

/** Every variable is compiled once: policies are checked with more and more of theirs. */
function typesOf(variables: readonly Variable[], base: Environment, known: KnownTypes): ReadonlyMap<string, Type> {
  const start = variables.findLastIndex((variable) => known.has(variable));
  let types = (start < 0 ? undefined : known.get(variables[start] as Variable)) ?? new Map<string, Type>();
  for (const variable of variables.slice(start + 1)) {
    const compilation = base.extend({ variables: variablesType(types) }).compile(variable.expression);
    types = new Map([...types, [variable.name, 'program' in compilation ? compilation.program.type : scalar.dyn]]);
    known.set(variable, types);
  }
  return types;
}
