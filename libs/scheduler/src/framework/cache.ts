import type { Node, Pod } from '@kubephant/schema';
import { newNodeInfo, withNode, withPod, withoutPod, type NodeInfo } from './node-info';

/** One moment of the cluster, as the plugins see it: immutable. */
export interface Snapshot {
  readonly nodes: readonly NodeInfo[];
  get(name: string): NodeInfo | undefined;
}

/**
 * The scheduler's picture of the cluster: what informers report, plus pods that it has assumed onto nodes and whose
 * binding has not come back yet. Pods may be reported before their node.
 */
export interface Cache {
  setNode(node: Node): void;
  removeNode(name: string): void;
  /** A pod that has a node, as the API reports it; confirms an assumption. */
  setPod(pod: Pod): void;
  removePod(uid: string): void;
  assume(pod: Pod, nodeName: string): void;
  /** Takes an assumption back; a pod that the API has confirmed meanwhile stays. */
  forget(uid: string): void;
  snapshot(): Snapshot;
  readonly size: { readonly nodes: number; readonly pods: number; readonly assumedPods: number };
}

export function newCache(): Cache {
  const infos = new Map<string, NodeInfo>();
  /** Pods by uid with the node they are on, also while that node is unknown. */
  const pods = new Map<string, Pod>();
  const assumed = new Set<string>();

  const nodeOf = (pod: Pod): string => pod.spec.nodeName ?? '';
  const detach = (uid: string): void => {
    const pod = pods.get(uid);
    if (!pod) return;
    pods.delete(uid);
    const info = infos.get(nodeOf(pod));
    if (info) infos.set(info.name, withoutPod(info, uid));
  };
  const attach = (pod: Pod): void => {
    detach(pod.metadata.uid);
    pods.set(pod.metadata.uid, pod);
    const info = infos.get(nodeOf(pod));
    if (info) infos.set(info.name, withPod(info, pod));
  };

  return {
    setNode(node) {
      const { name } = node.metadata;
      const known = infos.get(name);
      const present = (): Pod[] => [...pods.values()].filter((pod) => nodeOf(pod) === name);
      infos.set(name, known ? withNode(known, node) : newNodeInfo(node, present()));
    },
    removeNode: (name) => void infos.delete(name),
    setPod(pod) {
      assumed.delete(pod.metadata.uid);
      attach(pod);
    },
    removePod(uid) {
      assumed.delete(uid);
      detach(uid);
    },
    assume(pod, nodeName) {
      assumed.add(pod.metadata.uid);
      attach({ ...pod, spec: { ...pod.spec, nodeName } });
    },
    forget(uid) {
      if (assumed.delete(uid)) detach(uid);
    },
    snapshot() {
      const frozen = new Map(infos);
      return { nodes: [...frozen.values()], get: (name) => frozen.get(name) };
    },
    get size() {
      return { nodes: infos.size, pods: pods.size, assumedPods: assumed.size };
    },
  };
}
