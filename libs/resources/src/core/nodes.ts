import type { Node } from '@kubephant/schema';
import { defineResource, type Column, type ResourceDefinition } from '../definition';
import { parseProxyId, proxyVerbs } from './proxy-id';
import { nodeStrategy, setNodeDefaults, validateNodeStatus } from './node-rules';
import { ageColumn, nameColumn, orNone, text, wideText } from '../print/columns';

const rolePrefix = 'node-role.kubernetes.io/';
const roleLabel = 'kubernetes.io/role';

function statusText({ spec, status }: Node): string {
  const ready = status?.conditions?.find(({ type }) => type === 'Ready');
  const word = ready ? (ready.status === 'True' ? 'Ready' : 'NotReady') : 'Unknown';
  return spec.unschedulable ? `${word},SchedulingDisabled` : word;
}

function rolesText({ metadata }: Node): string {
  const roles = Object.entries(metadata.labels ?? {}).flatMap(([key, value]) => {
    const role = key.startsWith(rolePrefix) ? key.slice(rolePrefix.length) : key === roleLabel ? value : '';
    return role ? [role] : [];
  });
  return orNone([...new Set(roles)].sort().join(','));
}

const address = ({ status }: Node, wanted: string): string =>
  orNone(status?.addresses?.find(({ type }) => type === wanted)?.address);

const orUnknown = (value: string | undefined): string => value || '<unknown>';

function kernelText({ status }: Node): string {
  const { kernelVersion, architecture } = status?.nodeInfo ?? {};
  return kernelVersion && architecture ? `${kernelVersion} (${architecture})` : orUnknown(kernelVersion);
}

const columns: readonly Column<Node>[] = [
  nameColumn,
  text('Status', 'Whether the node is ready and takes new pods.', statusText),
  text('Roles', 'Roles given by labels.', rolesText),
  ageColumn,
  text('Version', 'Version of the kubelet.', ({ status }) => status?.nodeInfo?.kubeletVersion ?? ''),
  wideText('Internal-IP', 'Address within the cluster.', (node) => address(node, 'InternalIP')),
  wideText('External-IP', 'Address from outside.', (node) => address(node, 'ExternalIP')),
  wideText('OS-Image', 'Operating system.', ({ status }) => orUnknown(status?.nodeInfo?.osImage)),
  wideText('Kernel-Version', 'Kernel, and architecture of the machine.', kernelText),
  wideText('Container-Runtime', 'Container runtime.', ({ status }) =>
    orUnknown(status?.nodeInfo?.containerRuntimeVersion),
  ),
];

export const nodes: ResourceDefinition = defineResource<Node>({
  group: '',
  version: 'v1',
  kind: 'Node',
  scope: 'Cluster',
  names: { plural: 'nodes', singular: 'node', short: ['no'] },
  schema: 'io.k8s.api.core.v1.Node',
  statusFromClient: true,
  columns,
  fields: [{ path: 'spec.unschedulable', value: ({ spec }) => String(spec.unschedulable ?? false) }],
  defaults: setNodeDefaults,
  strategy: nodeStrategy,
  subresources: {
    status: { kind: 'status', strategy: { validateUpdate: validateNodeStatus } },
    proxy: {
      kind: 'connect',
      verbs: proxyVerbs,
      input: 'NodeProxyOptions',
      nameOf: (id) => parseProxyId(id, 'node').name,
      location({ metadata }, query, request) {
        const { scheme, port } = parseProxyId(request?.id ?? metadata.name, 'node');
        const path = request?.path ?? '';
        return { node: metadata.name, ...(port && { port }), ...(scheme && { scheme }), path, query };
      },
    },
  },
});
