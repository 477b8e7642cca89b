import type { ContainerStatus, PodSandboxStatus } from '@kubephant/node';
import type { Pod, PodSpec } from '@kubephant/schema';
import { containerHash } from '../pods/containers';
import { annotations } from '../pods/labels';

/** A pod of one container unless the spec says otherwise. */
export function aPod(spec: Partial<PodSpec> = {}, rest: Partial<Pod> = {}): Pod {
  return {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name: 'web', namespace: 'default', uid: 'u1', resourceVersion: '1', generation: 2 },
    spec: { containers: [{ name: 'main', image: 'busybox' }], ...spec },
    ...rest,
  };
}

export function aSandboxStatus(change: Partial<PodSandboxStatus> = {}): PodSandboxStatus {
  return {
    id: 's0',
    metadata: { name: 'web', namespace: 'default', uid: 'u1', attempt: 0 },
    state: 'READY',
    createdAtMs: 1000,
    labels: {},
    annotations: {},
    runtimeHandler: '',
    ips: ['10.0.0.2'],
    ...change,
  };
}

/** `main running`, `main exited 3`, `main created`: the state of one attempt in few words. */
export function aContainerStatus(text: string, change: Partial<ContainerStatus> = {}): ContainerStatus {
  const [name = '', state = '', code = '0'] = text.split(' ');
  const attempt = change.metadata?.attempt ?? 0;
  return {
    id: `${name}-${attempt}`,
    sandboxId: 's0',
    metadata: { name, attempt },
    image: 'busybox',
    imageRef: 'sha256:1',
    state: state.toUpperCase() as ContainerStatus['state'],
    createdAtMs: 2000 + attempt,
    startedAtMs: 3000,
    finishedAtMs: state === 'exited' ? 4000 : 0,
    exitCode: Number(code),
    reason: '',
    message: '',
    labels: {},
    annotations: {
      [annotations.hash]: containerHash({ name, image: 'busybox' }),
      [annotations.restartCount]: String(attempt),
    },
    logPath: '',
    ...change,
  };
}
