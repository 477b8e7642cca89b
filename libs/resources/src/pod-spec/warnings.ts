import { Quantity } from '@kubephant/api';
import type { Container, ContainerPort, PodSpec, Volume } from '@kubephant/schema';
import type { Path } from '../validation/path';

type Warnings = readonly string[];

const deprecatedVolumes: Partial<Record<keyof Volume, string>> = {
  gitRepo: 'deprecated in v1.11, and disabled by default in v1.33+',
  photonPersistentDisk: 'deprecated in v1.11, non-functional in v1.16+',
  scaleIO: 'deprecated in v1.16, non-functional in v1.22+',
  flocker: 'deprecated in v1.22, non-functional in v1.25+',
  quobyte: 'deprecated in v1.22, non-functional in v1.25+',
  storageos: 'deprecated in v1.22, non-functional in v1.25+',
  glusterfs: 'deprecated in v1.25, non-functional in v1.26+',
  cephfs: 'deprecated in v1.28, non-functional in v1.31+',
  rbd: 'deprecated in v1.28, non-functional in v1.31+',
};

/** Labels of nodes that have newer names, and what to say of them. */
export const deprecatedNodeLabels: Readonly<Record<string, string>> = {
  'beta.kubernetes.io/arch': 'deprecated since v1.14; use "kubernetes.io/arch" instead',
  'beta.kubernetes.io/os': 'deprecated since v1.14; use "kubernetes.io/os" instead',
  'failure-domain.beta.kubernetes.io/region': 'deprecated since v1.17; use "topology.kubernetes.io/region" instead',
  'failure-domain.beta.kubernetes.io/zone': 'deprecated since v1.17; use "topology.kubernetes.io/zone" instead',
  'beta.kubernetes.io/instance-type': 'deprecated since v1.17; use "node.kubernetes.io/instance-type" instead',
};

const eachWith = <T>(
  list: readonly T[] | undefined,
  path: Path,
  warn: (item: T, path: Path, index: number) => Warnings,
): Warnings => (list ?? []).flatMap((item, index) => warn(item, path.index(index), index));

/** Files of one volume that take each other's place. */
function overlaps(volume: Volume): Warnings {
  const sources = [
    { kind: 'Secret', name: volume.secret?.secretName, items: volume.secret?.items },
    { kind: 'ConfigMap', name: volume.configMap?.name, items: volume.configMap?.items },
  ];
  return sources.flatMap(({ kind, name, items = [] }) => {
    const paths = items.map(({ path }) => path);
    const twice = paths.filter((path, index) => paths.indexOf(path) < index);
    const head = `volume ${JSON.stringify(volume.name)} (${kind} ${JSON.stringify(name)})`;
    return twice.map((path) => `${head}: overlapping paths: ${JSON.stringify(path)} with ${JSON.stringify(path)}`);
  });
}

function volumeWarnings(volume: Volume, path: Path): Warnings {
  const deprecated = Object.entries(deprecatedVolumes).filter(
    ([source]) => volume[source as keyof Volume] !== undefined,
  );
  const empty = (volume.projected?.sources ?? []).filter((source) => Object.keys(source).length === 0);
  return [
    ...deprecated.map(([source, why]) => `${path.child(source).toString()}: ${why}`),
    ...overlaps(volume),
    ...empty.map(() => `volume ${JSON.stringify(volume.name)} (Projected) has no sources provided`),
  ];
}

function envWarnings({ env = [] }: Container, path: Path): Warnings {
  const names = env.map(({ name }) => name);
  return eachWith(env, path.child('env'), ({ name }, where, index) =>
    names.indexOf(name) < index
      ? [
          `${where.toString()}: hides previous definition of ${JSON.stringify(name)}, which may be dropped when using apply`,
        ]
      : [],
  );
}

const isFraction = (text: string): boolean => Quantity.parse(text).milliValue() % 1000n !== 0n;

function amountWarnings({ resources }: Container, path: Path): Warnings {
  return (['limits', 'requests'] as const).flatMap((list) =>
    Object.entries(resources?.[list] ?? {})
      .filter(([name, text]) => (name === 'memory' || name === 'ephemeral-storage') && isFraction(text))
      .map(([name, text]) => {
        const where = path.child('resources', list).key(name).toString();
        return `${where}: fractional byte value ${JSON.stringify(text)} is invalid, must be an integer`;
      }),
  );
}

interface Placed {
  readonly port: ContainerPort;
  readonly where: string;
  readonly container: number;
}

const goPort = ({ name = '', hostPort = 0, containerPort, protocol = '', hostIP = '' }: ContainerPort): string =>
  `{Name:${name} HostPort:${hostPort} ContainerPort:${containerPort} Protocol:${protocol} HostIP:${hostIP}}`;

function portWarnings(placed: readonly Placed[]): Warnings {
  return placed.flatMap(({ port, where, container }, index) => {
    const before = placed.slice(0, index);
    const same = before.find(
      ({ port: other }) => other.containerPort === port.containerPort && other.protocol === port.protocol,
    );
    const named = before.find((other) => port.name && other.port.name === port.name && other.container !== container);
    const name = JSON.stringify(port.name);
    return [
      ...(port.hostIP && !port.hostPort ? [`${where}: hostIP set without hostPort: ${goPort(port)}`] : []),
      ...(same ? [`${where}: duplicate port definition with ${same.where}`] : []),
      ...(named
        ? [
            `${where}: duplicate port name ${name} with ${named.where}, services and probes that select ports by name will use ${named.where}`,
          ]
        : []),
    ];
  });
}

function containerWarnings(spec: PodSpec, path: Path): Warnings {
  const lists = [
    [
      'initContainers',
      (spec.initContainers ?? []).map((c) => (c.restartPolicy === 'Always' ? c : { ...c, ports: [] })),
    ],
    ['containers', spec.containers],
  ] as const;
  const all = lists.flatMap(([list, containers]) =>
    containers.map((container, index) => ({ container, where: path.child(list).index(index) })),
  );
  const inits = (spec.initContainers ?? []).map((container, index) => ({
    container,
    where: path.child('initContainers').index(index),
  }));
  const placed = [...inits, ...all.slice(inits.length)].flatMap(({ container, where }, index) =>
    (container.ports ?? []).map((port, at) => ({
      port,
      where: where.child('ports').index(at).toString(),
      container: index,
    })),
  );
  return [
    ...all.flatMap(({ container, where }) => [...envWarnings(container, where), ...amountWarnings(container, where)]),
    ...portWarnings(placed),
  ];
}

function listWarnings(spec: PodSpec, path: Path): Warnings {
  const ips = (spec.hostAliases ?? []).map(({ ip }) => ip);
  const secrets = (spec.imagePullSecrets ?? []).map(({ name = '' }) => name);
  return [
    ...eachWith(ips, path.child('hostAliases'), (ip, where, index) =>
      ips.indexOf(ip) < index ? [`${where.child('ip').toString()}: duplicate ip ${JSON.stringify(ip)}`] : [],
    ),
    ...eachWith(spec.topologySpreadConstraints, path.child('topologySpreadConstraints'), ({ labelSelector }, where) =>
      labelSelector
        ? []
        : [`${where.child('labelSelector').toString()}: a null labelSelector results in matching no pod`],
    ),
    ...eachWith(secrets, path.child('imagePullSecrets'), (name, where, index) => {
      const at = where.child('name').toString();
      if (name === '') return [`${at}: invalid empty name ""`];
      return secrets.indexOf(name) < index ? [`${at}: duplicate name ${JSON.stringify(name)}`] : [];
    }),
  ];
}

/** What is accepted of a pod spec but will not do what its author thinks. */
export function podSpecWarnings(spec: PodSpec, path: Path): Warnings {
  const labels = Object.keys(spec.nodeSelector ?? {}).filter((key) => Object.hasOwn(deprecatedNodeLabels, key));
  return [
    ...labels.map((key) => `${path.child('nodeSelector').key(key).toString()}: ${deprecatedNodeLabels[key] ?? ''}`),
    ...eachWith(spec.volumes, path.child('volumes'), volumeWarnings),
    ...containerWarnings(spec, path),
    ...listWarnings(spec, path),
  ];
}
