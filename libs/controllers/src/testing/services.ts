import type { Draft } from '@kubephant/api';
import type { Node, Pod, Service, ServiceSpec } from '@kubephant/schema';

/** A service `web` in `ns` for pods labelled `app=web`, port 80 to the port named `http`. */
export const webService = (spec: Partial<ServiceSpec> = {}): Draft<Service> => ({
  apiVersion: 'v1',
  kind: 'Service',
  metadata: { namespace: 'ns', name: 'web', uid: 'web-uid', labels: { tier: 'front' } },
  spec: {
    selector: { app: 'web' },
    clusterIP: '10.96.0.1',
    ipFamilies: ['IPv4'],
    ports: [{ name: 'http', port: 80, targetPort: 'http', protocol: 'TCP' }],
    ...spec,
  },
});

export interface PodFacts {
  readonly ip?: string;
  readonly ipv6?: string;
  readonly port?: number;
  readonly ready?: boolean;
  readonly node?: string;
  readonly phase?: string;
  readonly labels?: Record<string, string>;
  readonly spec?: Partial<Pod['spec']>;
}

/** A pod behind `webService`. */
export function webPod(name: string, facts: PodFacts = {}): Draft<Pod> {
  const {
    ip = '10.1.0.1',
    ipv6,
    port = 8080,
    ready = true,
    node = 'n1',
    phase = 'Running',
    labels = { app: 'web' },
    spec,
  } = facts;
  return {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { namespace: 'ns', name, uid: `${name}-uid`, labels },
    spec: {
      nodeName: node,
      containers: [{ name: 'c', ports: [{ name: 'http', containerPort: port, protocol: 'TCP' }] }],
      ...spec,
    },
    status: {
      phase,
      podIP: ip,
      podIPs: [{ ip }, ...(ipv6 ? [{ ip: ipv6 }] : [])],
      conditions: [{ type: 'Ready', status: ready ? 'True' : 'False' }],
    },
  };
}

export const zonedNode = (name: string, zone: string): Draft<Node> => ({
  apiVersion: 'v1',
  kind: 'Node',
  metadata: { name, labels: { 'topology.kubernetes.io/zone': zone } },
  spec: {},
});
