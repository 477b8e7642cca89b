import type { KubeObject } from '@kubephant/api';
import type { Subresource } from './definition';
import { validateUpdate } from './meta/validate';
import { table } from './table';
import { examples } from './testdata/examples';
import { changedObject, newObject } from './testing';

type Json = Record<string, unknown>;
const context = { now: new Date('2026-01-02T00:00:00Z'), user: { name: 'tester', groups: [] }, subresource: 'status' };

interface Case {
  readonly kind: string;
  readonly spec?: Json;
  readonly stored?: Json;
  readonly status: Json;
}

/** What is said of a status written to an object; nothing when it is accepted. */
function answer({ kind, spec, stored, status }: Case): readonly string[] {
  const row = table.find((one) => one.kind === kind)!;
  const example = examples[row.schema]!;
  const old = newObject(row, { ...example, spec: { ...(example['spec'] as Json | undefined), ...spec } });
  if (stored) Object.assign(old, { status: stored });
  const obj = { ...structuredClone(old), status } as KubeObject;
  const part = row.subresources!['status'] as Extract<Subresource<KubeObject>, { kind: 'status' }>;
  part.strategy?.prepareForUpdate?.(obj, old, context);
  return validateUpdate(row, obj, old, { name: 'status', strategy: part.strategy }).map(
    ({ field, message }) => `${field}: ${message}`,
  );
}

const balanced = (ingress: Json): Json => ({ loadBalancer: { ingress: [ingress] } });
const ended = { terminated: { exitCode: 1 } };
const container = (state: Json): Json => ({ containerStatuses: [{ name: 'web', state }] });

describe('a status', () => {
  it.each<[string, Case, readonly string[]]>([
    ['of a pod may say anything of its phase', { kind: 'Pod', status: { phase: 'Bogus' } }, []],
    [
      'of a pod has real addresses',
      { kind: 'Pod', status: { podIPs: [{ ip: 'bad' }] } },
      ['status.podIPs[0]: Invalid value: "bad": must be a valid IP address, (e.g. 10.9.8.7 or 2001:db8::ffff)'],
    ],
    [
      'of a pod that restarts nothing does not revive a container',
      { kind: 'Pod', spec: { restartPolicy: 'Never' }, stored: container(ended), status: container({ running: {} }) },
      ['status.containerStatuses[0].state: Forbidden: may not be transitioned to non-terminated state'],
    ],
    [
      'of a pod that restarts failures revives a failed container',
      {
        kind: 'Pod',
        spec: { restartPolicy: 'OnFailure' },
        stored: container(ended),
        status: container({ running: {} }),
      },
      [],
    ],
    [
      'of a namespace is not Terminating before it is deleted',
      { kind: 'Namespace', status: { phase: 'Terminating' } },
      ['status.phase: Invalid value: "Terminating": may only be \'Active\' if `deletionTimestamp` is empty'],
    ],
    [
      'of a node has no negative capacity',
      { kind: 'Node', status: { capacity: { cpu: '-1' } } },
      ['status.capacity.cpu: Invalid value: "-1": must be greater than or equal to 0'],
    ],
    [
      'of a deployment counts no more ready pods than there are',
      { kind: 'Deployment', status: { replicas: 1, readyReplicas: 2 } },
      ['status.readyReplicas: Invalid value: 2: cannot be greater than status.replicas'],
    ],
    [
      'of a replica set counts nothing below zero',
      { kind: 'ReplicaSet', status: { replicas: 1, availableReplicas: -1 } },
      ['status.availableReplicas: Invalid value: -1: must be greater than or equal to 0'],
    ],
    [
      'of a deployment counts no pod as available that is not ready',
      { kind: 'Deployment', status: { replicas: 2, readyReplicas: 1, availableReplicas: 2 } },
      ['status.availableReplicas: Invalid value: 2: cannot be greater than readyReplicas'],
    ],
    [
      'of a stateful set counts no more current pods than there are',
      { kind: 'StatefulSet', status: { replicas: 1, availableReplicas: 0, currentReplicas: 2 } },
      ['status.currentReplicas: Invalid value: 2: cannot be greater than status.replicas'],
    ],
    [
      'of a stateful set never counts fewer collisions',
      {
        kind: 'StatefulSet',
        stored: { replicas: 0, availableReplicas: 0, collisionCount: 2 },
        status: { replicas: 0, availableReplicas: 0, collisionCount: 1 },
      },
      ['status.collisionCount: Invalid value: 1: cannot be decremented'],
    ],
    [
      'of a daemon set counts nothing below zero',
      { kind: 'DaemonSet', status: { numberReady: -1, currentNumberScheduled: 3 } },
      ['status.numberReady: Invalid value: -1: must be greater than or equal to 0'],
    ],
    [
      'of an autoscaler counts nothing below zero',
      { kind: 'HorizontalPodAutoscaler', status: { currentReplicas: -1, desiredReplicas: 1, currentMetrics: null } },
      ['status.currentReplicas: Invalid value: -1: must be greater than or equal to 0'],
    ],
    [
      'of a disruption budget has whole conditions, each once',
      {
        kind: 'PodDisruptionBudget',
        status: {
          disruptionsAllowed: -1,
          conditions: [
            { type: 'A', status: 'True', reason: 'Fine', message: '', lastTransitionTime: '2026-01-01T00:00:00Z' },
            { type: 'A', status: 'maybe', reason: '', message: '', lastTransitionTime: null, observedGeneration: -1 },
          ],
        },
      },
      [
        'status.conditions[1].type: Duplicate value: "A"',
        'status.conditions[1].status: Unsupported value: "maybe": supported values: "False", "True", "Unknown"',
        'status.conditions[1].observedGeneration: Invalid value: -1: must be greater than or equal to zero',
        'status.conditions[1].lastTransitionTime: Required value: must be set',
        'status.conditions[1].reason: Required value: must be set',
        'status.disruptionsAllowed: Invalid value: -1: must be greater than or equal to 0',
      ],
    ],
    [
      'of a quota counts only what quotas know',
      { kind: 'ResourceQuota', status: { hard: { pods: '1.5' }, used: { things: '1' } } },
      [
        'status.hard[pods]: Invalid value: "1500m": must be an integer',
        'status.used[things]: Invalid value: "things": must be a standard resource type or fully qualified',
        'status.used[things]: Invalid value: "things": must be a standard resource for quota',
      ],
    ],
    [
      'of a service names addresses of its load balancer',
      { kind: 'Service', spec: { type: 'LoadBalancer' }, status: balanced({ ip: '198.51.100.1' }) },
      [],
    ],
    [
      'of a service without a load balancer names none',
      { kind: 'Service', status: balanced({ ip: '198.51.100.1' }) },
      ["status.loadBalancer.ingress: Forbidden: may only be used when `spec.type` is 'LoadBalancer'"],
    ],
    [
      'of a service does not pass an address for a name',
      { kind: 'Service', spec: { type: 'LoadBalancer' }, status: balanced({ hostname: '198.51.100.1' }) },
      ['status.loadBalancer.ingress[0].hostname: Invalid value: "198.51.100.1": must be a DNS name, not an IP address'],
    ],
    [
      'of an ingress does not pass an address for a name',
      { kind: 'Ingress', status: balanced({ hostname: '198.51.100.1' }) },
      ['status.loadBalancer.ingress[0].hostname: Invalid value: "198.51.100.1": must be a DNS name, not an IP address'],
    ],
    [
      'of an ingress has real addresses',
      { kind: 'Ingress', status: balanced({ ip: '198.51.100.01' }) },
      ['status.loadBalancer.ingress[0].ip: Invalid value: "198.51.100.01": must not have leading 0s'],
    ],
    [
      'of an ingress keeps an address that it had',
      { kind: 'Ingress', stored: balanced({ ip: '198.51.100.01' }), status: balanced({ ip: '198.51.100.01' }) },
      [],
    ],
    [
      'of an attachment tells an error in few words',
      { kind: 'VolumeAttachment', status: { attached: false, attachError: { message: 'x'.repeat(1025) } } },
      ['status.attachError.message: Too long: may not be more than 1024 bytes'],
    ],
  ])('%s', (_, one, causes) => {
    expect(answer(one)).toEqual(causes);
  });
});

it('leaves metadata alone where the kind says so', () => {
  for (const kind of ['ServiceCIDR', 'VolumeAttachment']) {
    const row = table.find((one) => one.kind === kind)!;
    const old = newObject(row, examples[row.schema]!);
    const changed = {
      ...structuredClone(old),
      metadata: { ...old.metadata, labels: { a: 'b' }, finalizers: ['a.b/c'] },
    };
    const part = row.subresources!['status'] as Extract<Subresource<KubeObject>, { kind: 'status' }>;
    part.strategy?.prepareForUpdate?.(changed, old, context);
    expect(changed.metadata).toEqual(old.metadata);
  }
});

it('of a service that is no load balancer any more is empty', () => {
  const row = table.find(({ kind }) => kind === 'Service')!;
  const service = (type: string) => ({ metadata: { name: 'x' }, spec: { type, ports: [{ port: 80 }] } });
  const old = { ...newObject(row, service('LoadBalancer')), status: balanced({ ip: '198.51.100.1' }) };
  expect(changedObject(row, old, service('LoadBalancer'))).toMatchObject({ status: old.status });
  expect(changedObject(row, old, service('ClusterIP'))).toMatchObject({ status: { loadBalancer: {} } });
  expect(old.status).toEqual(balanced({ ip: '198.51.100.1' }));
});
