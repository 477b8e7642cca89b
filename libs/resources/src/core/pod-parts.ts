import type { Container, EphemeralContainer, Pod } from '@kubephant/schema';
import type { Strategy } from '../definition';
import { validatePodSpec } from '../pod-spec/validate';
import { forbidden, invalidValue, type Causes } from '../validation/causes';
import { equal, when } from '../validation/checks';
import { at } from '../validation/path';
import { qosClass, qosOf } from './pod-qos';

const spec = at('spec');

/** Everything as it was, but for what `keep` takes over from the new object, and the version it was read at. */
function restore(pod: Pod, old: Pod, keep: (restored: Pod) => void): void {
  const restored = structuredClone(old);
  restored.metadata.resourceVersion = pod.metadata.resourceVersion;
  if (pod.metadata.managedFields) restored.metadata.managedFields = pod.metadata.managedFields;
  keep(restored);
  Object.assign(pod, restored);
}

function validateKept(now: readonly EphemeralContainer[], before: readonly EphemeralContainer[]): Causes {
  const path = spec.child('ephemeralContainers');
  return before.flatMap((old) => {
    const found = now.find(({ name }) => name === old.name);
    const what = `existing ephemeral containers ${JSON.stringify(old.name)}`;
    if (!found) return [forbidden(path, `${what} may not be removed\n`)];
    return when(!equal(found, old), () => forbidden(path, `${what} may not be changed\n`));
  });
}

const isStatic = ({ metadata }: Pod): boolean => metadata.annotations?.['kubernetes.io/config.mirror'] !== undefined;

/** Ephemeral containers are added, never changed or taken away (KEP-277). */
export const ephemeralStrategy: Strategy<Pod> = {
  prepareForUpdate(pod, old) {
    const { ephemeralContainers } = pod.spec;
    restore(pod, old, (restored) => {
      if (ephemeralContainers) restored.spec.ephemeralContainers = ephemeralContainers;
      else delete restored.spec.ephemeralContainers;
    });
  },
  validateUpdate: (pod, old) => [
    ...validatePodSpec(pod.spec, spec, pod.metadata.name),
    ...validateKept(pod.spec.ephemeralContainers ?? [], old.spec.ephemeralContainers ?? []),
    ...when(isStatic(pod), () => forbidden(at(''), 'static pods do not support ephemeral containers')),
  ],
};

/** Resources and resize policies of the containers of the same name. */
function takeResources(containers: readonly Container[], from: readonly Container[]): void {
  for (const container of containers) {
    const source = from.find(({ name }) => name === container.name);
    if (source?.resources) container.resources = source.resources;
    if (source?.resizePolicy) container.resizePolicy = source.resizePolicy;
  }
}

const resizable = new Set(['cpu', 'memory']);

const unresizable = (amounts: Readonly<Record<string, string>> | undefined): object =>
  Object.fromEntries(Object.entries(amounts ?? {}).filter(([name]) => !resizable.has(name)));

function validateResized(now: readonly Container[], before: readonly Container[]): Causes {
  return now.flatMap(({ resources }, index) => {
    const path = spec.child('containers').index(index).child('resources');
    const old = before[index]?.resources;
    return (['limits', 'requests'] as const).flatMap((list) => {
      const lost = Object.keys(old?.[list] ?? {}).filter((name) => resources?.[list]?.[name] === undefined);
      return [
        ...when(!equal(unresizable(resources?.[list]), unresizable(old?.[list])), () =>
          forbidden(path.child(list), 'only cpu and memory resources are mutable'),
        ),
        ...when(
          lost.some((name) => resizable.has(name)),
          () => forbidden(path.child(list), `resource ${list} cannot be removed`),
        ),
      ];
    });
  });
}

/** Cpu and memory of running containers (KEP-1287). The class of the pod stays what it was. */
export const resizeStrategy: Strategy<Pod> = {
  prepareForUpdate(pod, old) {
    const { containers, initContainers = [], resources } = pod.spec;
    restore(pod, old, (restored) => {
      takeResources(restored.spec.containers, containers);
      takeResources(restored.spec.initContainers ?? [], initContainers);
      if (resources) restored.spec.resources = resources;
    });
  },
  validateUpdate: (pod, old) => [
    ...validatePodSpec(pod.spec, spec, pod.metadata.name),
    ...when(qosClass(pod.spec) !== qosOf(old), () =>
      invalidValue(spec, qosOf(old), 'Pod QOS Class may not change as a result of resizing'),
    ),
    ...validateResized(pod.spec.containers, old.spec.containers),
  ],
};
