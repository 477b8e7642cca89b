import { Quantity } from '@kubephant/api';
import type { Container, ContainerPort, EphemeralContainer, PodSpec } from '@kubephant/schema';
import type { Path } from '../validation/path';

type Warnings = readonly string[];
type Amounts = Readonly<Record<string, string>>;

/** Every container of a pod where it stands. */
export interface PlacedContainer {
  readonly container: Container | EphemeralContainer;
  readonly path: Path;
}

export const placedContainers = (spec: PodSpec, path: Path): readonly PlacedContainer[] =>
  (['initContainers', 'containers', 'ephemeralContainers'] as const).flatMap((list) =>
    (spec[list] ?? []).map((container, index) => ({ container, path: path.child(list).index(index) })),
  );

/** Bytes come whole. */
export const fractionWarnings = (amounts: Amounts | undefined, path: Path): Warnings =>
  ['memory', 'ephemeral-storage'].flatMap((name) => {
    const text = amounts?.[name];
    if (text === undefined || Quantity.parse(text).milliValue() % 1000n === 0n) return [];
    const where = path.key(name).toString();
    return [`${where}: fractional byte value ${JSON.stringify(text)} is invalid, must be an integer`];
  });

/** Variables that take the place of earlier ones without using them. */
function envWarnings({ env = [] }: PlacedContainer['container'], path: Path): Warnings {
  const names = env.map(({ name }) => name);
  return env.flatMap(({ name, value = '', valueFrom }, index) => {
    const itself = `$(${name})`;
    const isNew = names.indexOf(name) === index;
    const usesOld = !valueFrom && value !== itself && value.includes(itself);
    if (isNew || usesOld) return [];
    const where = path.child('env').index(index).toString();
    return [`${where}: hides previous definition of ${JSON.stringify(name)}, which may be dropped when using apply`];
  });
}

const goPort = ({ name = '', hostPort = 0, containerPort, protocol = '', hostIP = '' }: ContainerPort): string =>
  `{Name:${name} HostPort:${hostPort} ContainerPort:${containerPort} Protocol:${protocol} HostIP:${hostIP}}`;

interface PlacedPort {
  readonly port: ContainerPort;
  readonly where: string;
}

/** How two definitions of one port of a pod get in each other's way. */
function clash(port: ContainerPort, other: ContainerPort): string | undefined {
  const [host, otherHost] = [port.hostPort ?? 0, other.hostPort ?? 0];
  const [ip, otherIP] = [port.hostIP ?? '', other.hostIP ?? ''];
  if (ip === otherIP && host === otherHost) return 'duplicate port definition';
  if (host === 0 || otherHost === 0) return 'overlapping port definition';
  const isOneAnywhere = (ip === '') !== (otherIP === '');
  return host === otherHost && isOneAnywhere ? 'dangerously ambiguous port definition' : undefined;
}

function portWarnings(ports: readonly PlacedPort[]): Warnings {
  const clashes = ports.flatMap(({ port, where }, index) => [
    ...(port.hostIP && !port.hostPort ? [`${where}: hostIP set without hostPort: ${goPort(port)}`] : []),
    ...ports
      .slice(0, index)
      .filter((other) => other.port.containerPort === port.containerPort && other.port.protocol === port.protocol)
      .flatMap((other) => {
        const what = clash(port, other.port);
        return what ? [`${where}: ${what} with ${other.where}`] : [];
      }),
  ]);
  const named = ports.filter(({ port }) => port.name);
  const names = named.flatMap(({ port, where }, index) => {
    const first = named.find((other) => other.port.name === port.name);
    if (!first || named.indexOf(first) === index) return [];
    const uses = 'services and probes that select ports by name will use';
    return [`${where}: duplicate port name ${JSON.stringify(port.name)} with ${first.where}, ${uses} ${first.where}`];
  });
  return [...clashes, ...names];
}

/** What of the containers will not do what their author thinks. */
export function containerWarnings(spec: PodSpec, path: Path): Warnings {
  const all = placedContainers(spec, path);
  const ports = all.flatMap(({ container, path: where }) =>
    (container.ports ?? []).map((port, index) => ({ port, where: where.child('ports').index(index).toString() })),
  );
  return [
    ...all.flatMap(({ container, path: where }) => [
      ...fractionWarnings(container.resources?.limits, where.child('resources', 'limits')),
      ...fractionWarnings(container.resources?.requests, where.child('resources', 'requests')),
      ...envWarnings(container, where),
    ]),
    ...portWarnings(ports),
  ];
}
