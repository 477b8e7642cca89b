import { Quantity } from '@kubephant/api';
import { isTolerated, matchesRequiredAffinity } from '@kubephant/component-helpers';
import type { Node, Pod } from '@kubephant/schema';
import { podRequest } from '../pods/resources';

export interface Admission {
  readonly phase: 'Failed';
  readonly reason: string;
  readonly message: string;
}

const refuse = (reason: string, message: string): Admission => ({
  phase: 'Failed',
  reason,
  message: `Pod was rejected: ${message}`,
});

/** Whether the node can take one more pod beside those it has: the scheduler's last word, checked again where it counts. */
export function admitPod(pod: Pod, node: Node | undefined, others: readonly Pod[]): Admission | undefined {
  const allocatable = node?.status?.allocatable ?? {};
  const room = Number(allocatable['pods'] ?? '110');
  if (others.length + 1 > room) {
    const message = `Node didn't have enough resource: pods, requested: 1, used: ${others.length}, capacity: ${room}`;
    return refuse('OutOfpods', message);
  }
  for (const name of ['cpu', 'memory', 'ephemeral-storage']) {
    const short = shortage(pod, others, { name, capacity: allocatable[name] });
    if (short) return short;
  }
  return node && refusedBy(node, pod);
}

function refusedBy(node: Node, pod: Pod): Admission | undefined {
  if (!matchesRequiredAffinity(pod, node)) {
    return refuse('NodeAffinity', "Predicate NodeAffinity failed: node(s) didn't match Pod's node affinity/selector");
  }
  const refusing = node.spec.taints?.some(
    (taint) => taint.effect === 'NoExecute' && !isTolerated(pod.spec.tolerations, taint),
  );
  const message = "Predicate TaintToleration failed: node(s) had taints that the pod didn't tolerate";
  return refusing ? refuse('TaintToleration', message) : undefined;
}

interface Resource {
  readonly name: string;
  readonly capacity: string | undefined;
}

function shortage(pod: Pod, others: readonly Pod[], { name, capacity }: Resource): Admission | undefined {
  const requested = podRequest(pod, name);
  if (requested.sign === 0 || capacity === undefined) return undefined;
  const used = others.reduce((sum, other) => sum.add(podRequest(other, name)), Quantity.zero);
  const room = Quantity.parse(capacity);
  if (used.add(requested).compare(room) <= 0) return undefined;
  const shown = (quantity: Quantity): string => String(name === 'cpu' ? quantity.milliValue() : quantity.value());
  return refuse(
    `OutOf${name}`,
    `Node didn't have enough resource: ${name}, requested: ${shown(requested)}, used: ${shown(used)}, capacity: ${shown(room)}`,
  );
}
