import type { DeviceSelector, OpaqueDeviceConfiguration } from '@kubephant/schema';
import { validateExpression, type Checking } from '../admissionregistration/expressions';
import { validateDriverName } from '../storage/driver-name';
import { invalidValue, none, required, tooLongValue, type Causes } from '../validation/causes';
import type { Path } from '../validation/path';
import { eachUpTo } from './lists';

const maxSelectors = 32;
const maxExpressionBytes = 10 * 1024;
const maxParameterBytes = 10 * 1024;

function validateSelector({ cel }: DeviceSelector, path: Path, checking: Checking): Causes {
  if (!cel) return [required(path.child('cel'))];
  const where = path.child('cel', 'expression');
  if (Buffer.byteLength(cel.expression) > maxExpressionBytes) return [tooLongValue(where, maxExpressionBytes)];
  return validateExpression(cel.expression, where, 'deviceSelector', checking);
}

export const validateSelectors = (
  selectors: readonly DeviceSelector[] | undefined,
  path: Path,
  checking: Checking,
): Causes => eachUpTo(maxSelectors, selectors, path, (selector, where) => validateSelector(selector, where, checking));

/** An object of JSON that only somebody else understands. */
export function validateOpenObject(value: unknown, path: Path): Causes {
  if (value === undefined || value === null) return [required(path)];
  if (Buffer.byteLength(JSON.stringify(value)) > maxParameterBytes) return [tooLongValue(path, maxParameterBytes)];
  const isObject = typeof value === 'object' && !Array.isArray(value);
  return isObject ? none : [invalidValue(path, '<value omitted>', 'must be a valid JSON object')];
}

/** What a driver is told of how to set a device up. */
export function validateOpaque(opaque: OpaqueDeviceConfiguration | undefined, path: Path): Causes {
  if (!opaque) return [required(path)];
  return [
    ...validateDriverName(opaque.driver, path.child('driver')),
    ...validateOpenObject(opaque.parameters, path.child('parameters')),
  ];
}
