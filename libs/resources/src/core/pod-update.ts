import type { Container, Pod, PodSpec, Toleration } from '@kubephant/schema';
import { forbidden, invalidValue, none, type Causes } from '../validation/causes';
import { equal, when } from '../validation/checks';
import { at } from '../validation/path';

const spec = at('spec');

const changeable = [
  '`spec.containers[*].image`',
  '`spec.initContainers[*].image`',
  '`spec.activeDeadlineSeconds`',
  '`spec.tolerations` (only additions to existing tolerations)',
  '`spec.terminationGracePeriodSeconds` (allow it to be set to 1 if it was previously negative)',
];

function validateDeadline(now: number | undefined, before: number | undefined): Causes {
  if (before === undefined) return none;
  const path = spec.child('activeDeadlineSeconds');
  if (now === undefined) return [invalidValue(path, null, 'must not update from a positive integer to nil value')];
  return when(now > before, () => invalidValue(path, now, 'must be less than or equal to previous value'));
}

const withoutSeconds = ({ tolerationSeconds: _, ...rest }: Toleration): object => rest;

function validateTolerations(now: readonly Toleration[], before: readonly Toleration[]): Causes {
  const kept = before.every((old) => now.some((other) => equal(withoutSeconds(old), withoutSeconds(other))));
  return when(!kept, () =>
    forbidden(spec.child('tolerations'), 'existing toleration can not be modified except its tolerationSeconds'),
  );
}

function validateGates(now: PodSpec, before: PodSpec): Causes {
  const names = new Set((before.schedulingGates ?? []).map(({ name }) => name));
  return (now.schedulingGates ?? []).flatMap(({ name }, index) =>
    when(!names.has(name), () =>
      forbidden(
        spec.child('schedulingGates').index(index).child('name'),
        `only deletion is allowed, but found new scheduling gate '${name}'`,
      ),
    ),
  );
}

/** While a pod is held back it may still be told where to go, ever more narrowly (KEP-3838). */
function validateNarrowing(now: PodSpec, before: PodSpec): Causes {
  const selector = now.nodeSelector ?? {};
  const kept = Object.entries(before.nodeSelector ?? {}).every(([key, value]) => selector[key] === value);
  const terms = (of: PodSpec): readonly object[] =>
    of.affinity?.nodeAffinity?.requiredDuringSchedulingIgnoredDuringExecution?.nodeSelectorTerms ?? [];
  const wasFree = terms(before).length === 0;
  const path = spec.child(
    'affinity',
    'nodeAffinity',
    'requiredDuringSchedulingIgnoredDuringExecution',
    'nodeSelectorTerms',
  );
  return [
    ...when(!kept, () =>
      invalidValue(
        spec.child('nodeSelector'),
        selector,
        'only additions to spec.nodeSelector are allowed (no mutations or deletions)',
      ),
    ),
    ...when(!wasFree && terms(now).length !== terms(before).length, () =>
      invalidValue(path, terms(now), 'no additions/deletions to non-empty NodeSelectorTerms list are allowed'),
    ),
  ];
}

const withImages = (containers: readonly Container[], images: readonly Container[]): Container[] =>
  containers.map((container, index) => {
    const { image: _, ...rest } = container;
    const image = images[index]?.image;
    return image === undefined ? rest : { ...rest, image };
  });

/** The new spec with everything that may change taken from the old one. */
function withOldChangeables(now: PodSpec, before: PodSpec, isGated: boolean): object {
  const { affinity, nodeSelector, ...rest } = now;
  return {
    ...rest,
    containers: withImages(now.containers, before.containers),
    initContainers: withImages(now.initContainers ?? [], before.initContainers ?? []),
    activeDeadlineSeconds: before.activeDeadlineSeconds,
    tolerations: before.tolerations,
    schedulingGates: before.schedulingGates,
    nodeSelector: isGated ? before.nodeSelector : nodeSelector,
    affinity: isGated ? { ...affinity, nodeAffinity: before.affinity?.nodeAffinity } : affinity,
  };
}

function validateRest(now: PodSpec, before: PodSpec, isGated: boolean): Causes {
  return when(!equal(withOldChangeables(now, before, isGated), before), () =>
    forbidden(spec, `pod updates may not change fields other than ${changeable.join(',')}`),
  );
}

const lists = ['containers', 'initContainers'] as const;

function validateCounts(now: PodSpec, before: PodSpec): Causes {
  return lists
    .filter((list) => (now[list] ?? []).length !== (before[list] ?? []).length)
    .slice(0, 1)
    .map((list) => forbidden(spec.child(list), 'pod updates may not add or remove containers'));
}

/** What of a pod may change once it is created: little. */
export function validatePodChange({ spec: now }: Pod, { spec: before }: Pod): Causes {
  const counts = validateCounts(now, before);
  if (counts.length > 0) return counts;
  const isGated = (before.schedulingGates ?? []).length > 0;
  const wrong = [
    ...validateDeadline(now.activeDeadlineSeconds, before.activeDeadlineSeconds),
    ...validateTolerations(now.tolerations ?? [], before.tolerations ?? []),
    ...validateGates(now, before),
    ...(isGated ? validateNarrowing(now, before) : none),
  ];
  return wrong.length > 0 ? wrong : validateRest(now, before, isGated);
}
