import { Quantity } from '@kubephant/api';
import { amountsOf, noAmounts, podAmounts, type Amounts } from '@kubephant/quota';
import type { Container, LimitRangeItem, PersistentVolumeClaim, PodSpec } from '@kubephant/schema';

/** What is asked for and what is the most that is used. */
interface Given {
  readonly requests: Amounts;
  readonly limits: Amounts;
}

interface Bound {
  readonly type: string;
  readonly name: string;
  readonly amount: Quantity;
}

/** What is wrong with what is given; undefined: nothing. */
type Constraint = (bound: Bound, given: Given) => string | undefined;

const none = Quantity.zero;

const minimum: Constraint = ({ type, name, amount }, { requests, limits }) => {
  const [request, limit] = [requests.get(name), limits.get(name)];
  const rule = `minimum ${name} usage per ${type} is ${String(amount)}`;
  if (!request) return `${rule}.  No request is specified`;
  if (request.compare(amount) < 0) return `${rule}, but request is ${String(request)}`;
  return limit && limit.compare(amount) < 0 ? `${rule}, but limit is ${String(limit)}` : undefined;
};

const maximum: Constraint = ({ type, name, amount }, { requests, limits }) => {
  const [request, limit] = [requests.get(name), limits.get(name)];
  const rule = `maximum ${name} usage per ${type} is ${String(amount)}`;
  if (!limit) return `${rule}.  No limit is specified`;
  if (limit.compare(amount) > 0) return `${rule}, but limit is ${String(limit)}`;
  return request && request.compare(amount) > 0 ? `${rule}, but request is ${String(request)}` : undefined;
};

/** Of what has no limits, only what is asked for. */
const maximumRequest: Constraint = ({ type, name, amount }, { requests }) => {
  const request = requests.get(name);
  const rule = `maximum ${name} usage per ${type} is ${String(amount)}`;
  if (!request) return `${rule}.  No request is specified`;
  return request.compare(amount) > 0 ? `${rule}, but request is ${String(request)}` : undefined;
};

const ratio: Constraint = ({ type, name, amount }, { requests, limits }) => {
  const [request = none, limit = none] = [requests.get(name), limits.get(name)];
  const rule = `${name} max limit to request ratio per ${type} is ${String(amount)}`;
  if (request.sign === 0) return `${rule}, but no request is specified or request is 0`;
  if (limit.sign === 0) return `${rule}, but no limit is specified or limit is 0`;
  const found = Number(limit.milliValue()) / Number(request.milliValue());
  return found > Number(amount.milliValue()) / 1000 ? `${rule}, but provided ratio is ${found.toFixed(6)}` : undefined;
};

const rules = [
  ['min', minimum],
  ['max', maximum],
  ['maxLimitRequestRatio', ratio],
] as const;

function check(item: LimitRangeItem, given: Given, constraints: readonly (readonly [BoundField, Constraint])[]) {
  return constraints.flatMap(([field, constraint]) =>
    [...amountsOf(item[field])]
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .flatMap(([name, amount]) => constraint({ type: item.type, name, amount }, given) ?? []),
  );
}

type BoundField = (typeof rules)[number][0];

const givenBy = ({ resources }: Container): Given => ({
  requests: amountsOf(resources?.requests),
  limits: amountsOf(resources?.limits),
});

/** How a pod breaks what a range says of its containers or of it as a whole. */
export function podProblems(item: LimitRangeItem, spec: PodSpec): readonly string[] {
  if (item.type === 'Container') {
    return [...spec.containers, ...(spec.initContainers ?? [])].flatMap((one) => check(item, givenBy(one), rules));
  }
  if (item.type !== 'Pod') return [];
  return check(item, { requests: podAmounts(spec, 'requests'), limits: podAmounts(spec, 'limits') }, rules);
}

const claimRules = [
  ['min', minimum],
  ['max', maximumRequest],
] as const;

export function claimProblems(item: LimitRangeItem, { spec }: PersistentVolumeClaim): readonly string[] {
  if (item.type !== 'PersistentVolumeClaim') return [];
  return check(item, { requests: amountsOf(spec.resources?.requests), limits: noAmounts }, claimRules);
}
