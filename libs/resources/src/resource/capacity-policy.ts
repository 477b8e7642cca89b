import { Quantity } from '@kubephant/api';
import type { CapacityRequestPolicy, CapacityRequestPolicyRange, DeviceCapacity } from '@kubephant/schema';
import { forbidden, invalidValue, none, required, type Causes } from '../validation/causes';
import { when } from '../validation/checks';
import type { Path } from '../validation/path';
import { eachDistinct } from './lists';

const maxOptions = 10;

const amount = (text: string): Quantity => Quantity.parse(text);

/** A list of amounts a request may be rounded up to: in order, none above what there is, the default among them. */
function validateOptions(options: readonly string[], byDefault: Quantity, all: Quantity, path: Path): Causes {
  const amounts = options.map(amount);
  const keyed = { max: maxOptions, key: (text: string) => amount(text).value().toString() };
  return [
    ...amounts.flatMap((option, index) =>
      when(index > 0 && (amounts[index - 1]?.compare(option) ?? 0) > 0, () =>
        invalidValue(path.index(index), option, 'values must be sorted in ascending order'),
      ),
    ),
    ...eachDistinct(keyed, options, path, (text, where) =>
      when(amount(text).compare(all) > 0, () =>
        invalidValue(where, amount(text), `option is larger than capacity value: ${all.toString()}`),
      ),
    ),
    ...when(!amounts.some((option) => option.compare(byDefault) === 0), () =>
      invalidValue(path, byDefault, 'default value is not valid according to the requestPolicy'),
    ),
  ];
}

interface Range {
  readonly min: Quantity;
  readonly max: Quantity | undefined;
  readonly step: Quantity | undefined;
}

function validateBounds({ min, max }: Range, byDefault: Quantity, all: Quantity, path: Path): Causes {
  const above = (what: string): string => `${what} is larger than capacity value: ${all.toString()}`;
  return [
    ...when(min.compare(all) > 0, () => invalidValue(path.child('min'), min, above('min'))),
    ...when(byDefault.compare(min) < 0, () =>
      invalidValue(path.child('min'), byDefault, `default is less than min: ${min.toString()}`),
    ),
    ...(max
      ? [
          ...when(min.compare(max) > 0, () =>
            invalidValue(path.child('max'), min, `min is larger than max: ${max.toString()}`),
          ),
          ...when(max.compare(all) > 0, () => invalidValue(path.child('max'), max, above('max'))),
          ...when(byDefault.compare(max) > 0, () =>
            invalidValue(path.child('max'), byDefault, `default is more than max: ${max.toString()}`),
          ),
        ]
      : none),
  ];
}

/** From the lowest amount in equal steps up to the default and the highest. */
function validateStep({ min, max, step }: Range, byDefault: Quantity, all: Quantity, path: Path): Causes {
  if (!step) return none;
  if (step.sign <= 0) return [invalidValue(path, step, 'must be greater than zero')];
  const first = min.add(step);
  const isReached = (value: Quantity): boolean => (value.value() - min.value()) % step.value() === 0n;
  const what = `value is not a multiple of a given step (${step.toString()}) from (${min.toString()})`;
  return [
    ...when(first.compare(all) > 0, () =>
      invalidValue(path, step, `one step ${first.toString()} is larger than capacity value: ${all.toString()}`),
    ),
    ...[byDefault, ...(max ? [max] : [])]
      .filter((value) => !isReached(value))
      .map((value) => invalidValue(path, value, what)),
  ];
}

function validateRange(range: CapacityRequestPolicyRange, byDefault: Quantity, all: Quantity, path: Path): Causes {
  const { min, max, step } = range as Partial<CapacityRequestPolicyRange>;
  if (min === undefined) return [required(path.child('min'), 'required when validRange is defined')];
  const parsed = { min: amount(min), max: max ? amount(max) : undefined, step: step ? amount(step) : undefined };
  return [...validateBounds(parsed, byDefault, all, path), ...validateStep(parsed, byDefault, all, path.child('step'))];
}

const onlyOne = 'exactly one policy can be specified, cannot specify "validValues" and "validRange" at the same time';

function validatePolicy(policy: CapacityRequestPolicy, all: Quantity, path: Path): Causes {
  const { validValues = [], validRange, default: byDefault } = policy;
  if (validValues.length > 0 && validRange) return [forbidden(path, onlyOne)];
  const field = validValues.length > 0 ? 'validValues' : validRange && 'validRange';
  if (!field) return none;
  if (!byDefault) return [required(path.child('default'), `required when ${field} is defined`)];
  const where = path.child(field);
  if (validRange) return validateRange(validRange, amount(byDefault), all, where);
  return validateOptions(validValues, amount(byDefault), all, where);
}

/** How much of a device there is, and in which portions it is given when several may have some. */
export function validateCapacity({ value, requestPolicy }: DeviceCapacity, path: Path, isShared: boolean): Causes {
  if (!requestPolicy) return none;
  const where = path.child('requestPolicy');
  if (!isShared) return [forbidden(where, 'allowMultipleAllocations must be true')];
  return validatePolicy(requestPolicy, amount(value), where);
}
