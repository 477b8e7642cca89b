import type { Taint, Toleration } from '@kubephant/schema';

/** Whether a toleration covers a taint: key and effect may be left out to cover any. */
function tolerates(toleration: Toleration, taint: Taint): boolean {
  const { key, effect } = toleration;
  return (
    (!effect || effect === taint.effect) && (!key || key === taint.key) && matchesValue(toleration, taint.value ?? '')
  );
}

function matchesValue({ key, operator = 'Equal', value = '' }: Toleration, actual: string): boolean {
  switch (operator) {
    case 'Exists':
      return true;
    case '':
    case 'Equal':
      return Boolean(key) && value === actual;
    case 'Gt':
    case 'Lt':
      return comparesAs(operator, actual, value);
    default:
      return false;
  }
}

function comparesAs(operator: 'Gt' | 'Lt', actual: string, bound: string): boolean {
  if (![actual, bound].every((text) => /^-?\d{1,19}$/.test(text))) return false;
  return operator === 'Gt' ? BigInt(actual) > BigInt(bound) : BigInt(actual) < BigInt(bound);
}

/** How long a pod may stay with these taints: the shortest time of the tolerations it needs; Infinity without an end. */
export function toleratedForMs(taints: readonly Taint[], tolerations: readonly Toleration[]): number {
  const covering = taints.map((taint) => tolerations.find((toleration) => tolerates(toleration, taint)));
  if (covering.some((toleration) => toleration === undefined)) return 0;
  const seconds = covering.map((toleration) => toleration?.tolerationSeconds ?? Infinity);
  return Math.max(0, Math.min(Infinity, ...seconds)) * 1000;
}
