import type { ProbeAnswer } from '@kubephant/node';
import { openNode, type NodeFixture } from './testing/node-fixture';

const image = 'busybox';
const behaviour = 'simulated.kubephant.dev/behaviour';
const no = async (): Promise<ProbeAnswer> => ({
  ok: false,
  code: 0,
  output: 'dial tcp 10.244.1.2:80: connect ECONNREFUSED 10.244.1.2:80',
});

describe('a kubelet whose pods fail', () => {
  let node: NodeFixture;
  beforeEach(async () => {
    node = await openNode({ prober: { http: no, tcp: no, grpc: no } });
  });
  afterEach(() => node.stop());
  const main = (name: string) => node.pod(name).status?.containerStatuses?.[0];

  it.each(['livenessProbe', 'startupProbe'])('restarts what fails its %s later and later', async (kind) => {
    const probe = { tcpSocket: { port: 80 }, periodSeconds: 1, failureThreshold: 1 };
    node.addPod('probed', { terminationGracePeriodSeconds: 1, containers: [{ name: 'main', image, [kind]: probe }] });
    await node.until('first restart', () => main('probed')?.restartCount === 1, 100);
    await node.until('back-off', () => main('probed')?.state?.waiting?.reason === 'CrashLoopBackOff', 100);
    expect(main('probed')).toMatchObject({
      restartCount: 1,
      state: {
        waiting: { message: 'back-off 10s restarting failed container=main pod=probed_default(uid-of-probed)' },
      },
      lastState: { terminated: { exitCode: 143 } },
    });
    await node.until('second restart', () => main('probed')?.restartCount === 2);
    await node.clock.advance(60_000);
    expect(main('probed')?.restartCount).toBeLessThanOrEqual(4);
    expect(node.events('probed')).toEqual(
      expect.arrayContaining([
        expect.stringMatching(/^Unhealthy: \w+ probe failed: dial tcp 10.244.1.2:80: connect: connection refused$/),
        'BackOff: Back-off restarting failed container main in pod probed_default(uid-of-probed)',
      ]),
    );
  });

  it('leaves containers waiting for the init container that failed for good', async () => {
    node.addPod(
      'init',
      {
        restartPolicy: 'Never',
        initContainers: [
          { name: 'first', image },
          { name: 'second', image },
        ],
      },
      { annotations: { [`${behaviour}.first`]: 'exit=3' } },
    );
    await node.until('finished', () => node.kubelet.parts.workers.get('uid-of-init')?.state === 'finished');
    const { phase, conditions, initContainerStatuses } = node.pod('init').status ?? {};
    expect(phase).toBe('Failed');
    expect(initContainerStatuses?.map(({ state }) => state)).toMatchObject([
      { terminated: { exitCode: 3, reason: 'Error' } },
      { waiting: { reason: 'PodInitializing' } },
    ]);
    expect(main('init')?.state).toEqual({ waiting: { reason: 'PodInitializing' } });
    expect(conditions?.find(({ type }) => type === 'Initialized')).toMatchObject({
      status: 'False',
      reason: 'ContainersNotInitialized',
      message: 'containers with incomplete status: [first second]',
    });
  });

  it('pulls nothing under a name that is none', async () => {
    node.addPod('typo', { containers: [{ name: 'main', image: 'UPPER:::x' }] });
    await node.until('invalid', () => main('typo')?.state?.waiting?.reason === 'InvalidImageName');
    const message =
      'Failed to apply default image tag "UPPER:::x": couldn\'t parse image name "UPPER:::x": ' +
      'invalid reference format: repository name (library/UPPER) must be lowercase';
    expect(main('typo')?.state?.waiting?.message).toBe(message);
    await node.clock.advance(5000);
    expect(new Set(node.events('typo'))).toEqual(
      new Set([`InspectFailed: ${message}`, 'Failed: Error: InvalidImageName']),
    );
  });

  it('tells in events that a hook failed, and not what it said', async () => {
    const lifecycle = { postStart: { tcpSocket: { port: 80 } } };
    node.addPod('hooked', { containers: [{ name: 'main', image, lifecycle }] });
    await node.until('event', () => node.events('hooked').some((text) => text.startsWith('FailedPostStartHook')), 100);
    expect(node.events('hooked')).toContain('FailedPostStartHook: PostStartHook failed');
  });
});
