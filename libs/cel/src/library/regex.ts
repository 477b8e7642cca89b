import { RE2JS } from 're2js';
import { pattern } from '../cost/rules';
import type { Meter } from '../evaluate/meter';
import { ArrayList } from '../values/collections';
import { Failure, type Value } from '../values/value';
import { type Library, metered } from './declare';

export type Regex = ReturnType<typeof RE2JS.compile>;

/** Longer patterns are refused: their automata would take more memory than an evaluation may. */
const longestPattern = 10_000;

/** A pattern that runs in linear time (RE2's language), or what is wrong with it in Go's words. */
export function compileRegex(text: string): Regex | Failure {
  if (text.length > longestPattern) return new Failure('error parsing regexp: expression too large');
  try {
    return RE2JS.compile(text);
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    return new Failure(message.replace(/: `?([^`]*)`?$/s, ': `$1`'));
  }
}

/** Patterns compiled once and kept; a few, as patterns can come from objects. */
class Patterns {
  readonly #known = new Map<string, Regex | Failure>();

  get(text: string): Regex | Failure {
    const known = this.#known.get(text);
    if (known) return known;
    const compiled = compileRegex(text);
    if (this.#known.size >= 64) this.#known.clear();
    this.#known.set(text, compiled);
    return compiled;
  }
}

/** The functions that take a pattern, with a memory of their own for the patterns compiled. */
export function newRegexLibrary(): Library {
  const patterns = new Patterns();
  const withRegex = (text: string, use: (regex: Regex) => Value): Value => {
    const regex = patterns.get(text);
    return regex instanceof Failure ? regex : use(regex);
  };
  const matches = (_: Meter, text: string, expression: string): Value =>
    withRegex(expression, (regex) => regex.matcher(text).find());
  const find = (_: Meter, text: string, expression: string): Value =>
    withRegex(expression, (regex) => {
      const matcher = regex.matcher(text);
      return matcher.find() ? (matcher.group() ?? '') : '';
    });
  const findAll = (meter: Meter, text: string, expression: string, limit = -1n): Value =>
    withRegex(expression, (regex) => {
      const found: string[] = [];
      const matcher = regex.matcher(text);
      while ((limit < 0n || found.length < limit) && matcher.find()) {
        meter.work(1);
        found.push(matcher.group() ?? '');
      }
      return new ArrayList(found);
    });
  return {
    matches: [
      metered('string.(string) -> bool', matches, pattern),
      metered('(string, string) -> bool', matches, pattern),
    ],
    find: [metered('string.(string) -> string', find, pattern)],
    findAll: [
      metered('string.(string) -> list(string)', findAll, pattern),
      metered('string.(string, int) -> list(string)', findAll, pattern),
    ],
  };
}
