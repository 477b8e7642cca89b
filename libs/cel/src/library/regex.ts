import { RE2JS } from 're2js';
import { pattern } from '../cost/rules';
import type { Meter } from '../evaluate/meter';
import { ArrayList } from '../values/collections';
import { Failure, type Value } from '../values/value';
import { type Library, metered, type Overload } from './declare';

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

/** Making an automaton takes about so many steps per character of its pattern. */
const stepsPerPatternCharacter = 40;
/** Automata up to this size are hardly slower than their pattern is long, which is what upstream charges for. */
const smallAutomaton = 100;

/** `a{1000}` is a short pattern and a large automaton: what that costs beyond upstream's cost is work. */
function matching(regex: Regex, text: string, meter: Meter): void {
  const size = regex.programSize();
  meter.work((text.length * (size / 4 + Math.max(0, size - smallAutomaton))) / 8);
}

type Use = (meter: Meter, regex: Regex, text: string, limit?: bigint) => Value;

const uses = {
  matches: (_, regex, text) => regex.matcher(text).find(),
  find: (_, regex, text) => {
    const matcher = regex.matcher(text);
    return matcher.find() ? (matcher.group() ?? '') : '';
  },
  findAll: (meter, regex, text, limit = -1n) => {
    const found: string[] = [];
    const matcher = regex.matcher(text);
    while ((limit < 0n || found.length < limit) && matcher.find()) {
      meter.work(1);
      found.push(matcher.group() ?? '');
    }
    return new ArrayList(found);
  },
} satisfies Record<string, Use>;

/** A function of a text and a pattern. A pattern that is a literal is compiled with the expression. */
function withPattern(signature: string, use: Use): Overload {
  const run = (meter: Meter, text: string, regex: Regex | Failure, limit?: bigint): Value => {
    if (regex instanceof Failure) return regex;
    matching(regex, text, meter);
    return use(meter, regex, text, limit);
  };
  const compileAndRun = (meter: Meter, text: string, expression: string, limit?: bigint): Value => {
    meter.work(expression.length * stepsPerPatternCharacter);
    return run(meter, text, compileRegex(expression), limit);
  };
  return {
    ...metered(signature, compileAndRun, pattern),
    prepare: ([, expression]) => {
      if (typeof expression !== 'string') return undefined;
      const regex = compileRegex(expression);
      return ([text, , limit], meter) => run(meter, text as string, regex, limit as bigint | undefined);
    },
  };
}

export const regexes: Library = {
  matches: [
    withPattern('string.(string) -> bool', uses.matches),
    withPattern('(string, string) -> bool', uses.matches),
  ],
  find: [withPattern('string.(string) -> string', uses.find)],
  findAll: [
    withPattern('string.(string) -> list(string)', uses.findAll),
    withPattern('string.(string, int) -> list(string)', uses.findAll),
  ],
};
