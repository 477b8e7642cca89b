import { check, type Checked, type Declarations } from './check/checker';
import { isDeeperThan, literalProblems, parts, patternProblem } from './check/validators';
import { estimateCost } from './cost/estimate';
import type { Range } from './cost/range';
import { type Frame, Planner, type Step } from './evaluate/plan';
import { CostLimitExceeded, Meter, perCallLimit } from './evaluate/meter';
import { newFunctions } from './library';
import { mutationType, newObject } from './library/mutation';
import { type Problem, renderProblems } from './source';
import { maxDepth, parse } from './syntax/parser';
import { readType, type Type } from './types';
import { Failure, type Value } from './values/value';

export interface EnvironmentOptions {
  /** Variables of expressions, by name; dots are allowed (`authorizer.requestResource`). */
  readonly variables: Readonly<Record<string, Type>>;
  /** `cel.bind` is there: for the selectors of devices only. */
  readonly bindings?: boolean;
  /** `Object{…}`, `JSONPatch{…}` and `jsonpatch.escapeKey` are there: for MutatingAdmissionPolicy only. */
  readonly mutation?: boolean;
}

/** Values of variables; a function is asked once per evaluation, when the variable is first used. */
export type Bindings = Readonly<Record<string, Value | (() => Value)>>;

export interface EvaluationOptions {
  /** What the evaluation may cost, if less than upstream's limit per call. */
  readonly budget?: number;
}

/** `cost` is what the evaluation has used of its budget, in upstream's units. */
export type Evaluation =
  | { readonly value: Value; readonly cost: number }
  | { readonly error: string; readonly cost: number; readonly exceeded: boolean };

/** A compiled expression. Immutable: it may be kept and shared. */
export interface Program {
  readonly source: string;
  readonly type: Type;
  /** What it costs at least and at most by upstream's estimate; sizes come from the types of its variables. */
  readonly cost: Range;
  /** The variables it refers to. */
  readonly references: ReadonlySet<string>;
  /** Runs it. Errors of the expression are answers; only {@link DecisionNeeded} is thrown. */
  evaluate(bindings: Bindings, options?: EvaluationOptions): Evaluation;
}

/** `error` is upstream's: `compilation failed: ERROR: <input>:1:1: …`. */
export type Compilation = { readonly program: Program } | { readonly error: string };

export interface Environment {
  compile(source: string): Compilation;
  /** An environment with more variables; the functions are shared. */
  extend(variables: Readonly<Record<string, Type>>): Environment;
}

/** Names of types that expressions may write, beside those of the language. */
const otherTypes: Readonly<Record<string, string>> = {
  null_type: 'null',
  'google.protobuf.Duration': 'duration',
  'google.protobuf.Timestamp': 'timestamp',
  optional_type: 'optional(dyn)',
};
const languageTypes = new Set(['bool', 'bytes', 'double', 'int', 'list', 'map', 'string', 'type', 'uint']);
const libraryTypes = new Set(['net.IP', 'net.CIDR', 'kubernetes.Quantity', 'kubernetes.URL', 'kubernetes.Semver']);

function typeNamed(name: string): Type | undefined {
  if (languageTypes.has(name) || libraryTypes.has(name)) return readType(name);
  const other = Object.hasOwn(otherTypes, name) ? otherTypes[name] : undefined;
  return other === undefined ? undefined : readType(other);
}

/** What is given to expressions of one kind. Making one is dear, compiling in it is not: keep it. */
export function newEnvironment(options: EnvironmentOptions): Environment {
  const { variables, bindings = false, mutation = false } = options;
  return environmentOf({
    variables: new Map(Object.entries(variables)),
    functions: newFunctions(new Set(mutation ? ['mutation'] : [])),
    type: (name) => typeNamed(name) ?? (mutation ? mutationType(name) : undefined),
    bindings,
  });
}

function environmentOf(declarations: Declarations & { readonly bindings: boolean }): Environment {
  return {
    compile: (source) => compile(source, declarations),
    extend: (variables) =>
      environmentOf({
        ...declarations,
        variables: new Map([...declarations.variables, ...Object.entries(variables)]),
      }),
  };
}

/** With macros expanded an expression may be deeper than it is written. */
const deepest = 4 * maxDepth;

function compile(source: string, declarations: Declarations & { readonly bindings: boolean }): Compilation {
  const failed = (problems: readonly Problem[]): Compilation => ({
    error: `compilation failed: ${renderProblems(source, problems)}`,
  });
  const parsed = parse(source, { bindings: declarations.bindings });
  if ('problems' in parsed) return failed(parsed.problems);
  if (isDeeperThan(parsed.expr, deepest)) {
    return failed([{ offset: 0, message: `expression recursion limit exceeded: ${maxDepth}` }]);
  }
  const result = check(parsed.expr, declarations);
  if ('problems' in result) return failed(result.problems);
  const literals = literalProblems(parsed.expr);
  if (literals.length > 0) return failed(literals);
  const pattern = patternProblem(parsed.expr);
  if (pattern !== undefined) return { error: `program instantiation failed: ${pattern}` };
  return { program: new CompiledProgram(source, result.checked) };
}

class CompiledProgram implements Program {
  readonly source: string;
  readonly type: Type;
  readonly references: ReadonlySet<string>;
  readonly #checked: Checked;
  readonly #step: Step;
  #cost: Range | undefined;

  constructor(source: string, checked: Checked) {
    this.source = source;
    this.type = checked.type;
    this.references = referencesOf(checked);
    this.#checked = checked;
    this.#step = new Planner(checked, newObject).plan(checked.expr, []);
  }

  get cost(): Range {
    return (this.#cost ??= estimateCost(this.#checked));
  }

  evaluate(bindings: Bindings, { budget = perCallLimit }: EvaluationOptions = {}): Evaluation {
    const meter = new Meter(Math.min(budget, perCallLimit));
    const frame: Frame = { meter, variable: variablesOf(bindings), locals: [] };
    try {
      const value = this.#step(frame);
      const { cost } = meter;
      return value instanceof Failure ? { error: value.message, cost, exceeded: false } : { value, cost };
    } catch (error) {
      // RangeError: texts, lists or the stack grew beyond what the machine has.
      if (!(error instanceof CostLimitExceeded || error instanceof RangeError)) throw error;
      return { error: new CostLimitExceeded().message, cost: meter.cost, exceeded: true };
    }
  }
}

function referencesOf(checked: Checked): ReadonlySet<string> {
  const names = parts(checked.expr).flatMap((part) => {
    const meaning = checked.meaningOf(part);
    return meaning?.kind === 'variable' ? [meaning.name] : [];
  });
  return new Set(names);
}

const isLazy = (binding: Value | (() => Value)): binding is () => Value => typeof binding === 'function';

function variablesOf(bindings: Bindings): (name: string) => Value {
  const made = new Map<string, Value>();
  return (name) => {
    const binding = Object.hasOwn(bindings, name) ? bindings[name] : undefined;
    if (binding === undefined) return new Failure(`no such attribute(s): ${name}`);
    if (!isLazy(binding)) return binding;
    const known = made.get(name);
    if (known !== undefined) return known;
    const value = binding();
    made.set(name, value);
    return value;
  };
}
