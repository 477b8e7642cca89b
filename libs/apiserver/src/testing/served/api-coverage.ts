/** One resource or subresource (`pods/log`) of a group version. */
export interface Offered {
  readonly apiVersion: string;
  readonly name: string;
  readonly namespaced: boolean;
  readonly verbs: readonly string[];
}

/** One that upstream offers; some only when told to (`--runtime-config`). */
export interface Upstream extends Offered {
  readonly off: boolean;
}

/** Reads the list of upstream's resources: a line each, comments aside. */
export function parseUpstream(text: string): readonly Upstream[] {
  const lines = text.split('\n').filter((line) => line !== '' && !line.startsWith('#'));
  return lines.map((line) => {
    const [apiVersion = '', name = '', scope, verbs = '', off] = line.split(' ');
    return { apiVersion, name, namespaced: scope === 'namespaced', verbs: verbs.split(','), off: off === 'off' };
  });
}

export const keyOf = ({ apiVersion, name }: Offered): string => `${apiVersion} ${name}`;

export interface Compared {
  readonly wanted: Upstream;
  readonly served: boolean;
  /** Verbs that upstream has for it and this server has not. */
  readonly missing: readonly string[];
}

/** What of upstream is served, in upstream's order. */
export function compare(upstream: readonly Upstream[], served: readonly Offered[]): readonly Compared[] {
  const found = new Map(served.map((one) => [keyOf(one), one]));
  return upstream.map((wanted) => {
    const own = found.get(keyOf(wanted));
    const missing = wanted.verbs.filter((verb) => !own?.verbs.includes(verb));
    return { wanted, served: own !== undefined && own.namespaced === wanted.namespaced, missing };
  });
}

/** Whether something of it is not as upstream has it, although upstream has it by default. */
export const isWanting = ({ wanted, served, missing }: Compared): boolean =>
  !wanted.off && (!served || missing.length > 0);

/** `docs/api-coverage.md`. */
export function describeCoverage(compared: readonly Compared[], reasons: Readonly<Record<string, string>>): string {
  const [byDefault, off] = [compared.filter(({ wanted }) => !wanted.off), compared.filter(({ wanted }) => wanted.off)];
  return [
    '# What of the API is served',
    '',
    'Written by `libs/apiserver/src/testing/served`; a test compares it with what the server offers. Rewrite it with',
    '`UPDATE_GOLDEN=1`.',
    '',
    ...summary(byDefault),
    '',
    '## Served by default upstream',
    '',
    ...tableOf(byDefault, reasons),
    '',
    '## Off by default upstream',
    '',
    'Alpha and beta versions that a cluster has only when it asks for them. Their forms are known (OpenAPI, protobuf);',
    'nothing here serves them.',
    '',
    ...groupsOf(off),
    '',
  ].join('\n');
}

function summary(compared: readonly Compared[]): readonly string[] {
  const count = (isSubresource: boolean): string => {
    const some = compared.filter(({ wanted }) => wanted.name.includes('/') === isSubresource);
    return `${some.filter((one) => !isWanting(one)).length} of ${some.length}`;
  };
  return [`Of Kubernetes 1.36: ${count(false)} resources and ${count(true)} subresources are served with every verb.`];
}

function tableOf(compared: readonly Compared[], reasons: Readonly<Record<string, string>>): readonly string[] {
  const rows = compared.map((one) => {
    const { wanted, served, missing } = one;
    const verbs = wanted.verbs.filter((verb) => !missing.includes(verb)).join(', ');
    const note = isWanting(one) ? (reasons[keyOf(wanted)] ?? '') : '';
    return `| ${wanted.apiVersion} | ${wanted.name} | ${served ? verbs : 'not served'} | ${note} |`;
  });
  return ['| version | resource | served | why not all of it |', '|---|---|---|---|', ...rows];
}

function groupsOf(off: readonly Compared[]): readonly string[] {
  const groups = new Map<string, string[]>();
  for (const { wanted } of off) groups.set(wanted.apiVersion, [...(groups.get(wanted.apiVersion) ?? []), wanted.name]);
  return [...groups].map(([apiVersion, names]) => `- ${apiVersion}: ${names.join(', ')}`);
}
