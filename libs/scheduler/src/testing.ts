import type { Container, Node, Pod, PodSpec } from '@kubephant/schema';

let count = 0;

/** A pod that asks for `requests` in one container; `spec` adds or replaces. */
export function makePod(name: string, requests: Record<string, string> = {}, spec: Partial<PodSpec> = {}): Pod {
  count += 1;
  const container: Container = { name: 'c', image: 'i', resources: { requests } };
  return {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name, namespace: 'default', uid: `${name}-${count}`, resourceVersion: '1' },
    spec: { containers: [container], schedulerName: 'default-scheduler', ...spec },
  };
}

/** A node with 4 cores, 8 GiB and room for 110 pods, unless told otherwise. */
export function makeNode(
  name: string,
  allocatable: Record<string, string> = {},
  rest: { labels?: Record<string, string>; spec?: Node['spec'] } = {},
): Node {
  return {
    apiVersion: 'v1',
    kind: 'Node',
    metadata: { name, uid: name, resourceVersion: '1', labels: { 'kubernetes.io/hostname': name, ...rest.labels } },
    spec: rest.spec ?? {},
    status: { allocatable: { cpu: '4', memory: '8Gi', pods: '110', ...allocatable } },
  };
}
