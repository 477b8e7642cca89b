import { createHash } from 'node:crypto';
import type { ContainerConfig, Image, Mount, MountPropagation } from '@kubephant/node';
import type { Pod, VolumeMount } from '@kubephant/schema';
import { containerHash, type PodContainer } from './containers';
import { expand } from './expansion';
import { annotations, labels } from './labels';
import { containerResources } from './resources';
import { containerSecurity } from './security';

export interface ContainerInput {
  readonly pod: Pod;
  readonly container: PodContainer;
  readonly attempt: number;
  readonly imageRef: string;
  readonly image: Image | undefined;
  readonly env: ReadonlyMap<string, string>;
  readonly mounts: readonly Mount[];
  readonly nodeMemoryBytes: number;
  /** The container whose processes an ephemeral container joins. */
  readonly targetId?: string | undefined;
}

const propagations: Readonly<Record<string, MountPropagation>> = {
  HostToContainer: 'HOST_TO_CONTAINER',
  Bidirectional: 'BIDIRECTIONAL',
};

export function propagationOf({ mountPropagation = 'None' }: VolumeMount): MountPropagation {
  return Object.hasOwn(propagations, mountPropagation) ? (propagations[mountPropagation] ?? 'PRIVATE') : 'PRIVATE';
}

export function containerConfig(input: ContainerInput): ContainerConfig {
  const { pod, container, attempt, imageRef, image, env, mounts } = input;
  const { spec } = container;
  const expanded = (texts: readonly string[] = []): string[] => texts.map((text) => expand(text, env));
  const security = containerSecurity(pod, spec, image);
  const { targetId } = input;
  const target =
    targetId === undefined ? undefined : ({ ...security.namespaceOptions, pid: 'TARGET', targetId } as const);
  return {
    metadata: { name: spec.name, attempt },
    image: { image: imageRef, userSpecifiedImage: spec.image ?? '' },
    command: expanded(spec.command),
    args: expanded(spec.args),
    workingDir: spec.workingDir ?? '',
    envs: [...env].map(([key, value]) => ({ key, value })),
    mounts,
    labels: {
      [labels.containerName]: spec.name,
      [labels.podName]: pod.metadata.name,
      [labels.podNamespace]: pod.metadata.namespace ?? '',
      [labels.podUid]: pod.metadata.uid,
    },
    annotations: containerAnnotations(input),
    logPath: `${spec.name}/${attempt}.log`,
    stdin: spec.stdin ?? false,
    stdinOnce: spec.stdinOnce ?? false,
    tty: spec.tty ?? false,
    linux: {
      resources: containerResources(pod, spec, input.nodeMemoryBytes),
      securityContext: target ? { ...security, namespaceOptions: target } : security,
    },
  };
}

function containerAnnotations({ pod, container: { spec }, attempt }: ContainerInput): Record<string, string> {
  return {
    [annotations.hash]: containerHash(spec),
    [annotations.restartCount]: String(attempt),
    [annotations.terminationMessagePath]: spec.terminationMessagePath ?? '/dev/termination-log',
    [annotations.terminationMessagePolicy]: spec.terminationMessagePolicy ?? 'File',
    [annotations.podGraceSeconds]: String(pod.spec.terminationGracePeriodSeconds ?? 30),
  };
}

/** Where a container's termination message is on the host: one file per attempt. */
export function terminationLogName(attempt: number): string {
  return createHash('sha256').update(String(attempt)).digest('hex').slice(0, 8);
}
