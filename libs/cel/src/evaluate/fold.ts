import type { Expr, Fold } from '../syntax/ast';
import { GrowingList } from '../values/collections';
import { Failure, isList, isMap, typeNameOf, type Value } from '../values/value';
import type { Frame, Planner, Scope, Step } from './plan';

const isEmptyList = (expr: Expr): boolean => expr.kind === 'list' && expr.items.length === 0;

/** What the accumulator starts with. A list that a macro collects into grows in place. */
function start(planner: Planner, fold: Fold, scope: Scope): Step {
  const init = planner.plan(fold.init, scope);
  if (fold.accumulator !== '@result' || !isEmptyList(fold.init)) return init;
  return (frame) => {
    init(frame);
    return new GrowingList();
  };
}

const finished = (value: Value): Value => (value instanceof GrowingList ? value.finished() : value);

/** Values of the variables, one turn after another. */
type Turns = { readonly count: number; readonly turn: (index: number) => readonly [Value, Value] };

function turnsOf(range: Value, pairs: boolean): Turns | Failure {
  if (range instanceof Failure) return range;
  if (isList(range)) {
    const element = (index: number): Value => range.at(index) ?? null;
    return { count: range.size, turn: (at) => (pairs ? [BigInt(at), element(at)] : [element(at), null]) };
  }
  if (!isMap(range)) return new Failure(`got '${typeNameOf(range)}', expected iterable type`);
  const keys = range.keys();
  const turn = (index: number): readonly [Value, Value] => {
    const key = keys[index] ?? null;
    return [key, pairs ? (range.get(key) ?? null) : null];
  };
  return { count: keys.length, turn };
}

interface Loop {
  readonly condition: Step;
  readonly step: Step;
  readonly accumulator: number;
  readonly variables: readonly number[];
  /** Errors may go away later (`all`, `exists`); else the first one ends the loop. */
  readonly absorbs: boolean;
}

function run({ condition, step, accumulator, variables, absorbs }: Loop, { count, turn }: Turns, frame: Frame): void {
  const { locals, meter } = frame;
  const [first = 0, second] = variables;
  for (let index = 0; index < count; index++) {
    meter.work(1);
    const values = turn(index);
    locals[first] = values[0];
    if (second !== undefined) locals[second] = values[1];
    if (condition(frame) !== true) return;
    const next = step(frame);
    locals[accumulator] = next;
    if (!absorbs && next instanceof Failure) return;
  }
}

/** A comprehension. */
export function planFold(planner: Planner, fold: Fold, scope: Scope): Step {
  const inner: Scope = [...scope, fold.accumulator];
  const within: Scope = [...inner, ...fold.variables];
  const range = planner.plan(fold.range, scope);
  const init = start(planner, fold, scope);
  const result = planner.plan(fold.result, inner);
  const loop: Loop = {
    condition: planner.plan(fold.condition, within),
    step: planner.plan(fold.step, within),
    accumulator: scope.length,
    variables: fold.variables.map((_, index) => inner.length + index),
    absorbs: fold.condition.kind !== 'literal',
  };
  const pairs = fold.variables.length === 2;
  return (frame) => {
    const turns = turnsOf(range(frame), pairs);
    if (turns instanceof Failure) return turns;
    frame.locals[loop.accumulator] = init(frame);
    run(loop, turns, frame);
    return finished(result(frame));
  };
}
