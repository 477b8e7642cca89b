/** What orders groups, and the versions of one: the higher comes first. */
export interface Priority {
  readonly group: number;
  readonly version: number;
}

/** The groups that the server serves of itself, with upstream's priorities. */
const groups: Readonly<Record<string, number>> = {
  // The aggregation's own group; no APIService stands for it, and nothing may come before it.
  'apiregistration.k8s.io': 20_001,
  '': 18_000,
  apps: 17_800,
  'events.k8s.io': 17_750,
  'authentication.k8s.io': 17_700,
  'authorization.k8s.io': 17_600,
  autoscaling: 17_500,
  batch: 17_400,
  'certificates.k8s.io': 17_300,
  'networking.k8s.io': 17_200,
  policy: 17_100,
  'rbac.authorization.k8s.io': 17_000,
  'storage.k8s.io': 16_800,
  'admissionregistration.k8s.io': 16_700,
  'apiextensions.k8s.io': 16_700,
  'scheduling.k8s.io': 16_600,
  'coordination.k8s.io': 16_500,
  'node.k8s.io': 16_300,
  'discovery.k8s.io': 16_200,
  'resource.k8s.io': 16_200,
  'flowcontrol.apiserver.k8s.io': 16_100,
};

/** Version priorities other than 15. */
const versions: Readonly<Record<string, number>> = {
  'v1.': 1,
  'v2.autoscaling': 30,
  'v1.flowcontrol.apiserver.k8s.io': 21,
  'v1.resource.k8s.io': 21,
};

const builtIn = new Map(Object.entries(groups));
const special = new Map(Object.entries(versions));
/** Of groups that custom resources make. */
const custom: Priority = { group: 1000, version: 100 };

export const isBuiltIn = (group: string): boolean => builtIn.has(group);

/** How an APIService is named: `v1.apps`, `v1.`. */
export const apiServiceName = ({ group, version }: { readonly group: string; readonly version: string }): string =>
  `${version}.${group}`;

/** The priority of a group version that nobody has said otherwise about. */
export function defaultPriority(group: string, version: string): Priority {
  const priority = builtIn.get(group);
  if (priority === undefined) return custom;
  return { group: priority, version: special.get(apiServiceName({ group, version })) ?? 15 };
}
