import { SeriesCounter, type Metrics } from '@kubephant/base';
import type { Attributes } from '@kubephant/serving';
import type { Standard } from './standard';

type Place = Pick<Attributes, 'info' | 'operation'>;
type Mode = 'enforce' | 'audit' | 'warn';

/** What is told of Pod Security, under upstream's names. */
export interface PodSecurityMetrics {
  evaluated(decision: 'allow' | 'deny', mode: Mode, standard: Standard, place: Place): void;
  exempted(place: Place): void;
  /** `fatal`: nothing could be evaluated; else the strictest level was assumed. */
  failed(fatal: boolean, place: Place): void;
}

/** The minor version of this program: what is later is told of as one. */
const ownMinor = 36;

const placeLabels = ['request_operation', 'resource', 'subresource'] as const;
const kinds: Readonly<Record<string, string>> = { pods: 'pod', namespaces: 'namespace' };

const placeOf = ({ info, operation }: Place): readonly string[] => [
  operation.toLowerCase(),
  (info.group === '' && kinds[info.resource]) || 'controller',
  info.subresource ?? '',
];

function versionOf({ level, minor }: Standard): string {
  if (level === 'privileged' || minor === Infinity) return 'latest';
  return minor > ownMinor ? 'future' : `v1.${minor}`;
}

export function newPodSecurityMetrics({ registry }: Metrics): PodSecurityMetrics {
  const counter = (name: string, help: string, labels: readonly string[]): SeriesCounter<string> =>
    new SeriesCounter(registry, { name: `pod_security_${name}_total`, help, labels });
  const evaluations = counter('evaluations', 'Evaluations of policies, without requests that are ignored or exempt.', [
    ...['decision', 'policy_level', 'policy_version', 'mode'],
    ...placeLabels,
  ]);
  const exemptions = counter(
    'exemptions',
    'Exempt requests, not counting ignored or out of scope requests.',
    placeLabels,
  );
  const errors = counter('errors', 'Errors that prevented a normal evaluation.', ['fatal', ...placeLabels]);
  // Nearly all pods of nearly all clusters.
  const usual = new Map(
    ['CREATE', 'UPDATE'].map((operation) => {
      const labels = ['allow', 'privileged', 'latest', 'enforce', operation.toLowerCase(), 'pod', ''];
      return [operation, evaluations.series(...labels)] as const;
    }),
  );
  return {
    evaluated(decision, mode, standard, place) {
      const isUsual = decision === 'allow' && standard.level === 'privileged' && place.info.subresource === undefined;
      const count = isUsual ? usual.get(place.operation) : undefined;
      if (count) count();
      else evaluations.series(decision, standard.level, versionOf(standard), mode, ...placeOf(place))();
    },
    exempted: (place) => exemptions.series(...placeOf(place))(),
    failed: (fatal, place) => errors.series(String(fatal), ...placeOf(place))(),
  };
}
