import { StatusError, type KubeObject } from '@kubephant/api';
import type { Binding, Eviction, Pod } from '@kubephant/schema';
import type { ConnectLocation, Subresource, Target } from '../definition';
import { validateUpdate } from '../meta/validate';
import { table } from '../table';
import { newObject } from '../testing';

const row = table.find(({ kind }) => kind === 'Pod')!;
const now = new Date('2026-01-01T00:00:00Z');

const podOf = (spec: object = {}, metadata: object = {}): Pod =>
  newObject(row, {
    metadata: { name: 'web', ...metadata },
    spec: { containers: [{ name: 'c', image: 'i' }], ...spec },
  }) as Pod;

interface Recorded extends Target<Pod> {
  pod: Pod | undefined;
  readonly deleted: object[];
}

function targetOf(pod: Pod): Recorded {
  const target: Recorded = {
    key: { namespace: 'default', name: 'web' },
    dryRun: false,
    now,
    pod,
    deleted: [],
    get: () => Promise.resolve(pod),
    guaranteedUpdate(change) {
      target.pod = change(structuredClone(pod));
      return Promise.resolve(target.pod);
    },
    delete(options) {
      target.deleted.push(options);
      return Promise.resolve(pod);
    },
    other: () => {
      throw new Error('no other object');
    },
    others: () => Promise.resolve([]),
  };
  return target;
}

type Create = Extract<Subresource<Pod>, { kind: 'create' }>;
const create = (name: string, target: Target<Pod>, input: object): Promise<KubeObject> =>
  (row.subresources![name] as unknown as Create).create(target, input as KubeObject);

const refused = async (promise: Promise<unknown>): Promise<object> => {
  const err: unknown = await promise.then(
    () => new Error('not refused'),
    (reason: unknown) => reason,
  );
  if (!(err instanceof StatusError)) throw err;
  return { code: err.code, reason: err.reason, message: err.message };
};

describe('binding', () => {
  const bindingOf = (metadata: object, target: object): Partial<Binding> =>
    ({ metadata: { name: 'web', ...metadata }, target: { kind: 'Node', name: 'node-1', ...target } }) as Binding;

  it('gives the pod its node, and what the scheduler notes of it', async () => {
    const target = targetOf(podOf());
    await create('binding', target, bindingOf({ annotations: { an: 'x' }, labels: { zone: 'z' } }, {}));
    expect(target.pod).toMatchObject({
      metadata: { annotations: { an: 'x' }, labels: { zone: 'z' } },
      spec: { nodeName: 'node-1' },
      status: {
        conditions: [
          {
            type: 'PodScheduled',
            status: 'True',
            lastProbeTime: null,
            lastTransitionTime: '2026-01-01T00:00:00Z',
          },
        ],
      },
    });
  });

  it.each([
    [{ nodeName: 'node-2' }, {}, 'pod web is already assigned to node "node-2"'],
    [{ schedulingGates: [{ name: 'a' }] }, {}, 'pod web has non-empty .spec.schedulingGates'],
  ])('of a pod with %p is a conflict', async (spec, metadata, why) => {
    const pod = podOf(spec, metadata);
    const message = `Operation cannot be fulfilled on pods/binding "web": ${why}`;
    const expected = { code: 409, reason: 'Conflict', message };
    expect(await refused(create('binding', targetOf(pod), bindingOf({}, {})))).toEqual(expected);
  });

  it('means one pod, not the next of that name', async () => {
    const target = targetOf(podOf());
    const { uid, namespace } = target.pod!.metadata;
    expect(await refused(create('binding', target, bindingOf({ uid: 'other' }, {})))).toEqual({
      code: 409,
      reason: 'Conflict',
      message:
        'Operation cannot be fulfilled on pods "web": StorageError: invalid object, Code: 4, ' +
        `Key: /registry/pods/${namespace}/web, ResourceVersion: 0, AdditionalErrorMsg: ` +
        `Precondition failed: UID in precondition: other, UID in object meta: ${uid}`,
    });
  });

  it.each([
    [{ name: 'other' }, {}, 400, 'BadRequest', 'name in URL does not match name in Binding object'],
    [{}, { name: '' }, 500, '', 'target.name: Required value'],
    [{}, { kind: 'Pod' }, 500, '', 'target.kind: Unsupported value: "Pod": supported values: "Node", "<empty>"'],
  ])('with metadata %p and target %p is refused', async (metadata, to, code, reason, message) => {
    const expected = { code, reason, message };
    expect(await refused(create('binding', targetOf(podOf()), bindingOf(metadata, to)))).toEqual(expected);
  });
});

describe('eviction', () => {
  const evictionOf = (deleteOptions: object): Partial<Eviction> =>
    ({ metadata: { name: 'web' }, deleteOptions }) as Eviction;

  it('says why, then deletes', async () => {
    const target = targetOf(podOf({ nodeName: 'node-1' }));
    const { uid } = target.pod!.metadata;
    expect(await create('eviction', target, evictionOf({ gracePeriodSeconds: 7 }))).toMatchObject({
      status: 'Success',
    });
    expect(target.pod?.status?.conditions).toMatchObject([
      { type: 'DisruptionTarget', reason: 'EvictionByEvictionAPI' },
    ]);
    expect(target.deleted).toEqual([{ uid, gracePeriodSeconds: 7 }]);
  });

  it('does nothing when it is only tried', async () => {
    const target = targetOf(podOf());
    await create('eviction', target, evictionOf({ dryRun: ['All'] }));
    expect(target.deleted).toEqual([]);
  });

  it('means one pod, not the next of that name', async () => {
    const eviction = evictionOf({ preconditions: { uid: 'other' } });
    expect(await refused(create('eviction', targetOf(podOf()), eviction))).toMatchObject({ code: 409 });
  });
});

type Connect = Extract<Subresource<Pod>, { kind: 'connect' }>;

function locate(name: string, pod: Pod, query: string, id = 'web'): ConnectLocation {
  const subresource = row.subresources![name] as unknown as Connect;
  subresource.check?.(id, new URLSearchParams(query));
  return subresource.location(pod, new URLSearchParams(query), { id, path: '/x' });
}

const two = {
  containers: [
    { name: 'c', image: 'i' },
    { name: 'd', image: 'i' },
  ],
};

describe('connecting to a pod', () => {
  const placed = podOf({ nodeName: 'node-1' });

  it.each([
    ['log', '', '/containerLogs/default/web/c', ''],
    ['log', 'follow=true&tailLines=5&previous=0', '/containerLogs/default/web/c', 'follow=true&tailLines=5'],
    ['exec', 'command=ls&command=-l&stdout=true&tty=false', '/exec/default/web/c', 'output=1&command=ls&command=-l'],
    ['attach', 'stdin=1&stderr=true', '/attach/default/web/c', 'input=1&error=1'],
    ['portforward', 'ports=80,81&ports=82', '/portForward/default/web', 'port=80&port=81&port=82'],
  ])('%s?%s leads to the kubelet', (name, query, path, passed) => {
    const { query: asked, ...where } = locate(name, placed, query);
    expect(where).toEqual({ node: 'node-1', path });
    expect(asked?.toString()).toBe(passed);
  });

  it('finds no log where there is no node', () => {
    expect(locate('log', podOf(), '')).toEqual({ path: '' });
  });

  it.each([
    ['exec', {}, '', 'pod web does not have a host assigned'],
    ['exec', two, '', 'a container name must be specified for pod web, choose one of: [c d]'],
    ['log', two, 'container=nope', 'container nope is not valid for pod web'],
    ['log', {}, 'stream=Stdout', 'PodLogOptions "web" is invalid: stream: Forbidden: may not be specified'],
    ['log', {}, 'sinceTime=x', 'parsing time "x" as "2006-01-02T15:04:05Z07:00": cannot parse "x" as "2006"'],
    [
      'log',
      {},
      'sinceSeconds=1&sinceTime=2026-01-01T00:00:00Z',
      '[]: Forbidden: at most one of `sinceTime` or `sinceSeconds` may be specified',
    ],
    ['log', {}, 'tailLines=abc', 'strconv.ParseInt: parsing "abc": invalid syntax'],
    [
      'log',
      {},
      'limitBytes=-1',
      'PodLogOptions "web" is invalid: limitBytes: Invalid value: -1: must be greater than 0',
    ],
  ])('%s of a pod with %p?%s is refused', (name, spec, query, message) => {
    expect(() => locate(name, podOf(spec), query)).toThrow(message);
  });

  it.each([
    ['web', { host: '10.1.0.4', port: '80', path: '/x' }],
    ['web:9090', { host: '10.1.0.4', port: '9090', path: '/x' }],
    ['https:web:8443', { host: '10.1.0.4', port: '8443', scheme: 'https', path: '/x' }],
  ])('proxies %s to the pod itself', (id, where) => {
    const pod = podOf({ containers: [{ name: 'c', image: 'i', ports: [{ containerPort: 80 }] }] });
    pod.status = { ...pod.status, podIPs: [{ ip: '10.1.0.4' }] };
    expect(locate('proxy', pod, '', id)).toMatchObject(where);
  });

  it.each(['ftp:web:80', 'a:b:c:d', ''])('proxies nothing for %p', (id) => {
    expect(() => locate('proxy', placed, '', id)).toThrow(`invalid pod request ${JSON.stringify(id)}`);
  });
});

describe('parts of a pod', () => {
  type Part = Extract<Subresource<KubeObject>, { kind: 'part' }>;
  const context = { now, user: { name: 'tester', groups: [] } };

  function change(name: string, old: Pod, edit: (pod: Pod) => void): readonly [Pod, readonly string[]] {
    const { strategy } = row.subresources![name] as unknown as Part;
    const pod = structuredClone(old);
    edit(pod);
    strategy.prepareForUpdate?.(pod, old, context);
    return [pod, validateUpdate(row, pod, old, { strategy }).map(({ field, message }) => `${field}: ${message}`)];
  }

  it('takes ephemeral containers and nothing else', () => {
    const [pod, causes] = change('ephemeralcontainers', podOf(), ({ metadata, spec }) => {
      metadata.labels = { new: 'x' };
      spec.containers[0]!.image = 'other';
      const image = { imagePullPolicy: 'Always', terminationMessagePolicy: 'File' };
      spec.ephemeralContainers = [{ name: 'debug', image: 'busybox', ...image }];
    });
    expect(causes).toEqual([]);
    expect(pod.metadata.labels).toBeUndefined();
    expect(pod.spec).toMatchObject({ containers: [{ image: 'i' }], ephemeralContainers: [{ name: 'debug' }] });
  });

  it('keeps the class of a pod that is resized', () => {
    const old = podOf({ containers: [{ name: 'c', image: 'i', resources: { requests: { cpu: '1' } } }] });
    const resize =
      (requests: Record<string, string>) =>
      ({ spec }: Pod) => {
        spec.containers[0]!.resources = { requests };
      };
    const [pod, causes] = change('resize', old, resize({ cpu: '2' }));
    expect([pod.spec.containers[0]?.resources, causes]).toEqual([{ requests: { cpu: '2' } }, []]);
    expect(change('resize', old, resize({}))[1]).toEqual([
      'spec: Invalid value: "Burstable": Pod QOS Class may not change as a result of resizing',
      'spec.containers[0].resources.requests: Forbidden: resource requests cannot be removed',
    ]);
  });
});

describe('ending a pod', () => {
  it.each([
    ['takes the time it was given', { nodeName: 'n' }, 'Running', undefined, 30],
    ['takes the time that was asked for', { nodeName: 'n' }, 'Running', 5, 5],
    ['takes no less than a second when less than nothing is asked', { nodeName: 'n' }, 'Running', -1, 1],
    ['is immediate when it never had a node', {}, 'Pending', 5, 0],
    ['is immediate when it is over', { nodeName: 'n' }, 'Failed', 5, 0],
  ])('%s', (_, spec, phase, asked, seconds) => {
    const pod = podOf(spec);
    pod.status = { ...pod.status, phase };
    expect(row.strategy?.gracePeriod?.(pod, asked)).toBe(seconds);
  });
});
