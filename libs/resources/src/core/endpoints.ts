import { dns1123Label, dns1123Subdomain, ipAddress, qualifiedName } from '@kubephant/api';
import type { EndpointAddress, EndpointPort, EndpointSubset, Endpoints } from '@kubephant/schema';
import { defineResource, type ResourceDefinition } from '../definition';
import { protocols } from '../pod-spec/allowed';
import { ageColumn, firstThree, nameColumn, text } from '../print/columns';
import { required, type Causes } from '../validation/causes';
import { each, follows, portNumberAt, requiredOneOf, when } from '../validation/checks';
import { validateRoutableIP } from '../validation/ips';
import { at, type Path } from '../validation/path';

const hostPort = (ip: string, port: number): string => (ip.includes(':') ? `[${ip}]:${port}` : `${ip}:${port}`);

const addresses = ({ subsets = [] }: Endpoints): readonly string[] =>
  subsets.flatMap(({ addresses: ready = [], ports = [] }) =>
    ports.length === 0
      ? ready.map(({ ip }) => ip)
      : ports.flatMap(({ port }) => ready.map(({ ip }) => hostPort(ip, port))),
  );

const validateAddress = ({ ip, hostname, nodeName }: EndpointAddress, path: Path): Causes => [
  ...follows(ip, path.child('ip'), ipAddress),
  ...(hostname ? follows(hostname, path.child('hostname'), dns1123Label) : []),
  ...(nodeName === undefined ? [] : follows(nodeName, path.child('nodeName'), (name) => dns1123Subdomain(name))),
  ...validateRoutableIP(ip, path.child('ip')),
];

function validatePort(port: EndpointPort, path: Path, needsName: boolean): Causes {
  const { name, appProtocol } = port;
  return [
    ...(name ? follows(name, path.child('name'), dns1123Label) : when(needsName, () => required(path.child('name')))),
    ...portNumberAt(port.port, path.child('port')),
    ...requiredOneOf(port.protocol, path.child('protocol'), protocols),
    ...(appProtocol === undefined ? [] : follows(appProtocol, path.child('appProtocol'), qualifiedName)),
  ];
}

function validateSubset(
  { addresses: ready = [], notReadyAddresses = [], ports = [] }: EndpointSubset,
  path: Path,
): Causes {
  return [
    ...when(ready.length + notReadyAddresses.length === 0, () =>
      required(path, 'must specify `addresses` or `notReadyAddresses`'),
    ),
    ...each(ready, path.child('addresses'), validateAddress),
    ...each(notReadyAddresses, path.child('notReadyAddresses'), validateAddress),
    ...each(ports, path.child('ports'), (port, where) => validatePort(port, where, ports.length > 1)),
  ];
}

const validate = ({ subsets }: Endpoints): Causes => each(subsets, at('subsets'), validateSubset);

const deprecation = 'v1 Endpoints is deprecated in v1.33+; use discovery.k8s.io/v1 EndpointSlice';

export const endpoints: ResourceDefinition = defineResource<Endpoints>({
  group: '',
  version: 'v1',
  kind: 'Endpoints',
  scope: 'Namespaced',
  names: { plural: 'endpoints', singular: 'endpoints', short: ['ep'] },
  schema: 'io.k8s.api.core.v1.Endpoints',
  createOnUpdate: true,
  deprecated: deprecation,
  columns: [
    nameColumn,
    text('Endpoints', 'The first addresses behind the service.', (obj) => firstThree(addresses(obj), '<none>')),
    ageColumn,
  ],
  defaults({ subsets = [] }) {
    for (const port of subsets.flatMap(({ ports = [] }) => ports)) port.protocol ||= 'TCP';
  },
  strategy: {
    validate,
    validateUpdate: validate,
    warnings: () => [deprecation],
  },
});
