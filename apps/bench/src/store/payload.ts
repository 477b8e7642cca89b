import type { KubeObject } from '@kubephant/api';
import type { ResourceFields, StoreKey } from '@kubephant/storage';

export const keyOf = (name: string, resource = 'pods'): StoreKey => ({ resource, namespace: 'default', name });

export interface BenchPod extends KubeObject {
  readonly spec: { readonly nodeName: string; readonly containers: readonly object[] };
}

export const resources: readonly ResourceFields[] = [
  {
    resource: 'pods',
    fields: (obj) => ({ 'spec.nodeName': (obj as BenchPod).spec.nodeName }),
    indexed: ['spec.nodeName'],
  },
];

/** Makes pods of about `bytes` bytes of JSON, in the shape that real ones have, at little cost for each. */
export function podsOf(bytes: number): (name: string) => BenchPod {
  const uid = '0d3f4a52-9d5f-4b49-a6a3-7f2f3f1f6c11';
  const containers: object[] = [];
  const pod = (name: string): BenchPod => ({
    kind: 'Pod',
    apiVersion: 'v1',
    metadata: {
      name,
      namespace: 'default',
      uid,
      resourceVersion: '',
      // No two objects have the same labels, as in a StatefulSet: nothing may be gained from their being alike.
      labels: { app: 'bench', 'statefulset.kubernetes.io/pod-name': name },
    },
    spec: { nodeName: `node-${name.slice(-2)}`, containers },
  });
  while (JSON.stringify(pod('o0000000')).length < bytes - 90) containers.push(container(containers.length));
  return pod;
}

const container = (i: number): object => ({
  name: `container-${i}`,
  image: `registry.example.com/team/service-${i}:v1.2.3`,
  env: [{ name: 'MODE', value: `production-${i}` }],
  resources: { requests: { cpu: '100m', memory: '128Mi' } },
});
