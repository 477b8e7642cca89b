import { isList, isMap, type Value } from '../values/value';
import { add, exactly, multiply, type Range, scale, unknownSize } from './range';

/** What walking one character costs, and one character of a regular expression. */
export const perCharacter = 0.1;
export const perPatternCharacter = 0.25;

/** An operand as the estimate knows it: how large it may be, and how large what is in it. */
export interface Operand {
  readonly size: Range;
  /** Of elements that are texts or bytes; absent for other elements, and for what is no list. */
  readonly elements?: Range;
  readonly isList: boolean;
  /** The name of its type, if that is one of a library. */
  readonly opaque?: string;
}

export interface Estimate {
  readonly cost: Range;
  /** How large the result may be, where that is known. */
  readonly size?: Range;
}

/** What a call costs, when it happens and before; the receiver is the first operand. Figures are upstream's. */
export interface CostRule {
  /** Known from the arguments alone, so that it is charged before the work is done. */
  runtime(args: readonly Value[]): number;
  estimate(operands: readonly Operand[]): Estimate;
}

/** Characters, bytes, elements or entries; 1 for all else. */
export function sizeOf(value: Value | undefined): number {
  if (typeof value === 'string') return textSize(value);
  if (value instanceof Uint8Array) return value.length;
  return value !== undefined && (isList(value) || isMap(value)) ? value.size : 1;
}

/** Code points of a text. */
export function textSize(text: string): number {
  let size = text.length;
  for (let at = 0; at < text.length; at++) if ((text.charCodeAt(at) & 0xfc00) === 0xdc00) size--;
  return size;
}

const sizeAt = (operands: readonly Operand[], index: number): Range => operands[index]?.size ?? unknownSize;

export const fixed = (cost: number): CostRule => ({
  runtime: () => cost,
  estimate: () => ({ cost: exactly(cost) }),
});

export const nominal: CostRule = fixed(1);

/** Walks the first operand so many times; the estimate may know less (upstream's of functions without a receiver). */
export function traversal(times: number, result: 'same' | 'elements' | 'none' = 'none'): CostRule {
  return {
    runtime: ([text]) => Math.ceil(sizeOf(text) * times * perCharacter),
    estimate: (operands) => {
      const size = sizeAt(operands, 0);
      const sizes = { same: { size }, elements: { size: { min: 0, max: size.max } }, none: {} };
      return { cost: scale(size, times * perCharacter), ...sizes[result] };
    },
  };
}

/** Costs of running as the one rule says, estimates as the other. */
export const apart = (runtime: CostRule, estimate: CostRule): CostRule => ({
  runtime: (args) => runtime.runtime(args),
  estimate: (operands) => estimate.estimate(operands),
});

/** Reading a text as something. */
export const parsing: CostRule = traversal(1);

/** `startsWith` and `endsWith`: the estimate looks at what is looked for. */
export const affix: CostRule = apart(traversal(1), {
  runtime: () => 0,
  estimate: (operands) => ({ cost: scale(sizeAt(operands, 1), perCharacter) }),
});

export const contains: CostRule = {
  runtime: ([text, part]) => Math.ceil(sizeOf(text) * perCharacter) * Math.ceil(sizeOf(part) * perCharacter),
  estimate: (operands) => ({
    cost: multiply(scale(sizeAt(operands, 0), perCharacter), scale(sizeAt(operands, 1), perCharacter)),
  }),
};

const patternCost = (text: number, pattern: number): number =>
  Math.ceil((1 + text) * perCharacter) * Math.ceil(pattern * perPatternCharacter);

/** A regular expression on a text: the length of the one times the length of the other. */
export const pattern: CostRule = {
  runtime: ([text, expression]) => patternCost(sizeOf(text), sizeOf(expression)),
  estimate: (operands) => {
    const size = sizeAt(operands, 0);
    const text = scale(add(size, exactly(1)), perCharacter);
    return {
      cost: multiply(text, scale(sizeAt(operands, 1), perPatternCharacter)),
      size: { min: 0, max: size.max },
    };
  },
};

/** As if a regular expression were matched: how long it is shows at run time only. */
export const patternOf = (lengthOf: (format: Value | undefined) => number, length: number): CostRule => ({
  runtime: ([format, text]) => patternCost(sizeOf(text), lengthOf(format)),
  estimate: (operands) => ({
    cost: multiply(
      scale(add(sizeAt(operands, 1), exactly(1)), perCharacter),
      exactly(Math.ceil(length * perPatternCharacter)),
    ),
  }),
});

/** Walks until the shorter one ends. */
export const comparison: CostRule = {
  runtime: ([left, right]) => Math.ceil(Math.min(sizeOf(left), sizeOf(right)) * perCharacter),
  estimate: (operands) => {
    const max = Math.min(sizeAt(operands, 0).max, sizeAt(operands, 1).max);
    return { cost: scale({ min: max > 0 ? 1 : 0, max }, perCharacter) };
  },
};

/** Values of libraries are compared at once; formats and URLs may take a walk, by estimate. */
function equalityOfOpaque(name: string, other: Range): Range {
  const most = { 'kubernetes.NamedFormat': longestFormat, 'kubernetes.URL': other.max }[name] ?? 1;
  return scale({ min: 1, max: Math.max(1, most) }, perCharacter);
}

const longestFormat = 64;

/** `==`. */
export const equality: CostRule = apart(comparison, {
  runtime: () => 0,
  estimate: (operands) => {
    const [left, right] = operands;
    const known = left?.opaque !== undefined && left.opaque === right?.opaque ? left.opaque : undefined;
    return known === undefined ? comparison.estimate(operands) : { cost: equalityOfOpaque(known, sizeAt(operands, 1)) };
  },
});

/** `strings.quote`: two quotes, and perhaps each character escaped. */
export const quoting: CostRule = apart(traversal(1), {
  runtime: () => 0,
  estimate: (operands) => {
    const size = sizeAt(operands, 0);
    return { cost: scale(size, perCharacter), size: { min: size.min + 2, max: size.max * 2 + 2 } };
  },
});

/** Selectors are parsed into requirements, each about two characters long at least, which are not for free. */
const selectorCost = (length: number): number => 10 + Math.ceil(length / 2) * 50 + Math.ceil(length * perCharacter);

export const selector: CostRule = {
  runtime: ([, text]) => selectorCost(sizeOf(text)),
  estimate: (operands) => {
    const { min, max } = sizeAt(operands, 1);
    return { cost: { min: selectorCost(min), max: selectorCost(max) } };
  },
};

/** `+` of texts or bytes copies both. */
export const concatenation: CostRule = {
  runtime: ([left, right]) => Math.ceil((sizeOf(left) + sizeOf(right)) * perCharacter),
  estimate: (operands) => {
    const size = add(sizeAt(operands, 0), sizeAt(operands, 1));
    return { cost: scale(size, perCharacter), size };
  },
};

/** `+` of lists. */
export const joining: CostRule = {
  runtime: () => 1,
  estimate: (operands) => ({ cost: exactly(1), size: add(sizeAt(operands, 0), sizeAt(operands, 1)) }),
};

/** `in` a list. */
export const membership: CostRule = {
  runtime: ([, list]) => sizeOf(list),
  estimate: (operands) => ({ cost: sizeAt(operands, 1) }),
};

/** Walks everything a value is made of. */
export function deepTraversal(value: Value | undefined): number {
  if (typeof value === 'string') return Math.floor(value.length * perCharacter);
  if (value instanceof Uint8Array) return Math.floor(value.length * perCharacter);
  if (value === undefined || value === null || typeof value !== 'object') return 1;
  let cost = 0;
  if (isList(value)) {
    if (value.size > mostWalked) return Infinity;
    for (let index = 0; index < value.size; index++) cost += deepTraversal(value.at(index));
    return cost;
  }
  if (!isMap(value)) return 1;
  for (const key of value.keys()) cost += deepTraversal(key) + deepTraversal(value.get(key));
  return cost;
}

/** A list longer than any budget need not be walked to know that it costs too much. */
const mostWalked = 10_000_000;

/** `isSorted`, `sum`, `min`, `max`, `indexOf`, `lastIndexOf`. */
export const listTraversal: CostRule = {
  runtime: ([list]) => deepTraversal(list),
  estimate: ([list]) => {
    const size = list?.size ?? unknownSize;
    if (list?.isList !== true) return { cost: scale(size, perCharacter) };
    const each = list.elements ? add(exactly(1), scale(list.elements, perCharacter)) : exactly(1);
    return { cost: multiply(size, each) };
  },
};

function replaced(text: Range, part: Range, by: Range): Range {
  const most =
    part.min === 0
      ? multiply(exactly(text.max + 1), exactly(by.max)).max + text.max
      : by.max <= part.min
        ? text.max
        : multiply(exactly(Math.ceil(text.max / part.min)), exactly(by.max)).max;
  const least =
    part.max === 0
      ? (text.min + 1) * by.min + text.min
      : part.max <= by.min
        ? text.min
        : multiply(exactly(Math.ceil(text.min / part.max)), exactly(by.min)).min;
  return { min: least, max: most };
}

export const replacement: CostRule = {
  runtime: ([text]) => Math.ceil(sizeOf(text) * 2 * perCharacter),
  estimate: (operands) => {
    const text = sizeAt(operands, 0);
    const size = replaced(text, sizeAt(operands, 1), sizeAt(operands, 2));
    return { cost: scale(text, 2 * perCharacter), size };
  },
};

function joinedSize([list, separator]: readonly Value[]): number {
  if (list === undefined || !isList(list)) return 0;
  if (list.size > mostWalked) return Infinity;
  let size = Math.max(0, list.size - 1) * (typeof separator === 'string' ? sizeOf(separator) : 0);
  for (let index = 0; index < list.size; index++) size += sizeOf(list.at(index));
  return size;
}

export const join: CostRule = {
  runtime: (args) => Math.ceil(joinedSize(args) * 2 * perCharacter),
  estimate: ([list, separator]) => {
    const count = list?.size ?? unknownSize;
    const gaps = { min: Math.max(0, count.min - 1), max: Math.max(0, count.max - 1) };
    const elements = multiply(count, list?.elements ?? unknownSize);
    const size = separator ? add(elements, multiply(separator.size, gaps)) : elements;
    return { cost: scale(size, perCharacter), size };
  },
};

/** Functions on sets look each element of the one up in the other, so many times. */
export const crossing = (times: number): CostRule => ({
  runtime: ([left, right]) => sizeOf(left) * sizeOf(right) * times + 1,
  estimate: (operands) => ({
    cost: add(multiply(multiply(sizeAt(operands, 0), sizeAt(operands, 1)), exactly(times)), exactly(1)),
  }),
});

/** Makes a list by going over the first operand: `factor · size^power`, the call and the list itself. */
export const allocation = (factor: number, power: 1 | 2): CostRule => ({
  runtime: ([list]) => sizeOf(list) ** power * factor + 11,
  estimate: ([list]) => {
    const size = list?.size ?? unknownSize;
    const steps = multiply(power === 2 ? multiply(size, size) : size, exactly(factor));
    return { cost: add(steps, exactly(11)), size: { min: Math.min(size.min, 1), max: size.max } };
  },
});
