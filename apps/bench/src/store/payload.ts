import type { KubeObject } from '@kubephant/api';
import type { StoreKey } from '@kubephant/storage';

export const keyOf = (name: string, namespace = 'default'): StoreKey => ({ resource: 'pods', namespace, name });

export interface BenchPod extends KubeObject {
  readonly spec: { readonly nodeName: string; readonly containers: readonly object[] };
}

/** A pod of about `bytes` bytes of JSON, in the shape that real ones have: labels, some structure, many short strings. */
export function podOf(name: string, bytes: number): BenchPod {
  const container = (i: number): object => ({
    name: `container-${i}`,
    image: `registry.example.com/team/service-${i}:v1.2.3`,
    env: [{ name: 'MODE', value: `production-${i}` }],
    resources: { requests: { cpu: '100m', memory: '128Mi' } },
  });
  const pod = {
    kind: 'Pod',
    apiVersion: 'v1',
    metadata: {
      name,
      namespace: 'default',
      uid: '0d3f4a52-9d5f-4b49-a6a3-7f2f3f1f6c11',
      resourceVersion: '',
      labels: { app: 'bench', tier: name.slice(-1) },
    },
    spec: { nodeName: `node-${name.length}`, containers: [] as object[] },
  };
  for (let i = 0; JSON.stringify(pod).length < bytes - 180; i++) pod.spec.containers.push(container(i));
  return pod;
}
