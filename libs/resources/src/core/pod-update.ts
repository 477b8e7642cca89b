import { emptyAsGiven, variant, type Container, type Pod, type PodSpec, type Toleration } from '@kubephant/schema';
import { validateToleration } from '../pod-spec/tolerations';
import { forbidden, invalidValue, none, required, sortedMap, type Causes } from '../validation/causes';
import { each, equal, inRange, when } from '../validation/checks';
import { difference } from '../validation/difference';
import { goForm } from '../validation/go-form';
import { at, type Path } from '../validation/path';

const spec = at('spec');

const changeable = [
  '`spec.containers[*].image`',
  '`spec.initContainers[*].image`',
  '`spec.activeDeadlineSeconds`',
  '`spec.tolerations` (only additions to existing tolerations)',
  '`spec.terminationGracePeriodSeconds` (allow it to be set to 1 if it was previously negative)',
];

const lists = ['containers', 'initContainers'] as const;

/** As many containers as before, each with an image; one that comes or goes ends the examination. */
function validateContainers(now: PodSpec, before: PodSpec): Examined {
  const found = lists.map((list) => {
    const path = spec.child(list);
    const isCountKept = (now[list] ?? []).length === (before[list] ?? []).length;
    if (!isCountKept) return { causes: [forbidden(path, 'pod updates may not add or remove containers')], ends: true };
    return {
      causes: each(now[list], path, ({ image = '' }, at) => validateImage(image, at.child('image'))),
      ends: false,
    };
  });
  const end = found.findIndex(({ ends }) => ends);
  return { causes: found.slice(0, end + 1 || undefined).flatMap(({ causes }) => causes), ends: end >= 0 };
}

const validateImage = (image: string, path: Path): Causes => [
  ...when(image === '', () => required(path)),
  ...when(image !== image.trim(), () => invalidValue(path, image, 'must not have leading or trailing whitespace')),
];

/** What an examination found, and whether nothing after it is looked at. */
interface Examined {
  readonly causes: Causes;
  readonly ends: boolean;
}

const maxSeconds = 2 ** 31 - 1;

function validateDeadline(now: number | undefined, before: number | undefined): Examined {
  const path = spec.child('activeDeadlineSeconds');
  if (now === undefined) {
    const causes = when(before !== undefined, () =>
      invalidValue(path, null, 'must not update from a positive integer to nil value'),
    );
    return { causes, ends: false };
  }
  const range = inRange(now, path, [0, maxSeconds]);
  if (range.length > 0) return { causes: range, ends: true };
  const isMore = before !== undefined && now > before;
  const causes = when(isMore, () => invalidValue(path, now, 'must be less than or equal to previous value'));
  return { causes, ends: isMore };
}

const withoutSeconds = ({ tolerationSeconds: _, ...rest }: Toleration): object => rest;

function addedTolerations(now: readonly Toleration[], before: readonly Toleration[]): Causes {
  const path = spec.child('tolerations');
  const kept = before.every((old) => now.some((other) => equal(withoutSeconds(old), withoutSeconds(other))));
  if (!kept) return [forbidden(path, 'existing toleration can not be modified except its tolerationSeconds')];
  return each(now, path, validateToleration);
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

type Term = NonNullable<
  NonNullable<NonNullable<PodSpec['affinity']>['nodeAffinity']>['requiredDuringSchedulingIgnoredDuringExecution']
>['nodeSelectorTerms'][number];

const termsOf = ({ affinity }: PodSpec): readonly Term[] =>
  affinity?.nodeAffinity?.requiredDuringSchedulingIgnoredDuringExecution?.nodeSelectorTerms ?? [];

const startsWith = (now: readonly unknown[] = [], before: readonly unknown[] = []): boolean =>
  equal(now.slice(0, before.length), before);

/** Whether a term asks for all it did, and for something only if it did before. */
function isNarrower(now: Term | undefined, before: Term): boolean {
  const asked = (term: Term | undefined): number =>
    (term?.matchExpressions ?? []).length + (term?.matchFields ?? []).length;
  if (asked(before) === 0) return asked(now) === 0;
  return startsWith(now?.matchExpressions, before.matchExpressions) && startsWith(now?.matchFields, before.matchFields);
}

function validateNarrowerTerms(now: PodSpec, before: PodSpec): Causes {
  const path = spec.child(
    'affinity',
    'nodeAffinity',
    'requiredDuringSchedulingIgnoredDuringExecution',
    'nodeSelectorTerms',
  );
  const [terms, old] = [termsOf(now), termsOf(before)];
  const quoted = (term: Term | undefined): unknown => goForm('io.k8s.api.core.v1.NodeSelectorTerm', term);
  if (old.length === 0) return none;
  if (terms.length !== old.length) {
    const shown = terms.length > 0 ? terms.map(quoted) : null;
    return [invalidValue(path, shown, 'no additions/deletions to non-empty NodeSelectorTerms list are allowed')];
  }
  return old.flatMap((term, index) =>
    when(!isNarrower(terms[index], term), () =>
      invalidValue(path.index(index), quoted(terms[index]), 'only additions are allowed (no mutations or deletions)'),
    ),
  );
}

/** While a pod is held back it may still be told where to go, ever more narrowly (KEP-3838). */
function validateNarrowing(now: PodSpec, before: PodSpec): Causes {
  const selector = now.nodeSelector ?? {};
  const kept = Object.entries(before.nodeSelector ?? {}).every(([key, value]) => selector[key] === value);
  return [
    ...when(!kept, () =>
      invalidValue(
        spec.child('nodeSelector'),
        sortedMap(now.nodeSelector) ?? emptyAsGiven(now, 'nodeSelector'),
        'only additions to spec.nodeSelector are allowed (no mutations or deletions)',
      ),
    ),
    ...validateNarrowerTerms(now, before),
  ];
}

const withImages = (containers: readonly Container[], images: readonly Container[]): Container[] =>
  containers.map((container, index) => {
    const image = images[index]?.image;
    return variant(container, { image: image ?? '' });
  });

/** The affinity with that to nodes as it was. */
function withOldNodeAffinity(now: PodSpec['affinity'], before: PodSpec['affinity']): PodSpec['affinity'] {
  const { nodeAffinity: _, ...rest } = now ?? {};
  const nodeAffinity = before?.nodeAffinity;
  const isEmpty = Object.keys(rest).length === 0 && !nodeAffinity && !before;
  return isEmpty ? undefined : { ...rest, ...(nodeAffinity && { nodeAffinity }) };
}

/** The new spec with everything that may change taken from the old one. */
function withOldChangeables(now: PodSpec, before: PodSpec, isGated: boolean): object {
  const wasNegative = (before.terminationGracePeriodSeconds ?? 0) < 0 && now.terminationGracePeriodSeconds === 1;
  return variant(now, {
    containers: withImages(now.containers, before.containers),
    ...(now.initContainers && { initContainers: withImages(now.initContainers, before.initContainers ?? []) }),
    activeDeadlineSeconds: before.activeDeadlineSeconds,
    tolerations: before.tolerations,
    schedulingGates: before.schedulingGates,
    ...(wasNegative && { terminationGracePeriodSeconds: before.terminationGracePeriodSeconds }),
    ...(isGated && {
      nodeSelector: before.nodeSelector,
      affinity: withOldNodeAffinity(now.affinity, before.affinity),
    }),
  } as Partial<PodSpec>);
}

const quoted = (form: object): unknown => goForm('io.k8s.api.core.v1.PodSpec', form);

function validateRest(now: PodSpec, before: PodSpec, isGated: boolean): Causes {
  const rest = withOldChangeables(now, before, isGated);
  return when(!equal(rest, before), () =>
    forbidden(
      spec,
      `pod updates may not change fields other than ${changeable.join(',')}\n${difference(quoted(before), quoted(rest))}`,
    ),
  );
}

/** What of a pod may change once it is created: little. */
export function validatePodChange({ spec: now }: Pod, { spec: before }: Pod): Causes {
  const containers = validateContainers(now, before);
  if (containers.ends) return containers.causes;
  const deadline = validateDeadline(now.activeDeadlineSeconds, before.activeDeadlineSeconds);
  const first = [...containers.causes, ...deadline.causes];
  if (deadline.ends) return first;
  const isGated = (before.schedulingGates ?? []).length > 0;
  return [
    ...first,
    ...addedTolerations(now.tolerations ?? [], before.tolerations ?? []),
    ...validateGates(now, before),
    ...(isGated ? validateNarrowing(now, before) : none),
    ...validateRest(now, before, isGated),
  ];
}
