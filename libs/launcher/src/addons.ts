import type { Draft } from '@kubephant/api';
import { clusterRoleBindings, clusterRoles, endpointSlices, services, type ResourceRef } from '@kubephant/client';
import type { Layout } from './layout';

/** An object and the resource it belongs to. */
export interface Addon {
  readonly resource: ResourceRef;
  readonly object: Draft;
}

const labels = { 'k8s-app': 'kube-dns', 'kubernetes.io/cluster-service': 'true', 'kubernetes.io/name': 'CoreDNS' };

/**
 * Objects the cluster itself needs beyond the API server's bootstrap: the rights of the DNS server, and its Service.
 * The server runs on the machine, not in a pod, so the Service has no selector and its slice is written here.
 */
export function addons(layout: Layout): readonly Addon[] {
  return [...kubeletRights(), ...dnsRights(), ...dnsService(layout)];
}

const rbac = 'rbac.authorization.k8s.io';

/** Logs, exec and the like go through the API server to kubelets, under an identity that may do just that. */
function kubeletRights(): readonly Addon[] {
  const binding = {
    apiVersion: `${rbac}/v1`,
    kind: 'ClusterRoleBinding',
    metadata: { name: 'kubephant:kube-apiserver-kubelet-client' },
    roleRef: { apiGroup: rbac, kind: 'ClusterRole', name: 'system:kubelet-api-admin' },
    subjects: [{ apiGroup: rbac, kind: 'User', name: 'kube-apiserver-kubelet-client' }],
  };
  return [{ resource: clusterRoleBindings, object: binding }];
}

function dnsRights(): readonly Addon[] {
  const metadata = { name: 'system:coredns' };
  const reads = { verbs: ['list', 'watch'] };
  const role = {
    apiVersion: `${rbac}/v1`,
    kind: 'ClusterRole',
    metadata,
    rules: [
      { apiGroups: [''], resources: ['endpoints', 'services', 'pods', 'namespaces'], ...reads },
      { apiGroups: ['discovery.k8s.io'], resources: ['endpointslices'], ...reads },
    ],
  };
  const binding = {
    apiVersion: `${rbac}/v1`,
    kind: 'ClusterRoleBinding',
    metadata,
    roleRef: { apiGroup: rbac, kind: 'ClusterRole', name: metadata.name },
    subjects: [{ apiGroup: rbac, kind: 'User', name: metadata.name }],
  };
  return [
    { resource: clusterRoles, object: role },
    { resource: clusterRoleBindings, object: binding },
  ];
}

function dnsService({ dnsServiceIp, advertiseAddress, ports }: Layout): readonly Addon[] {
  const protocols = [
    { name: 'dns', protocol: 'UDP', port: ports.dns },
    { name: 'dns-tcp', protocol: 'TCP', port: ports.dns },
  ];
  const service = {
    apiVersion: 'v1',
    kind: 'Service',
    metadata: { name: 'kube-dns', namespace: 'kube-system', labels },
    spec: {
      clusterIP: dnsServiceIp,
      ports: protocols.map(({ name, protocol, port }) => ({ name, protocol, port: 53, targetPort: port })),
    },
  };
  const slice = {
    apiVersion: 'discovery.k8s.io/v1',
    kind: 'EndpointSlice',
    metadata: {
      name: 'kube-dns-host',
      namespace: 'kube-system',
      labels: { 'kubernetes.io/service-name': 'kube-dns', 'endpointslice.kubernetes.io/managed-by': 'kubephant' },
    },
    addressType: 'IPv4',
    endpoints: [{ addresses: [advertiseAddress], conditions: { ready: true } }],
    ports: protocols,
  };
  return [
    { resource: services, object: service },
    { resource: endpointSlices, object: slice },
  ];
}
