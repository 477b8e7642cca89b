import { sameJson, StatusError } from '@kubephant/api';
import { amountsOf, type ResourceList } from '@kubephant/quota';
import type { Pod, PodSpec, RuntimeClass, Toleration } from '@kubephant/schema';
import type { AdmissionPlugin, Attributes } from '@kubephant/serving';
import type { AdmissionDependencies, Objects } from './objects';
import { isCore, refuse } from './refuse';

/** A pod that runs under a runtime class costs what that costs, and goes where that is. */
export function runtimeClass({ objects }: AdmissionDependencies): AdmissionPlugin {
  return {
    name: 'RuntimeClass',
    handles: (info, operation) => operation === 'CREATE' && isCore(info, 'pods'),
    async admit(attributes) {
      const { spec } = attributes.object as unknown as Pod;
      const found = await classOf(attributes, spec, objects);
      if (found?.overhead) setOverhead(attributes, spec, found.overhead.podFixed);
      if (found?.scheduling) setScheduling(attributes, spec, found.scheduling);
    },
    async validate(attributes) {
      const { spec } = attributes.object as unknown as Pod;
      const found = await classOf(attributes, spec, objects);
      if (found?.overhead) demandOverhead(attributes, spec, found.overhead.podFixed);
      else if (spec.overhead !== undefined) {
        const why = 'pod rejected: Pod Overhead set without corresponding RuntimeClass defined Overhead';
        throw refuse(attributes, why);
      }
    },
  };
}

/** What upstream's client says instead of asking. */
const nameless = 'resource name may not be empty';

async function classOf(
  attributes: Attributes,
  { runtimeClassName: name }: PodSpec,
  objects: Objects,
): Promise<RuntimeClass | undefined> {
  if (name === undefined) return undefined;
  if (name === '') throw new StatusError('', nameless);
  const found = await objects.find<RuntimeClass>('runtimeclasses.node.k8s.io', '', name);
  if (!found) throw refuse(attributes, `pod rejected: RuntimeClass ${JSON.stringify(name)} not found`);
  return found;
}

function setOverhead(attributes: Attributes, spec: PodSpec, podFixed: ResourceList = {}): void {
  if (spec.overhead !== undefined) demandOverhead(attributes, spec, podFixed);
  spec.overhead = { ...podFixed };
}

function demandOverhead(attributes: Attributes, spec: PodSpec, podFixed: ResourceList = {}): void {
  if (sameAmounts(spec.overhead, podFixed)) return;
  throw refuse(attributes, "pod rejected: Pod's Overhead doesn't match RuntimeClass's defined Overhead");
}

function sameAmounts(a: ResourceList | undefined, b: ResourceList): boolean {
  const [left, right] = [amountsOf(a), amountsOf(b)];
  return left.size === right.size && [...left].every(([name, amount]) => right.get(name)?.equals(amount));
}

function setScheduling(
  attributes: Attributes,
  spec: PodSpec,
  { nodeSelector, tolerations }: NonNullable<RuntimeClass['scheduling']>,
): void {
  for (const [key, value] of Object.entries(nodeSelector ?? {})) {
    const own = spec.nodeSelector?.[key];
    if (own === undefined || own === value) continue;
    const selected = `runtimeClass.scheduling.nodeSelector[${key}] = ${value}; pod.spec.nodeSelector[${key}] = ${own}`;
    throw refuse(attributes, `conflict: ${selected}`);
  }
  if (nodeSelector) spec.nodeSelector = { ...spec.nodeSelector, ...nodeSelector };
  if (tolerations) spec.tolerations = mergedTolerations([...(spec.tolerations ?? []), ...tolerations]);
}

/** Each toleration that no other one covers, once. */
function mergedTolerations(all: readonly Toleration[]): Toleration[] {
  return all.filter((one, index) => {
    const covers = (other: Toleration, at: number): boolean =>
      at !== index && isSuperset(other, one) && (at < index || !sameJson(other, one));
    return !all.some(covers);
  });
}

/** Whether the first tolerates everything that the second does. */
function isSuperset(a: Toleration, b: Toleration): boolean {
  if (sameJson(a, b)) return true;
  if (a.key !== b.key && (a.key || a.operator !== 'Exists')) return false;
  if (a.effect && a.effect !== b.effect) return false;
  if (a.effect === 'NoExecute' && !lastsAsLong(a.tolerationSeconds, b.tolerationSeconds)) return false;
  return coversValue(a, b);
}

const coversValue = (a: Toleration, b: Toleration): boolean =>
  a.operator === 'Exists' || (isEquality(a) && isEquality(b) && (a.value ?? '') === (b.value ?? ''));

const isEquality = ({ operator }: Toleration): boolean => !operator || operator === 'Equal';

const lastsAsLong = (a: number | undefined, b: number | undefined): boolean =>
  a === undefined || (b !== undefined && a >= b);
