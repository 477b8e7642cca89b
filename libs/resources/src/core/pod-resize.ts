import type { Container, Pod, PodSpec, ResourceRequirements } from '@kubephant/schema';
import type { Strategy } from '../definition';
import { keepMetadata } from '../meta/for-status';
import { forbidden, invalidValue, none, type Causes } from '../validation/causes';
import { equal, when } from '../validation/checks';
import { at, type Path } from '../validation/path';
import { isStatic } from './pod-annotations';
import { qosClass, qosOf } from './pod-qos';
import { validatePod } from './pod-validate';

const path = at('spec');
const lists = ['containers', 'initContainers'] as const;
type Lists = (typeof lists)[number];

const containersIn = (spec: PodSpec, list: Lists): readonly Container[] => spec[list] ?? [];

/** The old containers with the resources of the new ones; the new ones where these have other names. */
function withResources(now: readonly Container[], before: readonly Container[]): readonly Container[] {
  const areSame = now.every(({ name }, index) => name === before[index]?.name);
  if (!areSame) return now;
  return now.map(({ resources, resizePolicy }, index) => {
    const { resources: _, resizePolicy: __, ...rest } = before[index] ?? { name: '' };
    return { ...rest, ...(resources && { resources }), ...(resizePolicy && { resizePolicy }) };
  });
}

/** Only resources are taken over. What adds or removes containers stays as it is, for validation to refuse. */
function takeResources(pod: Pod, old: Pod): void {
  const { resources } = pod.spec;
  const isSame = lists.every((list) => containersIn(pod.spec, list).length === containersIn(old.spec, list).length);
  if (!isSame) return;
  const [containers, initContainers] = lists.map((list) =>
    withResources(containersIn(pod.spec, list), containersIn(old.spec, list)),
  );
  pod.spec = { ...structuredClone(old.spec), containers: [...(containers ?? [])] };
  if (old.spec.initContainers) pod.spec.initContainers = [...(initContainers ?? [])];
  if (resources) pod.spec.resources = resources;
  else delete pod.spec.resources;
  if (old.status) pod.status = structuredClone(old.status);
  keepMetadata(pod, old);
}

const validateOrder = (now: PodSpec, before: PodSpec): Causes =>
  lists.flatMap((list) => {
    const [new_, old] = [containersIn(now, list), containersIn(before, list)];
    const where = path.child(list);
    if (new_.length !== old.length) return [forbidden(where, `${list} may not be added or removed on resize`)];
    return old.flatMap(({ name }, index) =>
      when(new_[index]?.name !== name, () =>
        forbidden(where.index(index).child('name'), `${list} may not be renamed or reordered on resize`),
      ),
    );
  });

type Amounts = Readonly<Record<string, string>>;

const isLost = (now: Amounts = {}, before: Amounts = {}): boolean => Object.keys(before).some((name) => !(name in now));

const amounts = ['requests', 'limits'] as const;

function validateKept(now: ResourceRequirements, before: ResourceRequirements, where: Path, what: string): Causes {
  return amounts.flatMap((list) =>
    when(isLost(now[list], before[list]), () => forbidden(where.child(list), `${what} ${list} cannot be removed`)),
  );
}

const resizable = new Set(['cpu', 'memory']);

/** What of the resources may never change. */
const fixedPart = (resources: ResourceRequirements = {}): object =>
  Object.fromEntries(
    amounts.map((list) => [
      list,
      Object.fromEntries(Object.entries(resources[list] ?? {}).filter(([name]) => !resizable.has(name))),
    ]),
  );

const isRestartable = ({ restartPolicy }: Container): boolean => restartPolicy === 'Always';

const hasOtherFixed = (now: Container, before: Container): boolean =>
  !equal({ ...now, resources: fixedPart(now.resources) }, { ...before, resources: fixedPart(before.resources) });

/** An init container that ends, and is to be started anew when it is resized, would be run twice. */
function validateInit(now: Container, before: Container, where: Path): Causes {
  const what = 'only cpu and memory resources for init or sidecar containers are mutable';
  const restarts = 'non-sidecar init containers with a resize policy of RestartContainer cannot be resized';
  const isRun = !isRestartable(now) && !equal(now, before);
  return [
    ...when(hasOtherFixed(now, before), () => forbidden(where, what)),
    ...(isRun ? (now.resizePolicy ?? []) : [])
      .filter(({ restartPolicy }) => restartPolicy === 'RestartContainer')
      .map(() => forbidden(where, restarts)),
  ];
}

const onlyComputed = 'only cpu and memory resources are mutable';

function validateContainers(now: PodSpec, before: PodSpec): Causes {
  const pairs = (list: Lists): readonly (readonly [Container, Container, Path])[] =>
    containersIn(before, list).map(
      (old, index) => [containersIn(now, list)[index] ?? old, old, path.child(list).index(index)] as const,
    );
  const kept = ([new_, old, where]: readonly [Container, Container, Path]): Causes =>
    validateKept(new_.resources ?? {}, old.resources ?? {}, where.child('resources'), 'resource');
  return [
    ...pairs('initContainers').flatMap(kept),
    ...pairs('containers').flatMap(kept),
    ...pairs('containers').flatMap(([new_, old]) =>
      when(hasOtherFixed(new_, old), () => forbidden(path, onlyComputed)),
    ),
    ...pairs('initContainers').flatMap(([new_, old, where]) => validateInit(new_, old, where)),
  ];
}

const isSet = (resources: ResourceRequirements | undefined): boolean =>
  amounts.some((list) => Object.keys(resources?.[list] ?? {}).length > 0);

/** Resources of the pod as a whole. */
function validateWhole({ resources: now }: PodSpec, { resources: before }: PodSpec): Causes {
  if (!isSet(now) && !isSet(before)) return none;
  const where = path.child('resources');
  if (before && !now) return [forbidden(where, 'pod-level resources cannot be removed')];
  return [
    ...(before && now ? validateKept(now, before, where, 'pod-level resource') : none),
    ...when(!equal(fixedPart(now), fixedPart(before)), () => forbidden(path, `${onlyComputed} at pod-level`)),
  ];
}

/** Kubelets that can resize report the resources of what runs. */
const isSupported = ({ status }: Pod): boolean => {
  const running = status?.containerStatuses?.find(({ state }) => state?.running);
  return !running || running.resources !== undefined;
};

function validateResize(pod: Pod, old: Pod): Causes {
  if (isStatic(old)) return [forbidden(at(''), 'static pods cannot be resized')];
  if (old.spec.os?.name === 'windows') return [forbidden(at(''), 'windows pods cannot be resized')];
  const order = validateOrder(pod.spec, old.spec);
  return [
    ...validatePod(pod),
    ...when(qosClass(pod.spec) !== qosOf(old), () =>
      invalidValue(path, pod.status?.qosClass ?? '', 'Pod QOS Class may not change as a result of resizing'),
    ),
    ...when(!isSupported(old), () => forbidden(path, 'Pod running on node without support for resize')),
    ...validateWhole(pod.spec, old.spec),
    ...order,
    ...(order.length > 0 ? none : validateContainers(pod.spec, old.spec)),
  ];
}

/** Cpu and memory of running containers (KEP-1287). The class of the pod stays what it was. */
export const resizeStrategy: Strategy<Pod> = { prepareForUpdate: takeResources, validateUpdate: validateResize };
