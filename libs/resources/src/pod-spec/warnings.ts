import type { PodSpec, PodTemplateSpec } from '@kubephant/schema';
import { addressWarnings } from '../validation/address-warnings';
import { Path } from '../validation/path';
import { annotationWarnings } from './annotation-warnings';
import { containerWarnings, fractionWarnings } from './container-warnings';
import { matchesNothing, nodeLabelWarnings } from './node-labels';
import { volumeWarnings } from './volume-warnings';

type Warnings = readonly string[];

function listWarnings({ hostAliases = [], imagePullSecrets = [] }: PodSpec, path: Path): Warnings {
  const ips = hostAliases.map(({ ip }) => ip);
  const secrets = imagePullSecrets.map(({ name = '' }) => name);
  const twice = (all: readonly string[], index: number): boolean => all.indexOf(all[index] ?? '') < index;
  return [
    ...ips.flatMap((ip, index) =>
      twice(ips, index)
        ? [`${path.child('hostAliases').index(index).child('ip').toString()}: duplicate ip ${JSON.stringify(ip)}`]
        : [],
    ),
    ...secrets.flatMap((name, index) => {
      const where = path.child('imagePullSecrets').index(index).child('name').toString();
      return [
        ...(twice(secrets, index) ? [`${where}: duplicate name ${JSON.stringify(name)}`] : []),
        ...(name === '' ? [`${where}: invalid empty name ""`] : []),
      ];
    }),
  ];
}

const [required, preferred] = [
  'requiredDuringSchedulingIgnoredDuringExecution',
  'preferredDuringSchedulingIgnoredDuringExecution',
] as const;

/** Terms of affinity to pods that no pod can match. */
const affinityWarnings = ({ affinity }: PodSpec, path: Path): Warnings =>
  (['podAffinity', 'podAntiAffinity'] as const).flatMap((kind) => {
    const where = path.child('affinity', kind);
    const places = [
      ...(affinity?.[kind]?.[required] ?? []).map((term, index) => ({ term, at: where.child(required).index(index) })),
      ...(affinity?.[kind]?.[preferred] ?? []).map(({ podAffinityTerm: term }, index) => ({
        term,
        at: where.child(preferred).index(index).child('podAffinityTerm'),
      })),
    ];
    return places
      .filter(({ term }) => !term.labelSelector)
      .map(({ at }) => `${at.child('labelSelector').toString()}: ${matchesNothing}`);
  });

const negativeSeconds = 'must be >= 0; negative values are invalid and will be treated as 1';

const addressesOf = ({ dnsConfig, hostAliases = [] }: PodSpec, path: Path): Warnings => [
  ...(dnsConfig?.nameservers ?? []).flatMap((ip, index) =>
    addressWarnings(path.child('dnsConfig', 'nameservers').index(index), ip),
  ),
  ...hostAliases.flatMap(({ ip }, index) => addressWarnings(path.child('hostAliases').index(index).child('ip'), ip)),
];

/** What is accepted of a pod or of a template at `path` but will not do what its author thinks. */
export function podWarnings({ metadata, spec }: PodTemplateSpec, path: Path): Warnings {
  if (!spec) return [];
  const where = path.child('spec');
  const isNegative = (spec.terminationGracePeriodSeconds ?? 0) < 0;
  return [
    ...nodeLabelWarnings(spec, where),
    ...annotationWarnings(metadata?.annotations, spec, path.child('metadata', 'annotations'), path !== Path.root),
    ...volumeWarnings(spec.volumes, where.child('volumes')),
    ...listWarnings(spec, where),
    ...fractionWarnings(spec.overhead, where.child('overhead')),
    ...containerWarnings(spec, where),
    ...(isNegative ? [`${where.child('terminationGracePeriodSeconds').toString()}: ${negativeSeconds}`] : []),
    ...affinityWarnings(spec, where),
    ...addressesOf(spec, where),
  ];
}
