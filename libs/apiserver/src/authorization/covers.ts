import type { PolicyRule } from '@kubephant/schema';

/** One verb on one resource of one group (or one path), under one name or any. */
export type Atom = Readonly<Record<'verb' | 'group' | 'resource' | 'name' | 'path', string>>;

function atomsOf({
  verbs,
  apiGroups = [],
  resources = [],
  resourceNames = [],
  nonResourceURLs = [],
}: PolicyRule): Atom[] {
  const names = resourceNames.length > 0 ? resourceNames : [''];
  const objects = apiGroups.flatMap((group) =>
    resources.flatMap((resource) => names.map((name) => ({ group, resource, name, path: '' }))),
  );
  const paths = nonResourceURLs.map((path) => ({ group: '', resource: '', name: '', path }));
  return verbs.flatMap((verb) => [...paths, ...objects].map((target) => ({ verb, ...target })));
}

const includes = (values: readonly string[] | undefined, value: string): boolean =>
  values !== undefined && (values.includes('*') || values.includes(value));

function coversAtom(rule: PolicyRule, { verb, group, resource, name, path }: Atom): boolean {
  if (!includes(rule.verbs, verb)) return false;
  if (path) return coversPath(rule.nonResourceURLs ?? [], path);
  const { resourceNames = [] } = rule;
  const named = resourceNames.length === 0 || (name !== '' && resourceNames.includes(name));
  return named && includes(rule.apiGroups, group) && coversResource(rule.resources ?? [], resource);
}

function coversResource(resources: readonly string[], resource: string): boolean {
  const slash = resource.indexOf('/');
  return includes(resources, resource) || (slash > 0 && resources.includes(`*${resource.slice(slash)}`));
}

const coversPath = (urls: readonly string[], path: string): boolean =>
  urls.some((url) => url === path || (url.endsWith('*') && path.startsWith(url.slice(0, -1))));

/** The wanted rules that the held ones do not give in full. */
export function uncovered(held: readonly PolicyRule[], wanted: readonly PolicyRule[]): readonly PolicyRule[] {
  return wanted.filter((rule) => uncoveredAtoms(held, [rule]).length > 0);
}

/** What exactly the held rules do not give of the wanted ones. */
export function uncoveredAtoms(held: readonly PolicyRule[], wanted: readonly PolicyRule[]): readonly Atom[] {
  return wanted.flatMap(atomsOf).filter((atom) => !held.some((one) => coversAtom(one, atom)));
}
