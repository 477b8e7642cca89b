import { labelValue } from '@kubephant/api';
import type { PodSpec } from '@kubephant/schema';
import type { Path } from '../validation/path';

type Warnings = readonly string[];

/** Labels of nodes that have newer names, and what to say of them. */
export const deprecatedNodeLabels: Readonly<Record<string, string>> = {
  'beta.kubernetes.io/arch': 'deprecated since v1.14; use "kubernetes.io/arch" instead',
  'beta.kubernetes.io/os': 'deprecated since v1.14; use "kubernetes.io/os" instead',
  'failure-domain.beta.kubernetes.io/region': 'deprecated since v1.17; use "topology.kubernetes.io/region" instead',
  'failure-domain.beta.kubernetes.io/zone': 'deprecated since v1.17; use "topology.kubernetes.io/zone" instead',
  'beta.kubernetes.io/instance-type': 'deprecated since v1.17; use "node.kubernetes.io/instance-type" instead',
  'app.kubernetes.io/created-by': 'deprecated since v1.9',
  'scheduler.alpha.kubernetes.io/preferAvoidPods': 'deprecated since v1.22; use Taints and Tolerations instead',
  'node-role.kubernetes.io/master': 'use "node-role.kubernetes.io/control-plane" instead',
};

const whyNot = (label: string): string | undefined =>
  Object.hasOwn(deprecatedNodeLabels, label) ? deprecatedNodeLabels[label] : undefined;

function keyWarnings(label: string, path: Path): Warnings {
  const why = whyNot(label);
  return why === undefined ? [] : [`${path.toString()}: ${label} is ${why}`];
}

type Affinity = NonNullable<NonNullable<PodSpec['affinity']>['nodeAffinity']>;
type Term = NonNullable<Affinity['requiredDuringSchedulingIgnoredDuringExecution']>['nodeSelectorTerms'][number];

function termWarnings({ matchExpressions = [] }: Term, path: Path, isPreference: boolean): Warnings {
  return matchExpressions.flatMap(({ key, values = [] }, index) => {
    const where = path.child('matchExpressions').index(index);
    const wrong = isPreference
      ? values.flatMap((value, at) =>
          labelValue(value).map(
            (detail) => `${where.child('values').index(at).toString()}: ${value} is invalid, ${detail}`,
          ),
        )
      : [];
    return [...keyWarnings(key, where.child('key')), ...wrong];
  });
}

function affinityWarnings(affinity: Affinity, path: Path): Warnings {
  const [required, preferred] = [
    'requiredDuringSchedulingIgnoredDuringExecution',
    'preferredDuringSchedulingIgnoredDuringExecution',
  ] as const;
  const terms = affinity[required]?.nodeSelectorTerms ?? [];
  return [
    ...terms.flatMap((term, index) =>
      termWarnings(term, path.child(required, 'nodeSelectorTerms').index(index), false),
    ),
    ...(affinity[preferred] ?? []).flatMap(({ preference }, index) =>
      termWarnings(preference, path.child(preferred).index(index).child('preference'), true),
    ),
  ];
}

/** Labels of nodes that a pod goes by though they have newer names, and values that no node can have. */
export function nodeLabelWarnings(spec: PodSpec, path: Path): Warnings {
  const { nodeSelector = {}, affinity, topologySpreadConstraints = [] } = spec;
  return [
    ...Object.keys(nodeSelector).flatMap((label) => {
      const why = whyNot(label);
      return why === undefined ? [] : [`${path.child('nodeSelector').key(label).toString()}: ${why}`];
    }),
    ...(affinity?.nodeAffinity ? affinityWarnings(affinity.nodeAffinity, path.child('affinity', 'nodeAffinity')) : []),
    ...topologySpreadConstraints.flatMap(({ topologyKey, labelSelector }, index) => {
      const where = path.child('topologySpreadConstraints').index(index);
      return [
        ...keyWarnings(topologyKey, where.child('topologyKey')),
        ...(labelSelector ? [] : [`${where.child('labelSelector').toString()}: ${matchesNothing}`]),
      ];
    }),
  ];
}

export const matchesNothing = 'a null labelSelector results in matching no pod';
