import { scalar, variablesType, type Environment, type Type } from '@kubephant/cel';
import type { ValidatingAdmissionPolicy, Validation, Variable } from '@kubephant/schema';
import { compileConditions } from './cel-conditions';
import type { Environments } from './environments';
import { compile, type Expression } from './expressions';

/** A validation with its expressions ready to run. */
export interface CompiledValidation {
  readonly validation: Validation;
  readonly expression: Expression;
  readonly message?: Expression;
}

/** An expression whose value goes into the audit log. */
export interface CompiledAnnotation {
  readonly key: string;
  readonly expression: Expression;
}

export interface CompiledPolicy {
  readonly conditions: readonly Expression[];
  readonly variables: ReadonlyMap<string, Expression>;
  readonly validations: readonly CompiledValidation[];
  readonly annotations: readonly CompiledAnnotation[];
}

/** Every variable knows those that were declared before it. */
export function compileVariables(
  variables: readonly Variable[],
  base: Environment,
): { readonly expressions: ReadonlyMap<string, Expression>; readonly types: ReadonlyMap<string, Type> } {
  const expressions = new Map<string, Expression>();
  const types = new Map<string, Type>();
  for (const { name, expression } of variables) {
    const compiled = compile(base.extend({ variables: variablesType(new Map(types)) }), expression);
    expressions.set(name, compiled);
    types.set(name, compiled.program?.type ?? scalar.dyn);
  }
  return { expressions, types };
}

export function compilePolicy({ spec }: ValidatingAdmissionPolicy, environments: Environments): CompiledPolicy {
  const { paramKind, variables = [], validations = [], auditAnnotations = [] } = spec;
  const reach = { params: paramKind !== undefined };
  const base = environments({ ...reach, authorizer: true });
  const { expressions, types } = compileVariables(variables, base);
  const withVariables = { variables: variablesType(types) };
  const environment = base.extend(withVariables);
  const messages = environments(reach).extend(withVariables);
  return {
    conditions: compileConditions(spec, base),
    variables: expressions,
    validations: validations.map((validation) => ({
      validation,
      expression: compile(environment, validation.expression),
      ...(validation.messageExpression && { message: compile(messages, validation.messageExpression) }),
    })),
    annotations: auditAnnotations.map(({ key, valueExpression }) => ({
      key,
      expression: compile(environment, valueExpression),
    })),
  };
}
