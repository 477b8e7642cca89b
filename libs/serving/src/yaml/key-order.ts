const isLetter = (character: string): boolean => /\p{L}/u.test(character);
const isDigit = (character: string): boolean => /\d/.test(character);

/** The order of keys in upstream's YAML: letters last, and numbers within keys by their value (`a9` before `a10`). */
export function naturally(a: string, b: string): number {
  const [left, right] = [Array.from(a), Array.from(b)];
  const at = left.findIndex((character, i) => character !== right[i]);
  const [one, other] = [left[at], right[at]];
  if (at < 0 || one === undefined || other === undefined) return left.length - right.length;
  if (isLetter(one) || isLetter(other))
    return isLetter(one) === isLetter(other) ? compare(one, other) : isLetter(one) ? 1 : -1;
  return compareNumbers(numberAt(left, at), numberAt(right, at)) || compare(one, other);
}

const compare = (a: string, b: string): number => (a < b ? -1 : 1);

interface NumberText {
  readonly value: bigint;
  readonly digits: number;
}

const compareNumbers = (a: NumberText, b: NumberText): number =>
  a.value === b.value ? a.digits - b.digits : a.value < b.value ? -1 : 1;

/** The number that the place is within, from its first digit that counts: zeros before the place are as any digit. */
function numberAt(characters: readonly string[], at: number): NumberText {
  let start = at;
  while (start > 0 && isDigit(characters[start - 1] ?? '')) start--;
  let end = at;
  while (isDigit(characters[end] ?? '')) end++;
  return { value: BigInt(characters.slice(start, end).join('') || '0'), digits: end - at };
}
