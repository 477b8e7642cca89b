import type { KubeObject } from '@kubephant/api';
import type { Deployment, ReplicaSet } from '@kubephant/schema';
import { maxSurgeOf, replicasOf } from './sizes';

const prefix = 'deployment.kubernetes.io/';
export const revisionAnnotation = `${prefix}revision`;
const historyAnnotation = `${prefix}revision-history`;
const desiredAnnotation = `${prefix}desired-replicas`;
const maxAnnotation = `${prefix}max-replicas`;

type Annotations = Record<string, string>;

/** Annotations of a deployment that mean the deployment itself and are not passed on to its ReplicaSets. */
const ownAnnotations = new Set([
  'kubectl.kubernetes.io/last-applied-configuration',
  revisionAnnotation,
  historyAnnotation,
  desiredAnnotation,
  maxAnnotation,
  'deprecated.deployment.rollback.to',
]);

/** Of 64 bits: anybody may have written it. */
export function revisionOf({ metadata }: KubeObject): bigint {
  return readRevision(metadata.annotations) ?? 0n;
}

function readRevision(annotations: Readonly<Record<string, string>> = {}): bigint | undefined {
  const text = annotations[revisionAnnotation];
  return text !== undefined && /^\d{1,18}$|^[1-8]\d{18}$/.test(text) ? BigInt(text) : undefined;
}

/** `spec.replicas` of the deployment when the set was last scaled. */
export function desiredReplicasOf({ metadata }: ReplicaSet): number | undefined {
  return integer(metadata.annotations?.[desiredAnnotation]);
}

/** The most pods the deployment might have had when the set was last scaled. */
export function maxReplicasOf({ metadata }: ReplicaSet): number | undefined {
  return integer(metadata.annotations?.[maxAnnotation]);
}

function integer(text: string | undefined): number | undefined {
  return text !== undefined && /^\d{1,15}$/.test(text) ? Number(text) : undefined;
}

/** What a set has to remember of the size it was scaled for. */
export function scaleAnnotations(deployment: Deployment): Annotations {
  const desired = replicasOf(deployment);
  return { [desiredAnnotation]: String(desired), [maxAnnotation]: String(desired + maxSurgeOf(deployment)) };
}

/** The annotations of the set that is now the new one: the deployment's, the scale, and a revision above all `others`. */
export function newSetAnnotations(
  deployment: Deployment,
  set: ReplicaSet | undefined,
  others: readonly ReplicaSet[],
): Annotations {
  const current = set?.metadata.annotations ?? {};
  const passedOn = Object.entries(deployment.metadata.annotations ?? {}).filter(([name]) => !ownAnnotations.has(name));
  const scale = set ? {} : scaleAnnotations(deployment);
  return {
    ...current,
    ...Object.fromEntries(passedOn),
    ...scale,
    ...revision(current, latestOf(others) + 1n),
  };
}

const latestOf = (sets: readonly ReplicaSet[]): bigint =>
  sets.map(revisionOf).reduce((latest, each) => (each > latest ? each : latest), 0n);

/** Only ever rises; a revision that is left behind goes to the history. */
function revision(current: Annotations, next: bigint): Annotations {
  const old = readRevision(current);
  if (old !== undefined && old >= next) return {};
  if (old === undefined) return { [revisionAnnotation]: String(next) };
  const history = [...(current[historyAnnotation] ?? '').split(',').filter(Boolean), String(old)];
  return { [revisionAnnotation]: String(next), [historyAnnotation]: history.join(',') };
}
