import { formatType, resultTypeName, type Type } from './types';

/**
 * Upstream's complaint when an expression answers with another type than it must, else undefined:
 * `must evaluate to bool but got int`, `must evaluate to one of [string null_type] but got int`.
 */
export function resultProblem(type: Type, ...wanted: readonly Type[]): string | undefined {
  const found = formatType(type);
  if (wanted.some((each) => formatType(each) === found)) return undefined;
  const names = wanted.map(resultTypeName);
  const expected = names.length === 1 ? (names[0] ?? '') : `one of [${names.join(' ')}]`;
  return `must evaluate to ${expected} but got ${resultTypeName(type)}`;
}
