import { invalidValue, tooLongValue, type Causes } from '../validation/causes';
import { when } from '../validation/checks';
import type { Path } from '../validation/path';

const maxParameters = 512;
const maxBytes = 262_144;

/** What a class tells its driver: anything under any key but the empty one, within limits. */
export function validateParameters(parameters: Readonly<Record<string, string>>, path: Path): Causes {
  const entries = Object.entries(parameters);
  if (entries.length > maxParameters) return [tooLongValue(path, maxParameters)];
  const bytes = entries.reduce((sum, [key, value]) => sum + Buffer.byteLength(key) + Buffer.byteLength(value), 0);
  return [
    ...when(Object.hasOwn(parameters, ''), () => invalidValue(path, '', 'field can not be empty.')),
    ...when(bytes > maxBytes, () => tooLongValue(path, maxBytes)),
  ];
}
