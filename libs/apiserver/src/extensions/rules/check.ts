import {
  cardinalityFactor,
  costOfRule,
  costProblem,
  ruleCostLimit,
  schemaCostLimit,
  schemaCostName,
  structuralType,
  unboundedCardinality,
  type Range,
} from '@kubephant/cel';
import type { Cause } from '@kubephant/api';
import { forbidden, invalidValue, type CheckRules, type Path } from '@kubephant/resources';
import { additionalOf, type StructuralSchema, type ValidationRule } from '@kubephant/schema';
import { typedSchema, type CompiledRule, type CompileOwnRules } from './compile';
import { checkTexts, rulesName } from './texts';

type Causes = readonly Cause[];

/** Where in the whole schema a schema stands. */
interface Place {
  readonly path: Path;
  readonly isRoot: boolean;
  /** How many values of this schema an object can have; undefined: no bound is declared on the way. */
  readonly cardinality: number | undefined;
  /** The list above whose items have no identity, so that none can be compared with what it was. */
  readonly uncorrelated?: Path;
}

interface Expense {
  readonly path: Path;
  readonly cost: number;
}

/** What is wrong with the rules of a schema: their texts, their types, their costs. */
export const newCheckRules =
  (compile: CompileOwnRules): CheckRules =>
  (schema, path, { general, mayCompile }) => {
    const texts = checkTexts(schema, path);
    if (!mayCompile) return texts;
    const check: Check = { compile, expenses: [], errors: [...general, ...texts] };
    const causes = checkSchema(schema, { path, isRoot: true, cardinality: 1 }, check);
    return [...texts, ...causes, ...checkTotal(check.expenses, path)];
  };

/** One check of a whole schema. */
interface Check {
  readonly compile: CompileOwnRules;
  readonly expenses: Expense[];
  /** What is wrong with schemas. Rules are compiled only where nothing is, at their schema and below it. */
  readonly errors: Causes;
}

/** As many of the dearest rules as upstream names, of those that are more than a hundredth of what is allowed. */
const named = 4;

function checkTotal(expenses: readonly Expense[], path: Path): Causes {
  const total = expenses.reduce((sum, { cost }) => sum + cost, 0);
  const problem = costProblem(schemaCostName, total, schemaCostLimit);
  if (problem === undefined) return [];
  const dear = expenses.filter(({ cost }) => cost >= schemaCostLimit / 100);
  const dearest = dear.sort((a, b) => b.cost - a.cost).slice(0, named);
  const contributed = 'contributed to estimated rule cost total exceeding cost limit for entire OpenAPIv3 schema';
  return [...dearest.map((one) => forbidden(one.path, contributed)), forbidden(path, problem)];
}

function checkSchema(schema: StructuralSchema, place: Place, check: Check): Causes {
  const { path, isRoot: _, ...rest } = place;
  const additional = additionalOf(schema);
  const [inside, below] = [{ ...rest, isRoot: false }, multiplied(schema, place)];
  return [
    ...Object.entries(schema.properties ?? {}).flatMap(([name, property]) =>
      checkSchema(property, { ...inside, path: path.child('properties').key(name) }, check),
    ),
    ...(additional ? checkSchema(additional, { ...below, path: path.child('additionalProperties') }, check) : []),
    ...(schema.items ? checkSchema(schema.items, { ...below, path: path.child('items') }, check) : []),
    ...checkOwn(schema, place, check),
  ];
}

/** Inside a list or map there are as many as it may have; only map lists tell which is which. */
function multiplied(schema: StructuralSchema, { path, cardinality, uncorrelated }: Place): Place {
  const factor = cardinalityFactor(typedSchema(schema));
  const isAnonymous = schema.type === 'array' && schema['x-kubernetes-list-type'] !== 'map';
  const lost = uncorrelated ?? (isAnonymous ? path : undefined);
  const bounded = cardinality === undefined || factor === undefined ? undefined : cardinality * factor;
  return { path, isRoot: false, cardinality: bounded, ...(lost && { uncorrelated: lost }) };
}

function checkOwn(schema: StructuralSchema, place: Place, check: Check): Causes {
  const rules = schema[rulesName] ?? [];
  if (rules.length === 0) return [];
  const path = place.path.child(rulesName);
  if (check.errors.some(({ field }) => field.startsWith(place.path.toString()))) return [];
  const compiled = check.compile(schema, place.isRoot);
  if (!compiled) return [invalidValue(path, rules, 'rules cannot see values of this schema')];
  return compiled.flatMap((rule, index) => checkCompiled(schema, rule, { ...place, path: path.index(index) }, check));
}

/** A rule as upstream quotes it: as Go's JSON of its internal type. */
function invalidRule(path: Path, rule: ValidationRule, detail: string): Cause {
  const form = {
    Rule: rule.rule,
    Message: rule.message ?? '',
    MessageExpression: rule.messageExpression ?? '',
    Reason: rule.reason ?? null,
    FieldPath: rule.fieldPath ?? '',
    OptionalOldSelf: rule.optionalOldSelf ?? null,
  };
  const shown = JSON.stringify(form).replace(
    /[<>&]/g,
    (sign) => `\\u${sign.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
  return { reason: 'FieldValueInvalid', field: path.toString(), message: `Invalid value: ${shown}: ${detail}` };
}

function checkCompiled(schema: StructuralSchema, compiled: CompiledRule, place: Place, check: Check): Causes {
  const { rule, program, error, message, messageError } = compiled;
  const { path } = place;
  const [ruleAt, messageAt] = [path.child('rule'), path.child('messageExpression')];
  const cardinality = place.cardinality ?? cardinalityOf(schema, place);
  // A message is made once, however often the rule is looked at.
  const spend = (name: string, cost: Range, at: Path, times = 1): Causes => {
    const estimate = costOfRule(cost, times);
    check.expenses.push({ path: at, cost: estimate });
    const problem = costProblem(name, estimate, ruleCostLimit);
    return problem === undefined ? [] : [forbidden(at, problem)];
  };
  return [
    ...(program ? spend('estimated rule cost', program.cost, ruleAt, cardinality) : []),
    ...(error === undefined ? [] : [invalidRule(ruleAt, rule, error)]),
    ...(messageError === undefined ? [] : [invalidRule(messageAt, rule, messageError)]),
    ...(message ? spend('estimated messageExpression cost', message.cost, messageAt) : []),
    ...checkOldSelf(compiled, place),
  ];
}

function cardinalityOf(schema: StructuralSchema, { isRoot }: Place): number {
  const type = structuralType(typedSchema(schema), 'selfType', isRoot);
  return type ? unboundedCardinality(type) : 1;
}

function checkOldSelf({ rule, isTransition }: CompiledRule, { path, uncorrelated }: Place): Causes {
  if (!isTransition) {
    if (rule.optionalOldSelf === undefined) return [];
    const detail = 'may not be set if oldSelf is not used in rule';
    return [invalidValue(path.child('optionalOldSelf'), rule.optionalOldSelf, detail)];
  }
  if (!uncorrelated) return [];
  const within = `oldSelf cannot be used on the uncorrelatable portion of the schema within ${uncorrelated.toString()}`;
  return [invalidValue(path.child('rule'), rule.rule, within)];
}
