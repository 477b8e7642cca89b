import { type Bindings, type Environment, type Evaluation, newEnvironment, type Program } from './environment';
import { scalar } from './types';
import { jsonValue } from './values/json';
import { isList, isMap, typeNameOf, Uint, type Value } from './values/value';

/** Values as tests write them: `[1, 2.0]`, `{"a": 1u}`. */
export function show(value: Value): string {
  if (typeof value === 'string') return JSON.stringify(value);
  if (typeof value === 'number') return Number.isInteger(value) ? `${value}.0` : String(value);
  if (value instanceof Uint) return `${value.value}u`;
  if (value === null || typeof value !== 'object') return String(value);
  if (isList(value)) return `[${Array.from({ length: value.size }, (_, at) => show(value.at(at) ?? null)).join(', ')}]`;
  if (!isMap(value)) return typeNameOf(value);
  return `{${value
    .keys()
    .map((key) => `${show(key)}: ${show(value.get(key) ?? null)}`)
    .join(', ')}}`;
}

/** The program, or an error that says why there is none. */
export function compiled(environment: Environment, source: string): Program {
  const compilation = environment.compile(source);
  if ('error' in compilation) throw new Error(compilation.error);
  return compilation.program;
}

/** What an evaluation answered, in one line. */
export const told = (evaluation: Evaluation): string =>
  'error' in evaluation ? `error: ${evaluation.error}` : show(evaluation.value);

/** Runs expressions over `object`, of which nothing is known at compile time. */
export function dynamic(object: unknown): (source: string) => string {
  const environment = newEnvironment({ variables: { object: scalar.dyn } });
  const bindings: Bindings = { object: jsonValue(object) };
  return (source) => told(compiled(environment, source).evaluate(bindings));
}
