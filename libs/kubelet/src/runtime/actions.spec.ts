import type { PodSpec } from '@kubephant/schema';
import { aContainerStatus, aPod, aSandboxStatus } from '../testing/builders';
import { podActions, type PodActions, type ProbeVerdicts } from './actions';

const healthy: ProbeVerdicts = { livenessFailed: () => false, startupFailed: () => false, started: () => true };
const image = 'busybox';
const two = {
  containers: [
    { name: 'main', image },
    { name: 'side', image },
  ],
};
const withInit = {
  initContainers: [
    { name: 'first', image },
    { name: 'second', image },
  ],
  ...two,
};
const withSidecar = {
  initContainers: [
    { name: 'proxy', image, restartPolicy: 'Always' },
    { name: 'setup', image },
  ],
  containers: [{ name: 'main', image }],
};

interface Case {
  readonly spec?: Partial<PodSpec>;
  readonly sandboxes?: readonly ReturnType<typeof aSandboxStatus>[];
  readonly containers?: readonly string[];
  readonly probes?: Partial<ProbeVerdicts>;
}

/** What is done, in the fewest words: `kill pod`, `sandbox 1`, `kill main`, `start main`. */
function inWords({ killPod, createSandbox, attempt, kill, start }: PodActions): string {
  return [
    ...(killPod ? ['kill pod'] : []),
    ...(createSandbox ? [`sandbox ${attempt}`] : []),
    ...kill.map(({ container, because }) => `kill ${container.metadata.name} (${because})`),
    ...start.map((name) => `start ${name}`),
  ].join(', ');
}

const decide = ({ spec = {}, sandboxes = [aSandboxStatus()], containers = [], probes = {} }: Case): string =>
  inWords(
    podActions(
      aPod(spec),
      { sandboxes, containers: containers.map((text) => aContainerStatus(text)) },
      { ...healthy, ...probes },
    ),
  );

const dead = [aSandboxStatus({ state: 'NOTREADY', ips: [] })];

it.each<[string, Case, string]>([
  [
    'a new pod gets a sandbox and all its containers',
    { spec: two, sandboxes: [] },
    'sandbox 0, start main, start side',
  ],
  [
    'a new pod with init containers gets the first of them',
    { spec: withInit, sandboxes: [] },
    'sandbox 0, start first',
  ],
  [
    'a pod whose sandbox died gets the next one',
    { sandboxes: dead, containers: ['main exited 137'] },
    'kill pod, sandbox 1, start main',
  ],
  [
    'what still runs without its sandbox is started again with it',
    { sandboxes: dead, containers: ['main running'] },
    'kill pod, sandbox 1, start main',
  ],
  [
    'a pod that never restarts gets no second sandbox',
    { spec: { restartPolicy: 'Never' }, sandboxes: dead, containers: ['main exited 0'] },
    'kill pod',
  ],
  [
    'a sandbox without an address is replaced',
    { sandboxes: [aSandboxStatus({ ips: [] })] },
    'kill pod, sandbox 1, start main',
  ],
  [
    'in the host network no address is needed',
    { spec: { hostNetwork: true }, sandboxes: [aSandboxStatus({ ips: [] })], containers: ['main running'] },
    '',
  ],
  ['a pod that is as it should be is left alone', { spec: two, containers: ['main running', 'side running'] }, ''],
  [
    'a container that ended is started again',
    { spec: two, containers: ['main running', 'side exited 0'] },
    'start side',
  ],
  [
    'on failure, one that succeeded is not',
    { spec: { ...two, restartPolicy: 'OnFailure' }, containers: ['main exited 1', 'side exited 0'] },
    'start main',
  ],
  [
    'never means never',
    { spec: { ...two, restartPolicy: 'Never' }, containers: ['main exited 1', 'side running'] },
    '',
  ],
  [
    'when all are done the sandbox goes too',
    { spec: { ...two, restartPolicy: 'OnFailure' }, containers: ['main exited 0', 'side exited 0'] },
    'kill pod',
  ],
  ['a container that was created but not started is made anew', { containers: ['main created'] }, 'start main'],
  [
    'one that fails its liveness probe is replaced',
    { containers: ['main running'], probes: { livenessFailed: () => true } },
    'kill main (liveness), start main',
  ],
  [
    'or only killed, when it may not run again',
    { spec: { restartPolicy: 'Never' }, containers: ['main running'], probes: { startupFailed: () => true } },
    'kill main (startup)',
  ],
  [
    'one whose image changed is replaced',
    { spec: { containers: [{ name: 'main', image: 'busybox:2' }] }, containers: ['main running'] },
    'kill main (changed), start main',
  ],
  ['while an init container runs nothing else starts', { spec: withInit, containers: ['first running'] }, ''],
  ['after one the next', { spec: withInit, containers: ['first exited 0'] }, 'start second'],
  [
    'after all of them the others',
    { spec: withInit, containers: ['first exited 0', 'second exited 0'] },
    'start main, start side',
  ],
  ['one that failed is tried again', { spec: withInit, containers: ['first exited 1'] }, 'start first'],
  [
    'unless the pod never restarts: then it is over',
    { spec: { ...withInit, restartPolicy: 'Never' }, containers: ['first exited 1'] },
    'kill pod',
  ],
  [
    'init containers that are gone do not run again beside others that do',
    { spec: withInit, containers: ['main running', 'side running'] },
    '',
  ],
  ['a sidecar starts in its turn', { spec: withSidecar }, 'start proxy'],
  [
    'and holds back what comes after it until it has started',
    { spec: withSidecar, containers: ['proxy running'], probes: { started: () => false } },
    '',
  ],
  ['then the next goes on beside it', { spec: withSidecar, containers: ['proxy running'] }, 'start setup'],
  [
    'a sidecar that ended comes back while the others run',
    { spec: withSidecar, containers: ['proxy exited 0', 'setup exited 0', 'main running'] },
    'start proxy',
  ],
  [
    'a sidecar alone keeps no pod alive',
    {
      spec: { ...withSidecar, restartPolicy: 'Never' },
      containers: ['proxy running', 'setup exited 0', 'main exited 0'],
    },
    'kill pod',
  ],
  [
    'an ephemeral container is started once',
    { spec: { ephemeralContainers: [{ name: 'debug', image }] }, containers: ['main running'] },
    'start debug',
  ],
  [
    'and not again',
    { spec: { ephemeralContainers: [{ name: 'debug', image }] }, containers: ['main running', 'debug exited 0'] },
    '',
  ],
])('%s', (_, given, expected) => {
  expect(decide(given)).toBe(expected);
});
