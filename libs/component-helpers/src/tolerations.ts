import type { Taint, Toleration } from '@kubephant/schema';

/** Whether one toleration covers the taint (core/v1 Toleration, KEP-5471): without a key it needs Exists; without an effect it covers each. */
export function tolerates(
  { key = '', operator = 'Equal', value = '', effect = '' }: Toleration,
  taint: Taint,
): boolean {
  if (effect !== '' && effect !== taint.effect) return false;
  if (key === '' ? operator !== 'Exists' : key !== taint.key) return false;
  return holds(operator, taint.value ?? '', value);
}

/** Whether any of the tolerations covers the taint. */
export function isTolerated(tolerations: readonly Toleration[] | undefined, taint: Taint): boolean {
  return (tolerations ?? []).some((toleration) => tolerates(toleration, taint));
}

function holds(operator: string, actual: string, wanted: string): boolean {
  switch (operator) {
    case 'Exists':
      return true;
    case '':
    case 'Equal':
      return actual === wanted;
    case 'Gt':
    case 'Lt':
      return comparesAs(operator, actual, wanted);
    default:
      return false;
  }
}

function comparesAs(operator: 'Gt' | 'Lt', actual: string, bound: string): boolean {
  if (![actual, bound].every((text) => /^-?\d{1,19}$/.test(text))) return false;
  return operator === 'Gt' ? BigInt(actual) > BigInt(bound) : BigInt(actual) < BigInt(bound);
}
