import { baseline } from './baseline';
import type { Check, CheckPod, PodLike, Violation } from './check';
import { restricted } from './restricted';

export const levels = ['privileged', 'baseline', 'restricted'] as const;
export type Level = (typeof levels)[number];

export const notALevel = `must be one of ${levels.join(', ')}`;
export const notAVersion = 'must be "latest" or "v1.x"';

export const levelNamed = (text: string): Level | undefined => levels.find((level) => level === text);

/** Infinity for `latest`; undefined: this is no version. */
export function minorIn(text: string): number | undefined {
  if (text === 'latest') return Infinity;
  const [, minor] = /^v1\.(0|[1-9]\d{0,14})$/.exec(text) ?? [];
  return minor === undefined ? undefined : Number(minor);
}

export const isStricter = (level: Level, than: Level): boolean => levels.indexOf(level) > levels.indexOf(than);

/** A level as a minor version of Kubernetes defines it; Infinity is `latest`. */
export interface Standard {
  readonly level: Level;
  readonly minor: number;
}

/** `restricted:latest`, `baseline:v1.25`. */
export const standardText = ({ level, minor }: Standard): string =>
  `${level}:${minor === Infinity ? 'latest' : `v1.${minor}`}`;

const byId = (a: Check, b: Check): number => (a.id < b.id ? -1 : 1);
const inOrder = [...[...baseline].sort(byId), ...[...restricted].sort(byId)];

const formAt = ({ versions }: Check, minor: number): CheckPod | undefined =>
  versions.findLast(([since]) => since <= minor)?.[1];

/** What a standard forbids and the pod does: the rules of baseline first, each by id. */
export function violations({ level, minor }: Standard, pod: PodLike): readonly Violation[] {
  if (level === 'privileged') return [];
  const isRestricted = level === 'restricted';
  const overridden = new Set(
    isRestricted ? restricted.filter((one) => formAt(one, minor)).flatMap(({ overrides = [] }) => overrides) : [],
  );
  const checks = isRestricted ? inOrder : inOrder.filter((one) => baseline.includes(one));
  return checks.filter(({ id }) => !overridden.has(id)).flatMap((one) => formAt(one, minor)?.(pod) ?? []);
}

export const reasonsText = (found: readonly Violation[]): string => found.map(({ reason }) => reason).join(', ');

export const detailsText = (found: readonly Violation[]): string =>
  found.map(({ reason, detail }) => `${reason} (${detail})`).join(', ');

export const sameStandard = (a: Standard, b: Standard): boolean => a.level === b.level && a.minor === b.minor;
