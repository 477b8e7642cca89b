import { badRequest } from './status';

type Labels = Readonly<Record<string, string>>;

/** One requirement of a label selector. `exists`/`doesNotExist` have no values; `gt`/`lt` have one integer. */
export interface Requirement {
  readonly key: string;
  readonly operator: '=' | '!=' | 'in' | 'notin' | 'exists' | 'doesNotExist' | 'gt' | 'lt';
  readonly values: readonly string[];
}

/** A parsed selector: every requirement must hold; an empty one selects everything. */
export interface Selector {
  readonly requirements: readonly Requirement[];
  matches(labels: Labels | undefined): boolean;
  toString(): string;
}

/** meta/v1 LabelSelector. */
export interface LabelSelector {
  readonly matchLabels?: Labels;
  readonly matchExpressions?: readonly {
    readonly key: string;
    readonly operator: string;
    readonly values?: readonly string[];
  }[];
}

const own = (labels: Labels | undefined, key: string): string | undefined =>
  labels && Object.hasOwn(labels, key) ? labels[key] : undefined;

function holds({ key, operator, values }: Requirement, labels: Labels | undefined): boolean {
  const value = own(labels, key);
  switch (operator) {
    case 'exists':
      return value !== undefined;
    case 'doesNotExist':
      return value === undefined;
    case '=':
    case 'in':
      return value !== undefined && values.includes(value);
    case '!=':
    case 'notin':
      return value === undefined || !values.includes(value);
    case 'gt':
    case 'lt':
      return compareIntegers(operator, value, values[0]);
  }
}

function compareIntegers(operator: 'gt' | 'lt', left: string | undefined, right: string | undefined): boolean {
  if (left === undefined || right === undefined || !/^[+-]?\d+$/.test(left)) return false;
  return operator === 'gt' ? BigInt(left) > BigInt(right) : BigInt(left) < BigInt(right);
}

export function newSelector(requirements: readonly Requirement[]): Selector {
  return {
    requirements,
    matches: (labels) => requirements.every((requirement) => holds(requirement, labels)),
    toString: () => requirements.map(print).join(','),
  };
}

function print({ key, operator, values }: Requirement): string {
  switch (operator) {
    case 'exists':
      return key;
    case 'doesNotExist':
      return `!${key}`;
    case 'in':
    case 'notin':
      return `${key} ${operator} (${[...values].sort().join(',')})`;
    case 'gt':
    case 'lt':
      return `${key}${operator === 'gt' ? '>' : '<'}${values.join('')}`;
    case '=':
    case '!=':
      return `${key}${operator}${values.join('')}`;
  }
}

export const everything: Selector = newSelector([]);
/** Selects nothing: what a null LabelSelector means. */
export const nothing: Selector = { requirements: [], matches: () => false, toString: () => '' };

/** Operators as selectors in objects name them, with those of node selectors. */
export const selectorOperators: Readonly<Record<string, Requirement['operator']>> = {
  In: 'in',
  NotIn: 'notin',
  Exists: 'exists',
  DoesNotExist: 'doesNotExist',
  Gt: 'gt',
  Lt: 'lt',
};

/** A LabelSelector as a Selector: undefined selects nothing, an empty one everything. */
export function fromLabelSelector(selector: LabelSelector | undefined): Selector {
  if (!selector) return nothing;
  const equalities = Object.entries(selector.matchLabels ?? {}).map(([key, value]): Requirement => ({
    key,
    operator: '=',
    values: [value],
  }));
  const expressions = (selector.matchExpressions ?? []).map(({ key, operator, values = [] }): Requirement => {
    const known = selectorOperators[operator];
    if (!known) throw badRequest(`${JSON.stringify(operator)} is not a valid label selector operator`);
    return { key, operator: known, values };
  });
  return newSelector([...equalities, ...expressions].sort((a, b) => (a.key < b.key ? -1 : a.key > b.key ? 1 : 0)));
}

/** Exactly these labels, as `spec.selector` of a Service or a ReplicationController means it. */
export function fromSet(set: Labels): Selector {
  return newSelector(Object.entries(set).map(([key, value]) => ({ key, operator: '=', values: [value] })));
}
