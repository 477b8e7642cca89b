import { SyntaxProblem } from '../source';
import type { Constant } from '../values/value';
import type { Call, Expr, Fold } from './ast';

/** A name no expression can write. */
const accumulator = '@result';
/** What a macro names its receiver, lest it is evaluated more than once. */
const subject = '@subject';

/** Nodes of one expansion: all stand where the macro was called. */
class Builder {
  readonly #at: number;

  constructor(at: number) {
    this.#at = at;
  }

  literal = (value: Constant): Expr => ({ kind: 'literal', at: this.#at, value });
  ident = (name: string): Expr => ({ kind: 'ident', at: this.#at, name });
  list = (...items: Expr[]): Expr => ({ kind: 'list', at: this.#at, items, optional: new Set() });
  map = (): Expr => ({ kind: 'map', at: this.#at, entries: [] });
  call = (name: string, ...args: Expr[]): Expr => ({ kind: 'call', at: this.#at, name, args });
  method = (name: string, target: Expr): Expr => ({ kind: 'call', at: this.#at, name, target, args: [] });
  result = (): Expr => this.ident(accumulator);
  fold = (parts: Omit<Fold, 'kind' | 'at' | 'accumulator'>): Fold => ({
    kind: 'fold',
    at: this.#at,
    accumulator,
    ...parts,
  });
}

interface Loop {
  readonly range: Expr;
  readonly variables: Fold['variables'];
  /** What follows the variables. */
  readonly bodies: readonly Expr[];
  readonly build: Builder;
}

type Expansion = (loop: Loop) => Expr;

function body(loop: Loop, index: number): Expr {
  return loop.bodies[index] ?? loop.build.literal(false);
}

const all: Expansion = ({ build, range, variables, ...loop }) =>
  build.fold({
    range,
    variables,
    init: build.literal(true),
    condition: build.call('@not_strictly_false', build.result()),
    step: build.call('_&&_', build.result(), body({ build, range, variables, ...loop }, 0)),
    result: build.result(),
  });

const exists: Expansion = (loop) => {
  const { build, range, variables } = loop;
  return build.fold({
    range,
    variables,
    init: build.literal(false),
    condition: build.call('@not_strictly_false', build.call('!_', build.result())),
    step: build.call('_||_', build.result(), body(loop, 0)),
    result: build.result(),
  });
};

const existsOne: Expansion = (loop) => {
  const { build, range, variables } = loop;
  const more = build.call('_+_', build.result(), build.literal(1n));
  return build.fold({
    range,
    variables,
    init: build.literal(0n),
    condition: build.literal(true),
    step: build.call('_?_:_', body(loop, 0), more, build.result()),
    result: build.call('_==_', build.result(), build.literal(1n)),
  });
};

/** Collects: `step` for each element, under the condition that comes before it if there is one. */
function collect(loop: Loop, init: Expr, step: (value: Expr) => Expr): Expr {
  const { build, range, variables, bodies } = loop;
  const value = step(body(loop, bodies.length - 1));
  const condition = bodies.length > 1 ? bodies[0] : undefined;
  return build.fold({
    range,
    variables,
    init,
    condition: build.literal(true),
    step: condition ? build.call('_?_:_', condition, value, build.result()) : value,
    result: build.result(),
  });
}

const map: Expansion = (loop) =>
  collect(loop, loop.build.list(), (value) => loop.build.call('_+_', loop.build.result(), loop.build.list(value)));

const filter: Expansion = (loop) => map({ ...loop, bodies: [body(loop, 0), loop.build.ident(loop.variables[0])] });

const transformMap: Expansion = (loop) =>
  collect(loop, loop.build.map(), (value) =>
    loop.build.call('cel.@mapInsert', loop.build.result(), loop.build.ident(loop.variables[0]), value),
  );

const transformMapEntry: Expansion = (loop) =>
  collect(loop, loop.build.map(), (value) => loop.build.call('cel.@mapInsert', loop.build.result(), value));

interface Macro {
  readonly variables: 1 | 2;
  readonly expand: Expansion;
}

/** Macros on a range, by name and number of arguments. */
const rangeMacros: Readonly<Record<string, Macro>> = {
  'all/2': { variables: 1, expand: all },
  'exists/2': { variables: 1, expand: exists },
  'exists_one/2': { variables: 1, expand: existsOne },
  'existsOne/2': { variables: 1, expand: existsOne },
  'map/2': { variables: 1, expand: map },
  'map/3': { variables: 1, expand: map },
  'filter/2': { variables: 1, expand: filter },
  'all/3': { variables: 2, expand: all },
  'exists/3': { variables: 2, expand: exists },
  'exists_one/3': { variables: 2, expand: existsOne },
  'existsOne/3': { variables: 2, expand: existsOne },
  'transformList/3': { variables: 2, expand: map },
  'transformList/4': { variables: 2, expand: map },
  'transformMap/3': { variables: 2, expand: transformMap },
  'transformMap/4': { variables: 2, expand: transformMap },
  'transformMapEntry/3': { variables: 2, expand: transformMapEntry },
  'transformMapEntry/4': { variables: 2, expand: transformMapEntry },
};

function variable(argument: Expr | undefined): string {
  if (argument?.kind === 'ident' && argument.name !== accumulator) return argument.name;
  throw new SyntaxProblem(argument?.at ?? 0, 'argument must be a simple name');
}

function variablesOf(args: readonly Expr[], count: 1 | 2): Fold['variables'] {
  const first = variable(args[0]);
  if (count === 1) return [first];
  const second = variable(args[1]);
  if (first === second) throw new SyntaxProblem(args[1]?.at ?? 0, `duplicate variable name: ${first}`);
  return [first, second];
}

function has(call: Call): Expr {
  const [argument] = call.args;
  if (argument?.kind !== 'select' || argument.test) {
    throw new SyntaxProblem(argument?.at ?? call.at, 'invalid argument to has() macro');
  }
  return { ...argument, test: true };
}

/** `variable` is `value` in `result`: a fold over nothing that never steps. */
function bind(build: Builder, name: string, value: Expr, result: Expr): Expr {
  const parts = { range: build.list(), variables: ['#unused'] as const, init: value };
  return {
    ...build.fold({ ...parts, condition: build.literal(false), step: build.ident(name), result }),
    accumulator: name,
  };
}

/** `optional.optMap(x, …)` and `optFlatMap`. The optional gets a name, lest nested ones are evaluated twice each. */
function optionalMap(call: Call, target: Expr, wraps: boolean): Expr {
  const build = new Builder(call.at);
  const [name, result = build.literal(null)] = call.args;
  const mapped = bind(build, variable(name), build.method('value', build.ident(subject)), result);
  const value = wraps ? build.call('optional.of', mapped) : mapped;
  const some = build.method('hasValue', build.ident(subject));
  return bind(build, subject, target, build.call('_?_:_', some, value, build.call('optional.none')));
}

/** `list.sortBy(x, key)`: the list, and the keys of its elements. */
function sortBy(call: Call, target: Expr): Expr {
  const build = new Builder(call.at);
  const [, key = target] = call.args;
  const variables = variablesOf(call.args, 1);
  const keys = map({ range: build.ident(subject), variables, bodies: [key], build });
  const sorted: Call = {
    kind: 'call',
    at: call.at,
    name: '@sortByAssociatedKeys',
    target: build.ident(subject),
    args: [keys],
  };
  return bind(build, subject, target, sorted);
}

const optionalMacros: Readonly<Record<string, boolean>> = { 'optMap/2': true, 'optFlatMap/2': false };

function expandMember(call: Call, target: Expr, signature: string, bindings: boolean): Expr {
  const macro = Object.hasOwn(rangeMacros, signature) ? rangeMacros[signature] : undefined;
  if (macro) {
    const variables = variablesOf(call.args, macro.variables);
    const bodies = call.args.slice(macro.variables);
    return macro.expand({ range: target, variables, bodies, build: new Builder(call.at) });
  }
  if (Object.hasOwn(optionalMacros, signature)) return optionalMap(call, target, optionalMacros[signature] === true);
  if (signature === 'sortBy/2') return sortBy(call, target);
  if (bindings && signature === 'bind/3' && target.kind === 'ident' && target.name === 'cel') {
    const [name, value = target, result = target] = call.args;
    return bind(new Builder(call.at), variable(name), value, result);
  }
  return call;
}

/** What a call stands for: itself, unless it names a macro. `bindings` says whether `cel.bind` is one. */
export function expandMacro(call: Call, bindings: boolean): Expr {
  const signature = `${call.name}/${call.args.length}`;
  if (!call.target) return signature === 'has/1' ? has(call) : call;
  return expandMember(call, call.target, signature, bindings);
}
