import type { Taint, Toleration } from '@kubephant/schema';

/** core/v1 Toleration: an empty key with Exists tolerates every taint, an empty effect every effect. */
export function tolerates(tolerations: readonly Toleration[] | undefined, taint: Taint): boolean {
  return (tolerations ?? []).some((toleration) => matches(toleration, taint));
}

function matches({ key = '', operator = 'Equal', value = '', effect = '' }: Toleration, taint: Taint): boolean {
  if (effect !== '' && effect !== taint.effect) return false;
  if (key !== '' && key !== taint.key) return false;
  return compare(operator, taint.value ?? '', value) && (key !== '' || operator === 'Exists');
}

function compare(operator: string, taintValue: string, value: string): boolean {
  switch (operator) {
    case 'Exists':
      return true;
    case 'Equal':
    case '':
      return taintValue === value;
    default:
      return false;
  }
}
