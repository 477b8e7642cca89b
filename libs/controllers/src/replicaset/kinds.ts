import {
  fromLabelSelector,
  fromSet,
  nothing,
  type KubeObject,
  type LabelSelector,
  type Selector,
} from '@kubephant/api';
import { replicaSets, replicationControllers, type ResourceRef } from '@kubephant/client';
import type { PodTemplateSpec, ReplicaSetStatus } from '@kubephant/schema';

/** What a ReplicaSet and a ReplicationController have in common: everything but the form of the selector. */
export interface ReplicaOwner extends KubeObject {
  spec: {
    replicas?: number;
    minReadySeconds?: number;
    selector?: LabelSelector | Record<string, string>;
    template?: PodTemplateSpec;
  };
  status?: ReplicaSetStatus;
}

export interface ReplicaKind {
  readonly ref: ResourceRef<ReplicaOwner>;
  /** Name of the work queue, which metrics show. */
  readonly queue: string;
  readonly selector: (owner: ReplicaOwner) => Selector;
  /** Whether `status.terminatingReplicas` is part of the kind. */
  readonly countsTerminating: boolean;
}

export const replicaSetKind: ReplicaKind = {
  ref: replicaSets as ResourceRef as ResourceRef<ReplicaOwner>,
  queue: 'replicaset',
  selector: ({ spec }) => fromLabelSelector(spec.selector),
  countsTerminating: true,
};

export const replicationControllerKind: ReplicaKind = {
  ref: replicationControllers as ResourceRef as ResourceRef<ReplicaOwner>,
  queue: 'replicationmanager',
  selector({ spec }) {
    const set = spec.selector as Record<string, string> | undefined;
    return set && Object.keys(set).length > 0 ? fromSet(set) : nothing;
  },
  countsTerminating: false,
};
