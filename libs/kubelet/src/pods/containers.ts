import { createHash } from 'node:crypto';
import type { Container, EphemeralContainer, Pod } from '@kubephant/schema';

export type ContainerKind = 'init' | 'sidecar' | 'regular' | 'ephemeral';

/** A container of a pod's spec with its place in it. */
export interface PodContainer {
  readonly kind: ContainerKind;
  readonly spec: Container | EphemeralContainer;
  /** As in an event's involvedObject.fieldPath: `spec.containers{web}`. */
  readonly fieldPath: string;
}

/** An init container that goes on running beside the others (KEP-753). */
export function isSidecar(spec: Container | EphemeralContainer): boolean {
  return spec.restartPolicy === 'Always';
}

export function containersOf(pod: Pod): readonly PodContainer[] {
  const { initContainers = [], containers, ephemeralContainers = [] } = pod.spec;
  return [
    ...initContainers.map((spec): PodContainer => ({
      kind: isSidecar(spec) ? 'sidecar' : 'init',
      spec,
      fieldPath: `spec.initContainers{${spec.name}}`,
    })),
    ...containers.map((spec): PodContainer => ({
      kind: 'regular',
      spec,
      fieldPath: `spec.containers{${spec.name}}`,
    })),
    ...ephemeralContainers.map((spec): PodContainer => ({
      kind: 'ephemeral',
      spec,
      fieldPath: `spec.ephemeralContainers{${spec.name}}`,
    })),
  ];
}

export function findContainer(pod: Pod, name: string): PodContainer | undefined {
  return containersOf(pod).find(({ spec }) => spec.name === name);
}

/** Changes when a running container must be replaced by another: name and image, all that may change in a pod. */
export function containerHash({ name, image }: Container | EphemeralContainer): string {
  return createHash('sha256')
    .update(JSON.stringify([name, image]))
    .digest('hex')
    .slice(0, 8);
}

/** `name_namespace(uid)`, as messages that people read have it. */
export function podTitle({ metadata }: Pod): string {
  return `${metadata.name}_${metadata.namespace ?? ''}(${metadata.uid})`;
}
