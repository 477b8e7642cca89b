import { compileRegex } from '../library/regex';
import type { Problem } from '../source';
import { type Call, children, type Expr } from '../syntax/ast';
import { parseDuration, parseTimestamp } from '../values/time';
import { Failure } from '../values/value';

/** Every part of an expression, itself included; without recursion, so that depth does not matter. */
export function parts(expr: Expr): readonly Expr[] {
  const found = [expr];
  for (let index = 0; index < found.length; index++) {
    const part = found[index];
    if (part) found.push(...children(part));
  }
  return found;
}

/** Whether an expression nests deeper, macros expanded; found out without recursion. */
export function isDeeperThan(expr: Expr, limit: number): boolean {
  let level: readonly Expr[] = [expr];
  for (let depth = 0; depth <= limit && level.length > 0; depth++) level = level.flatMap((part) => children(part));
  return level.length > 0;
}

const literal = (expr: Expr | undefined): { readonly text: string; readonly at: number } | undefined =>
  expr?.kind === 'literal' && typeof expr.value === 'string' ? { text: expr.value, at: expr.at } : undefined;

/** The argument that is a pattern: of `text.matches(p)` the first, of `matches(text, p)` the second. */
const patternOf = ({ target, args }: Call): Expr | undefined => (target ? args[0] : args[1]);

const isRegex = (text: string): boolean => !(compileRegex(text) instanceof Failure);

interface LiteralRule {
  readonly argument: (call: Call) => Expr | undefined;
  readonly valid: (text: string) => boolean;
}

const rules: Readonly<Record<string, LiteralRule>> = {
  duration: { argument: ({ args }) => args[0], valid: (text) => parseDuration(text) !== undefined },
  timestamp: { argument: ({ args }) => args[0], valid: (text) => parseTimestamp(text) !== undefined },
  matches: { argument: patternOf, valid: isRegex },
};

/** Literals that will never be a duration, a timestamp or a pattern. */
export function literalProblems(expr: Expr): readonly Problem[] {
  return parts(expr).flatMap((part) => {
    const rule = part.kind === 'call' && Object.hasOwn(rules, part.name) ? rules[part.name] : undefined;
    const text = rule && part.kind === 'call' ? literal(rule.argument(part)) : undefined;
    if (!rule || !text || rule.valid(text.text) || part.kind !== 'call') return [];
    return [{ offset: text.at, message: `invalid ${part.name} argument` }];
  });
}

/** What is wrong with the first bad pattern of `find` and `findAll`, which upstream meets when it makes the program. */
export function patternProblem(expr: Expr): string | undefined {
  for (const part of parts(expr)) {
    if (part.kind !== 'call' || (part.name !== 'find' && part.name !== 'findAll')) continue;
    const text = literal(patternOf(part));
    const regex = text && compileRegex(text.text);
    if (regex instanceof Failure) return regex.message;
  }
  return undefined;
}
