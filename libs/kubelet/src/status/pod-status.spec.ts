import type { ContainerStatus as RuntimeContainer } from '@kubephant/node';
import type { Pod, PodStatus } from '@kubephant/schema';
import { aContainerStatus, aPod, aSandboxStatus } from '../testing/builders';
import { podStatus, type StatusInput } from './pod-status';
import { statusPatch } from './status-writer';

const image = 'busybox';

interface Given {
  readonly pod?: Pod;
  readonly containers?: readonly RuntimeContainer[];
  readonly sandbox?: boolean;
  readonly waiting?: Record<string, string>;
  readonly ready?: boolean;
  readonly started?: boolean;
  readonly terminal?: boolean;
  readonly verdict?: StatusInput['verdict'];
}

function statusOf({
  pod = aPod(),
  containers = [],
  sandbox = true,
  waiting = {},
  ready = true,
  started = true,
  terminal = false,
  verdict,
}: Given): PodStatus {
  return podStatus({
    pod,
    runtime: { sandboxes: sandbox ? [aSandboxStatus()] : [], containers },
    facts: {
      runtimeName: 'containerd',
      waiting: new Map(
        Object.entries(waiting).map(([name, reason]) => [name, { reason, message: `because ${reason}` }]),
      ),
      terminationMessages: new Map([['main-1', 'last words']]),
      ready: () => ready,
      started: () => started,
      terminal,
    },
    hostIPs: ['192.0.2.1'],
    startTimeMs: 500,
    nowMs: 10_000,
    verdict,
  });
}

const ended = (code: number): RuntimeContainer => aContainerStatus(`main exited ${code}`);
const second = { metadata: { name: 'main', attempt: 1 } };

describe('phase', () => {
  const initPod = (policy: string): Pod => aPod({ initContainers: [{ name: 'init', image }], restartPolicy: policy });
  it.each<[string, Given, string]>([
    ['before anything exists', { sandbox: false }, 'Pending'],
    ['while a container runs', { containers: [aContainerStatus('main running')] }, 'Running'],
    ['while an image is pulled', { waiting: { main: 'ErrImagePull' } }, 'Pending'],
    ['in back-off after a crash', { containers: [ended(1)], waiting: { main: 'CrashLoopBackOff' } }, 'Running'],
    ['after an end that is followed by a restart', { containers: [ended(0)] }, 'Running'],
    [
      'after success of what never restarts',
      { pod: aPod({ restartPolicy: 'Never' }), containers: [ended(0)] },
      'Succeeded',
    ],
    [
      'after failure of what never restarts',
      { pod: aPod({ restartPolicy: 'Never' }), containers: [ended(1)] },
      'Failed',
    ],
    [
      'after failure that is tried again',
      { pod: aPod({ restartPolicy: 'OnFailure' }), containers: [ended(1)] },
      'Running',
    ],
    [
      'after success where only failures restart',
      { pod: aPod({ restartPolicy: 'OnFailure' }), containers: [ended(0)] },
      'Succeeded',
    ],
    [
      'while an init container runs',
      { pod: initPod('Always'), containers: [aContainerStatus('init running')] },
      'Pending',
    ],
    [
      'after an init container failed for good',
      { pod: initPod('Never'), containers: [aContainerStatus('init exited 1')] },
      'Failed',
    ],
    [
      'after an init container failed for now',
      { pod: initPod('Always'), containers: [aContainerStatus('init exited 1')] },
      'Pending',
    ],
    ['after a deletion whose containers failed', { containers: [ended(137)], terminal: true }, 'Failed'],
    ['after a deletion whose containers succeeded', { containers: [ended(0)], terminal: true }, 'Succeeded'],
    ['after a deletion before anything ran', { sandbox: false, terminal: true }, 'Failed'],
    [
      'once it was an end',
      { pod: aPod({}, { status: { phase: 'Failed' } }), containers: [aContainerStatus('main running')] },
      'Failed',
    ],
    ['when the node refuses the pod', { verdict: { phase: 'Failed', reason: 'OutOfcpu', message: 'no' } }, 'Failed'],
  ])('%s', (_, given, phase) => {
    expect(statusOf(given).phase).toBe(phase);
  });
});

describe('container status', () => {
  const only = (given: Given) => statusOf(given).containerStatuses?.[0];

  it('of one that runs after a restart tells how the last one ended', () => {
    const before = aContainerStatus('main exited 3');
    const now = aContainerStatus('main running', { ...second, startedAtMs: 5000, createdAtMs: 4500 });
    expect(only({ containers: [now, before] })).toEqual({
      name: 'main',
      state: { running: { startedAt: '1970-01-01T00:00:05Z' } },
      lastState: {
        terminated: {
          exitCode: 3,
          reason: 'Error',
          startedAt: '1970-01-01T00:00:03Z',
          finishedAt: '1970-01-01T00:00:04Z',
          containerID: 'containerd://main-0',
        },
      },
      ready: true,
      started: true,
      restartCount: 1,
      image: 'busybox',
      imageID: 'sha256:1',
      containerID: 'containerd://main-1',
    });
  });

  it('has the last words of one that ended', () => {
    const status = only({ containers: [aContainerStatus('main exited 0', { ...second, id: 'main-1' })] });
    expect(status?.state?.terminated).toMatchObject({ reason: 'Completed', message: 'last words' });
  });

  it('says what it waits for', () => {
    expect(only({})?.state).toEqual({ waiting: { reason: 'ContainerCreating' } });
    expect(only({ waiting: { main: 'ErrImagePull' } })?.state).toEqual({
      waiting: { reason: 'ErrImagePull', message: 'because ErrImagePull' },
    });
    const pod = aPod({ initContainers: [{ name: 'init', image }] });
    expect(only({ pod })?.state).toEqual({ waiting: { reason: 'PodInitializing' } });
  });

  it('of one whose turn never came still waits when the pod is over', () => {
    const pod = aPod({ restartPolicy: 'Never', initContainers: ['a', 'b', 'c'].map((name) => ({ name, image })) });
    const words = (given: Given) => {
      const { initContainerStatuses = [], containerStatuses = [] } = statusOf({ pod, terminal: true, ...given });
      return [...initContainerStatuses, ...containerStatuses].map(
        ({ state }) => state?.terminated?.reason ?? state?.waiting?.reason,
      );
    };
    const [waiting, lost] = ['PodInitializing', 'ContainerStatusUnknown'];
    expect(words({})).toEqual([lost, waiting, waiting, waiting]);
    const failed = aContainerStatus('b exited 1');
    expect(words({ containers: [failed] })).toEqual([lost, 'Error', waiting, waiting]);
    const done = ['a', 'b', 'c'].map((name) => aContainerStatus(`${name} exited 0`));
    expect(words({ containers: done })).toEqual(['Completed', 'Completed', 'Completed', lost]);
  });

  it('of one the runtime has lost keeps what was known', () => {
    const before = {
      name: 'main',
      ready: true,
      restartCount: 4,
      image: 'busybox',
      imageID: 'x',
      containerID: 'containerd://old',
      state: { running: {} },
    };
    const pod = aPod({}, { status: { containerStatuses: [before] } });
    expect(only({ pod })).toMatchObject({
      restartCount: 4,
      containerID: 'containerd://old',
      lastState: { terminated: { exitCode: 137, reason: 'ContainerStatusUnknown' } },
    });
  });

  it('is not ready while its probe says so, and not started before its startup probe', () => {
    const containers = [aContainerStatus('main running')];
    expect(only({ containers, ready: false, started: false })).toMatchObject({ ready: false, started: false });
  });
});

describe('conditions', () => {
  const words = (given: Given): string[] =>
    (statusOf(given).conditions ?? []).map(({ type, status, reason, message }) =>
      [type, status, reason, message].filter(Boolean).join(' '),
    );

  it('of a pod that is coming up', () => {
    const pod = aPod({ initContainers: [{ name: 'init', image }] });
    expect(words({ pod, sandbox: false })).toEqual([
      'PodReadyToStartContainers False',
      'Initialized False ContainersNotInitialized containers with incomplete status: [init]',
      'Ready False ContainersNotReady containers with unready status: [main]',
      'ContainersReady False ContainersNotReady containers with unready status: [main]',
      'PodScheduled True',
    ]);
  });

  it('of a pod that has succeeded', () => {
    expect(words({ pod: aPod({ restartPolicy: 'Never' }), containers: [ended(0)] })).toEqual([
      'PodReadyToStartContainers True',
      'Initialized True PodCompleted',
      'Ready False PodCompleted',
      'ContainersReady False PodCompleted',
      'PodScheduled True',
    ]);
  });

  it('count readiness gates, and keep what others set', () => {
    const pod = aPod(
      { readinessGates: [{ conditionType: 'lb' }] },
      { status: { conditions: [{ type: 'DisruptionTarget', status: 'True' }] } },
    );
    expect(words({ pod, containers: [aContainerStatus('main running')] })).toEqual([
      'PodReadyToStartContainers True',
      'Initialized True',
      'Ready False ReadinessGatesNotReady corresponding condition of pod readiness gate "lb" does not exist.',
      'ContainersReady True',
      'PodScheduled True',
      'DisruptionTarget True',
    ]);
  });

  it('keep the time of their last change, and the generation they speak of', () => {
    const before = [{ type: 'PodScheduled', status: 'True', lastTransitionTime: '1970-01-01T00:00:01Z' }];
    const conditions = statusOf({ pod: aPod({}, { status: { conditions: before } }) }).conditions ?? [];
    expect(conditions.find(({ type }) => type === 'PodScheduled')).toEqual({
      type: 'PodScheduled',
      observedGeneration: 2,
      status: 'True',
      lastTransitionTime: '1970-01-01T00:00:01Z',
    });
    expect(conditions[0]?.lastTransitionTime).toBe('1970-01-01T00:00:10Z');
  });
});

describe('what is written', () => {
  it('is only what differs, whatever the order of keys, with null for what is over', () => {
    const before: PodStatus = {
      phase: 'Pending',
      reason: 'X',
      podIPs: [{ ip: 'a' }],
      containerStatuses: [{ name: 'a', ready: true, restartCount: 0, image: '', imageID: '', lastState: {} }],
    };
    const after: PodStatus = {
      containerStatuses: [{ restartCount: 0, name: 'a', ready: true, image: '', imageID: '' }],
      podIPs: [{ ip: 'a' }],
      phase: 'Running',
    };
    expect(statusPatch(before, after)).toEqual({ phase: 'Running', reason: null });
    expect(statusPatch(before, before)).toBeUndefined();
  });
});
