import type { CustomResourceDefinition, CustomResourceDefinitionVersion } from '@kubephant/schema';

const form = /^v(\d+)(?:(alpha|beta)(\d+))?$/;
const stages = ['alpha', 'beta', undefined];

/** How stable and how new a version is, as numbers to compare: v2 before v1 before v1beta1; others are last. */
function rankOf(version: string): readonly [stage: number, major: number, minor: number] {
  const [whole, major, stage, minor] = form.exec(version) ?? [];
  return whole === undefined ? [-1, 0, 0] : [stages.indexOf(stage), Number(major), Number(minor ?? 0)];
}

function isNewer(a: string, b: string): boolean {
  const [x, y] = [rankOf(a), rankOf(b)];
  if (x[0] !== y[0]) return x[0] > y[0];
  return x[1] !== y[1] ? x[1] > y[1] : x[2] > y[2];
}

/** What answers warn of when the version is deprecated; it names the newest one that is not, where that is newer. */
export function deprecationOf(
  { spec }: CustomResourceDefinition,
  { name, deprecated, deprecationWarning }: CustomResourceDefinitionVersion,
): string | undefined {
  if (!deprecated) return undefined;
  if (deprecationWarning !== undefined) return deprecationWarning;
  const { group, names } = spec;
  const better = spec.versions.filter((other) => other.served && !other.deprecated && isNewer(other.name, name));
  const [best] = better.map((other) => other.name).sort((a, b) => (isNewer(a, b) ? -1 : 1));
  const advice = best === undefined ? '' : `; use ${group}/${best} ${names.kind}`;
  return `${group}/${name} ${names.kind} is deprecated${advice}`;
}
