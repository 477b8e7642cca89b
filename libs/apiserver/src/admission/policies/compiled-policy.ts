import { scalar, variablesType, type Environment, type Type } from '@kubephant/cel';
import type { ValidatingAdmissionPolicy, Validation, Variable } from '@kubephant/schema';
import { compileConditions } from './cel-conditions';
import { compile, policyEnvironment, policyWithParamsEnvironment, type Expression } from './expressions';

/** A validation with its expressions ready to run. */
export interface CompiledValidation {
  readonly validation: Validation;
  readonly expression: Expression;
  readonly message?: Expression;
}

export interface CompiledPolicy {
  readonly conditions: readonly Expression[];
  readonly variables: ReadonlyMap<string, Expression>;
  readonly validations: readonly CompiledValidation[];
}

/** Every variable knows those that were declared before it. */
export function compileVariables(
  variables: readonly Variable[],
  base: Environment,
): { readonly expressions: ReadonlyMap<string, Expression>; readonly environment: Environment } {
  const expressions = new Map<string, Expression>();
  const types = new Map<string, Type>();
  let environment = base;
  for (const { name, expression } of variables) {
    const compiled = compile(environment, expression);
    expressions.set(name, compiled);
    types.set(name, compiled.program?.type ?? scalar.dyn);
    environment = base.extend({ variables: variablesType(new Map(types)) });
  }
  return { expressions, environment };
}

export function compilePolicy({ spec }: ValidatingAdmissionPolicy): CompiledPolicy {
  const { paramKind, variables = [], validations = [] } = spec;
  const base = paramKind ? policyWithParamsEnvironment : policyEnvironment;
  const { expressions, environment } = compileVariables(variables, base);
  return {
    conditions: compileConditions(spec, base),
    variables: expressions,
    validations: validations.map((validation) => ({
      validation,
      expression: compile(environment, validation.expression),
      ...(validation.messageExpression && { message: compile(environment, validation.messageExpression) }),
    })),
  };
}
