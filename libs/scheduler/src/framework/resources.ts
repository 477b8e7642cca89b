import { Quantity } from '@kubephant/api';
import type { Container, Pod } from '@kubephant/schema';

/** Amounts by resource name: CPU in milli-cores, everything else in its own unit (bytes, pieces). */
export type Amounts = ReadonlyMap<string, number>;

const nonZeroDefaults: Amounts = new Map([
  ['cpu', 100],
  ['memory', 200 * 1024 * 1024],
]);

export function amountsOf(list: Readonly<Record<string, string>> | undefined): Amounts {
  return new Map(Object.entries(list ?? {}).map(([name, text]) => [name, amountOf(name, text)]));
}

function amountOf(name: string, text: string): number {
  const quantity = Quantity.parse(text);
  return Number(name === 'cpu' ? quantity.milliValue() : quantity.value());
}

export function add(a: Amounts, b: Amounts, factor = 1): Amounts {
  const sum = new Map(a);
  for (const [name, amount] of b) sum.set(name, (sum.get(name) ?? 0) + factor * amount);
  return sum;
}

function max(a: Amounts, b: Amounts): Amounts {
  const larger = new Map(a);
  for (const [name, amount] of b) larger.set(name, Math.max(larger.get(name) ?? 0, amount));
  return larger;
}

const none: Amounts = new Map();
const requestsOf = (container: Container): Amounts => amountsOf(container.resources?.requests);
const isSidecar = (container: Container): boolean => container.restartPolicy === 'Always';

/**
 * What the pod asks of its node (KEP-753): its containers and sidecars together, or what the init phase needs at its
 * peak where that is more, or what the pod as a whole names; plus the overhead of its runtime class.
 */
export function podRequests(pod: Pod): Amounts {
  return podTotal(pod, requestsOf);
}

/** As `podRequests`, with upstream's assumption for containers that name no CPU or memory: what scores are computed from. */
export function podRequestsNonZero(pod: Pod): Amounts {
  return podTotal(pod, (container) => new Map([...nonZeroDefaults, ...requestsOf(container)]));
}

function podTotal({ spec }: Pod, requests: (container: Container) => Amounts): Amounts {
  let sidecars = none;
  let initPeak = none;
  for (const container of spec.initContainers ?? []) {
    if (isSidecar(container)) sidecars = add(sidecars, requests(container));
    initPeak = max(initPeak, isSidecar(container) ? sidecars : add(sidecars, requests(container)));
  }
  const running = spec.containers.reduce((sum, container) => add(sum, requests(container)), sidecars);
  const containers = max(running, initPeak);
  const wholePod = amountsOf(spec.resources?.requests);
  return add(new Map([...containers, ...wholePod]), amountsOf(spec.overhead));
}
