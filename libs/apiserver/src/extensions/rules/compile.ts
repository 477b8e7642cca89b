import {
  newEnvironment,
  optionalOf,
  resultProblem,
  scalar,
  structuralType,
  type Environment,
  type Program,
  type StructuralSchema as TypedSchema,
} from '@kubephant/cel';
import type { StructuralSchema, ValidationRule } from '@kubephant/schema';

/** A rule with what became of its expressions. */
export interface CompiledRule {
  readonly rule: ValidationRule;
  readonly program?: Program;
  readonly error?: string;
  readonly message?: Program;
  readonly messageError?: string;
  /** It compares with what was before, so that it says nothing of new values. */
  readonly isTransition: boolean;
}

/** The schema as expressions see it. */
export const typedSchema = (schema: StructuralSchema): TypedSchema => schema as TypedSchema;

/** Compiles the rules that stand in one schema, not those below it. Undefined: rules cannot see values of the schema. */
export type CompileOwnRules = (schema: StructuralSchema, isRoot: boolean) => readonly CompiledRule[] | undefined;

/** A compiler of rules: making one is dear, so that a server has one. */
export function newRuleCompiler(): CompileOwnRules {
  const base = newEnvironment({ variables: {} });
  return (schema, isRoot) => {
    const sized = structuralType(typedSchema(schema), 'selfType', isRoot);
    if (!sized) return undefined;
    const plain = base.extend({ self: sized.type, oldSelf: sized.type });
    const optional = base.extend({ self: sized.type, oldSelf: optionalOf(sized.type) });
    return (schema['x-kubernetes-validations'] ?? []).map((rule) =>
      compileRule(rule, rule.optionalOldSelf === true ? optional : plain),
    );
  };
}

function compileRule(rule: ValidationRule, variables: Environment): CompiledRule {
  const compiled = variables.compile(rule.rule);
  const message = messageOf(rule, variables);
  if ('error' in compiled) return { rule, error: compiled.error, isTransition: false, ...message };
  const { program } = compiled;
  const isTransition = program.references.has('oldSelf');
  if (resultProblem(program.type, scalar.bool) === undefined) return { rule, program, isTransition, ...message };
  return { rule, error: 'cel expression must evaluate to a bool', isTransition, ...message };
}

function messageOf(
  { messageExpression }: ValidationRule,
  variables: Environment,
): Pick<CompiledRule, 'message' | 'messageError'> {
  if (!messageExpression?.trim()) return {};
  const compiled = variables.compile(messageExpression);
  if ('error' in compiled) return { messageError: `messageExpression ${compiled.error}` };
  if (resultProblem(compiled.program.type, scalar.string) === undefined) return { message: compiled.program };
  return { messageError: 'messageExpression must evaluate to a string' };
}
