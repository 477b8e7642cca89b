// Short TypeScript names of definitions. Where several definitions have one name, one of them keeps it; another version
// of the same kind gets its version as suffix, a stranger its group and version as prefix. README.md has the table.

/** Definitions that keep a contested name although another rule would prefer their rival. */
const keepers = new Set([
  'io.k8s.api.autoscaling.v2.CrossVersionObjectReference',
  'io.k8s.api.autoscaling.v2.HorizontalPodAutoscaler',
  'io.k8s.api.autoscaling.v2.HorizontalPodAutoscalerList',
  'io.k8s.api.autoscaling.v2.HorizontalPodAutoscalerSpec',
  'io.k8s.api.autoscaling.v2.HorizontalPodAutoscalerStatus',
  'io.k8s.api.rbac.v1.Subject',
]);

/** Names that `@kubephant/api` uses for something else, or already defines. */
const taken = { 'io.k8s.apimachinery.pkg.apis.meta.v1.WatchEvent': 'RawWatchEvent' };
export const fromApi = ['ObjectMeta', 'OwnerReference', 'ManagedFieldsEntry'];

const split = (name) => {
  const dot = name.lastIndexOf('.');
  const [group, version] = name.slice(0, dot).split('.').slice(-2);
  return { group, version, short: name.slice(dot + 1) };
};
const capital = (text) => text[0].toUpperCase() + text.slice(1);
const stable = (version) => /^v\d+$/.test(version);

/** Lower is better: stable, then chosen, then kinds, then core and meta, then by name. */
function rank(name, schemas) {
  const { group, version } = split(name);
  const marks = [
    stable(version),
    keepers.has(name),
    schemas.get(name).isKind === true,
    group === 'core' || group === 'meta',
  ];
  return marks.map((mark) => (mark ? '0' : '1')).join('') + name;
}

/** Map from definition to its TypeScript name. */
export function typeNames(schemas) {
  const byShort = Map.groupBy(schemas.names(), (name) => split(name).short);
  const names = new Map();
  for (const [short, contenders] of byShort) {
    const [winner, ...others] = contenders.sort((a, b) => (rank(a, schemas) < rank(b, schemas) ? -1 : 1));
    names.set(winner, taken[winner] ?? short);
    for (const other of others) {
      const { group, version } = split(other);
      const family = contenders.find(
        (rival) => rival !== other && split(rival).group === group && stable(split(rival).version),
      );
      const base = family && names.get(family);
      names.set(other, base ? `${base}${capital(version)}` : `${capital(group)}${capital(version)}${short}`);
    }
  }
  names.set('io.k8s.apimachinery.pkg.version.Info', 'VersionInfo');
  const twice = [...Map.groupBy(names, ([, short]) => short)].filter(([, list]) => list.length > 1);
  if (twice.length > 0) throw new Error(`type names used twice: ${JSON.stringify(twice)}`);
  return names;
}
