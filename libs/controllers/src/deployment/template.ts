import type { Deployment, PodTemplateSpec, ReplicaSet } from '@kubephant/schema';
import { isDeepStrictEqual } from 'node:util';

export const hashLabel = 'pod-template-hash';

/** The ReplicaSet whose pods are what the deployment's template says now; the oldest, should there be several. */
export function findNewSet(deployment: Deployment, sets: readonly ReplicaSet[]): ReplicaSet | undefined {
  return byAge(sets).find(({ spec }) => sameTemplate(spec.template, deployment.spec.template));
}

/** Oldest first; of the same age by name. */
export function byAge(sets: readonly ReplicaSet[]): readonly ReplicaSet[] {
  const key = ({ metadata }: ReplicaSet): string => `${metadata.creationTimestamp ?? ''} ${metadata.name}`;
  return [...sets].sort((a, b) => (key(a) < key(b) ? -1 : 1));
}

/** Whether two templates make the same pods: everything counts but the hash label that we add ourselves. */
export function sameTemplate(a: PodTemplateSpec | undefined, b: PodTemplateSpec | undefined): boolean {
  return isDeepStrictEqual(withoutHash(a), withoutHash(b));
}

function withoutHash({ metadata = {}, spec }: PodTemplateSpec = {}): unknown {
  const {
    labels: { [hashLabel]: _, ...labels } = {},
    creationTimestamp: __,
    ...rest
  } = metadata as typeof metadata & {
    creationTimestamp?: string | null;
  };
  return { metadata: { ...rest, labels }, spec };
}

/**
 * A short name for a template, the same whenever and wherever it is computed; `collisionCount` makes another one when the
 * name is taken. FNV-1a over the canonical JSON, in the letters that upstream uses for generated names.
 */
export function templateHash(template: PodTemplateSpec, collisionCount: number | undefined): string {
  const text = canonical(withoutHash(template)) + (collisionCount === undefined ? '' : String(collisionCount));
  let hash = 0x811c9dc5;
  for (const byte of Buffer.from(text)) hash = Math.imul(hash ^ byte, 0x01000193) >>> 0;
  return String(hash).replace(/./g, (digit) => safeLetters.charAt(digit.charCodeAt(0) % safeLetters.length));
}

/** No vowels and nothing that is read as one: no words come out. */
const safeLetters = 'bcdfghjklmnpqrstvwxz2456789';

function canonical(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(canonical).join(',')}]`;
  if (typeof value !== 'object' || value === null) return JSON.stringify(value ?? null);
  const fields = Object.entries(value).filter(([, field]) => field !== undefined);
  return `{${fields
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([name, field]) => `${JSON.stringify(name)}:${canonical(field)}`)
    .join(',')}}`;
}
