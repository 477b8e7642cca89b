import { Quantity, qualifiedName } from '@kubephant/api';
import type { LimitRange, LimitRangeItem } from '@kubephant/schema';
import { isOvercommitable, validateContainerResourceName, validateResourceName } from '../pod-spec/resource-names';
import { duplicate, forbidden, invalidValue, none, required, type Causes } from '../validation/causes';
import { each, follows, listOf, when } from '../validation/checks';
import { at, type Path } from '../validation/path';

const types = ['Pod', 'Container', 'PersistentVolumeClaim'];

function validateType(type: string, path: Path): Causes {
  const wrong = follows(type, path, qualifiedName);
  if (wrong.length > 0 || type.includes('/')) return wrong;
  return when(!types.includes(type), () =>
    invalidValue(path, type, 'must be a standard limit type or fully qualified'),
  );
}

const bounds = ['max', 'min', 'default', 'defaultRequest', 'maxLimitRequestRatio'] as const;
type Bound = (typeof bounds)[number];

/** Bounds of a pod as a whole have no defaults: they would have to be shared out. */
const ofContainers: readonly Bound[] = ['default', 'defaultRequest'];

const namesOf = (amounts: object | undefined): readonly string[] => Object.keys(amounts ?? {}).sort();

const validateName = (type: string, name: string, path: Path): Causes =>
  type === 'Pod' || type === 'Container' ? validateContainerResourceName(name, path) : validateResourceName(name, path);

function validateNames(item: LimitRangeItem, path: Path): Causes {
  const isPod = item.type === 'Pod';
  return bounds.flatMap((bound) => {
    const where = path.child(bound);
    const names = namesOf(item[bound]);
    if (isPod && ofContainers.includes(bound))
      return when(names.length > 0, () => forbidden(where, "may not be specified when `type` is 'Pod'"));
    return names.flatMap((name) => validateName(item.type, name, where.key(name)));
  });
}

/** The bounds of one resource. */
type Amounts = Readonly<Partial<Record<Bound, Quantity>>>;

const amountsOf = (item: LimitRangeItem, name: string, asked: readonly Bound[]): Amounts =>
  Object.fromEntries(
    asked.flatMap((bound) => {
      const text = item[bound]?.[name];
      return text === undefined ? [] : [[bound, Quantity.parse(text)]];
    }),
  );

/** Of a lower and an upper bound: how they are called, and which of them is blamed and quoted. */
interface Order {
  readonly low: Bound;
  readonly high: Bound;
  readonly blamed: Bound;
  readonly quoted: Bound;
}

const called: Readonly<Record<Bound, string>> = {
  max: 'max value',
  min: 'min value',
  default: 'default value',
  defaultRequest: 'default request value',
  maxLimitRequestRatio: 'ratio',
};

const orders: readonly Order[] = [
  { low: 'min', high: 'max', blamed: 'min', quoted: 'min' },
  { low: 'min', high: 'defaultRequest', blamed: 'defaultRequest', quoted: 'defaultRequest' },
  { low: 'defaultRequest', high: 'max', blamed: 'defaultRequest', quoted: 'defaultRequest' },
  { low: 'defaultRequest', high: 'default', blamed: 'defaultRequest', quoted: 'defaultRequest' },
  { low: 'min', high: 'default', blamed: 'default', quoted: 'min' },
  { low: 'default', high: 'max', blamed: 'default', quoted: 'max' },
];

/** Beside a default request, the default is told to be a limit. */
const nameOf = ({ low, high }: Order): string =>
  low === 'defaultRequest' && high === 'default' ? 'default limit value' : called[high];

const validateOrder = (amounts: Amounts, name: string, path: Path): Causes =>
  orders.flatMap((order) => {
    const low = amounts[order.low];
    const high = amounts[order.high];
    if (!low || !high || low.compare(high) <= 0) return none;
    const detail = `${called[order.low]} ${low.toString()} is greater than ${nameOf(order)} ${high.toString()}`;
    return [invalidValue(path.child(order.blamed).key(name), amounts[order.quoted], detail)];
  });

/** Above so many units, thousandths do not fit into 64 bits. */
const fineUpTo = 2n ** 63n / 1000n;

function quotient(amounts: readonly [ratio: Quantity, max: Quantity, min: Quantity]): readonly [number, number] {
  const isFine = amounts.every((amount) => amount.value() < fineUpTo);
  const [ratio, max, min] = amounts.map((amount) => Number(isFine ? amount.milliValue() : amount.value()));
  return [(ratio ?? 0) / (isFine ? 1000 : 1), (max ?? 0) / (min ?? 0)];
}

function validateRatio({ max, min, maxLimitRequestRatio: ratio }: Amounts, path: Path): Causes {
  if (!ratio) return none;
  const [wanted, limit] = max && min ? quotient([ratio, max, min]) : [0, 0];
  return [
    ...when(ratio.compare(Quantity.of(1)) < 0, () =>
      invalidValue(path, ratio, `ratio ${ratio.toString()} is less than 1`),
    ),
    ...when(wanted > limit, () =>
      invalidValue(path, ratio, `ratio ${ratio.toString()} is greater than max/min = ${limit.toFixed(6)}`),
    ),
  ];
}

/** What cannot be shared is requested in full. */
function validateWhole({ default: limit, defaultRequest: request }: Amounts, name: string, path: Path): Causes {
  if (isOvercommitable(name) || !limit || !request || limit.equals(request)) return none;
  const values = `default value ${limit.toString()} must equal to defaultRequest value ${request.toString()}`;
  return [invalidValue(path.child('defaultRequest').key(name), request, `${values} in ${name}`)];
}

function validateAmounts(item: LimitRangeItem, path: Path): Causes {
  const asked = item.type === 'Pod' ? bounds.filter((bound) => !ofContainers.includes(bound)) : bounds;
  const names = new Set(asked.flatMap((bound) => namesOf(item[bound])));
  return [...names].flatMap((name) => {
    const amounts = amountsOf(item, name, asked);
    return [
      ...validateOrder(amounts, name, path),
      ...validateRatio(amounts, path.child('maxLimitRequestRatio').key(name)),
      ...validateWhole(amounts, name, path),
    ];
  });
}

const eitherBound = 'either minimum or maximum storage value is required, but neither was provided';

const validateItem = (item: LimitRangeItem, path: Path): Causes => [
  ...validateType(item.type, path.child('type')),
  ...validateNames(item, path),
  ...when(item.type === 'PersistentVolumeClaim' && !item.min?.['storage'] && !item.max?.['storage'], () =>
    required(path.child('limits'), eitherBound),
  ),
  ...validateAmounts(item, path),
];

export function validateLimitRange({ spec: { limits } }: LimitRange): Causes {
  const seen = listOf(limits).map(({ type }) => type);
  return each(limits, at('spec', 'limits'), (item, path, index) => [
    ...when(seen.indexOf(item.type) < index, () => duplicate(path.child('type'), item.type)),
    ...validateItem(item, path),
  ]);
}
