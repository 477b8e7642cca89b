import { newRig, type Answer, type Asked, type Rig } from '../registry/testing/rig';
import { testAdmission } from './testing';

const pods = '/api/v1/namespaces/default/pods';
const claims = '/api/v1/namespaces/default/persistentvolumeclaims';
const storageClasses = '/apis/storage.k8s.io/v1/storageclasses';
const ingresses = '/apis/networking.k8s.io/v1/namespaces/default/ingresses';

const pod = (spec: object = {}) => ({
  metadata: { name: 'p' },
  spec: { containers: [{ name: 'c', image: 'i' }], ...spec },
});
const claim = (spec: object = {}, metadata: object = {}) => ({
  metadata: { name: 'v', ...metadata },
  spec: { accessModes: ['ReadWriteOnce'], resources: { requests: { storage: '1Gi' } }, ...spec },
});

async function newCluster(): Promise<Rig> {
  const bare = newRig();
  await bare.ask('POST /api/v1/namespaces', { body: { metadata: { name: 'default' } } });
  await bare.ask('POST /api/v1/namespaces/default/serviceaccounts', { body: { metadata: { name: 'default' } } });
  return newRig({ store: bare.store, clock: bare.clock, admission: testAdmission(bare) });
}

const messageOf = ({ body }: Answer): string =>
  `${(body as { code: number }).code} ${(body as { message: string }).message}`;

describe('LimitRanger', () => {
  const range = (limits: object[]) => ({ metadata: { name: 'lr' }, spec: { limits } });
  const withRange = async (...limits: object[]): Promise<Rig> => {
    const cluster = await newCluster();
    await cluster.ask('POST /api/v1/namespaces/default/limitranges', { body: range(limits) });
    return cluster;
  };

  it('takes a range that says nothing for none', async () => {
    const cluster = await withRange();
    expect((await cluster.ask(`POST ${pods}`, { body: pod() })).status).toBe(201);
  });

  it('fills in what containers leave open, and notes it', async () => {
    const cluster = await withRange({
      type: 'Container',
      default: { cpu: '1' },
      defaultRequest: { cpu: '0.5', memory: '1Mi' },
    });
    const own = { name: 'b', image: 'i', resources: { limits: { cpu: '2' }, requests: { cpu: '2' } } };
    const { body } = await cluster.ask(`POST ${pods}`, { body: pod({ initContainers: [own] }) });
    expect(body.spec.containers[0].resources).toEqual({
      limits: { cpu: '1' },
      requests: { cpu: '500m', memory: '1Mi' },
    });
    expect(body.spec.initContainers[0].resources).toEqual({
      limits: { cpu: '2' },
      requests: { cpu: '2', memory: '1Mi' },
    });
    expect(body.metadata.annotations).toEqual({
      'kubernetes.io/limit-ranger':
        'LimitRanger plugin set: cpu, memory request for container c; cpu limit for container c; memory request for init container b',
    });
  });

  it('counts sidecars beside what runs, and what starts before as the most', async () => {
    const cluster = await withRange({ type: 'Pod', max: { cpu: '3' } });
    const container = (name: string, cpu: string, more: object = {}) => ({
      name,
      image: 'i',
      resources: { limits: { cpu } },
      ...more,
    });
    const spec = {
      initContainers: [container('side', '1', { restartPolicy: 'Always' }), container('first', '3')],
      containers: [container('c', '2')],
    };
    expect(messageOf(await cluster.ask(`POST ${pods}`, { body: pod(spec) }))).toBe(
      '403 pods "p" is forbidden: maximum cpu usage per Pod is 3, but limit is 4',
    );
  });

  it.each([
    ['512Mi', 'minimum storage usage per PersistentVolumeClaim is 1Gi, but request is 512Mi'],
    ['6Gi', 'maximum storage usage per PersistentVolumeClaim is 5Gi, but request is 6Gi'],
  ])('holds claims of %s to their bounds', async (storage, why) => {
    const cluster = await withRange({
      type: 'PersistentVolumeClaim',
      min: { storage: '1Gi' },
      max: { storage: '5Gi' },
    });
    const body = claim({ resources: { requests: { storage } } });
    expect(messageOf(await cluster.ask(`POST ${claims}`, { body }))).toBe(
      `403 persistentvolumeclaims "v" is forbidden: ${why}`,
    );
  });

  it('lets pods be that are there already', async () => {
    const cluster = await newCluster();
    await cluster.ask(`POST ${pods}`, { body: pod() });
    await cluster.ask('POST /api/v1/namespaces/default/limitranges', {
      body: range([{ type: 'Container', max: { cpu: '1' } }]),
    });
    const patch: Asked = {
      body: { metadata: { labels: { a: 'b' } } },
      headers: { 'content-type': 'application/merge-patch+json' },
    };
    expect((await cluster.ask(`PATCH ${pods}/p`, patch)).status).toBe(200);
  });
});

describe('DefaultStorageClass', () => {
  const mark = { 'storageclass.kubernetes.io/is-default-class': 'true' };
  const newClass = (name: string, annotations?: object) => ({
    metadata: { name, ...(annotations && { annotations }) },
    provisioner: 'p.example.com',
  });

  it.each([
    ['a claim without a class', {}, {}, 'newer'],
    ['a claim with a class', { storageClassName: 'older' }, {}, 'older'],
    ['a claim that wants none', { storageClassName: '' }, {}, ''],
    ['a claim that names one the old way', {}, { 'volume.beta.kubernetes.io/storage-class': 'x' }, undefined],
  ])('gives %s the newest default if it may', async (_, spec, annotations, expected) => {
    const cluster = await newCluster();
    await cluster.ask(`POST ${storageClasses}`, { body: newClass('older', mark) });
    await cluster.clock.advance(2000);
    await cluster.ask(`POST ${storageClasses}`, { body: newClass('newer', mark) });
    await cluster.ask(`POST ${storageClasses}`, { body: newClass('plain') });
    const { body } = await cluster.ask(`POST ${claims}`, { body: claim(spec, { annotations }) });
    expect(body.spec.storageClassName).toBe(expected);
  });
});

describe('DefaultIngressClass', () => {
  const backend = { service: { name: 's', port: { number: 80 } } };
  it.each([
    ['the default class', {}, {}, 'main'],
    ['its own class', { ingressClassName: 'other' }, {}, 'other'],
    ['none beside the old annotation', {}, { 'kubernetes.io/ingress.class': 'x' }, undefined],
  ])('gives an ingress %s', async (_, spec, annotations, expected) => {
    const cluster = await newCluster();
    const body = {
      metadata: { name: 'main', annotations: { 'ingressclass.kubernetes.io/is-default-class': 'true' } },
      spec: { controller: 'example.com/c' },
    };
    await cluster.ask('POST /apis/networking.k8s.io/v1/ingressclasses', { body });
    const ingress = { metadata: { name: 'i', annotations }, spec: { defaultBackend: backend, ...spec } };
    const answer = await cluster.ask(`POST ${ingresses}`, { body: ingress });
    expect(answer.body.spec.ingressClassName).toBe(expected);
  });
});

describe('RuntimeClass', () => {
  const tolerated = { key: 'vm', operator: 'Exists', effect: 'NoSchedule' };
  const runtime = {
    metadata: { name: 'vm' },
    handler: 'vm',
    overhead: { podFixed: { cpu: '250m', memory: '128Mi' } },
    scheduling: { nodeSelector: { vm: 'yes' }, tolerations: [tolerated, { ...tolerated, key: 'other' }] },
  };
  const withRuntime = async (): Promise<Rig> => {
    const cluster = await newCluster();
    await cluster.ask('POST /apis/node.k8s.io/v1/runtimeclasses', { body: runtime });
    return cluster;
  };

  it('adds what the runtime costs and where it is', async () => {
    const cluster = await withRuntime();
    const spec = { runtimeClassName: 'vm', nodeSelector: { a: 'b' }, tolerations: [{ ...tolerated, key: 'other' }] };
    const { body } = await cluster.ask(`POST ${pods}`, { body: pod(spec) });
    expect(body.spec).toMatchObject({
      overhead: { cpu: '250m', memory: '128Mi' },
      nodeSelector: { a: 'b', vm: 'yes' },
    });
    const keys = (body.spec.tolerations as { key: string }[]).map(({ key }) => key);
    expect(keys.filter((key) => !key.startsWith('node.'))).toEqual(['other', 'vm']);
  });

  it.each([
    [{ runtimeClassName: 'nope' }, 'pod rejected: RuntimeClass "nope" not found'],
    [
      { runtimeClassName: 'vm', overhead: { cpu: '1' } },
      "pod rejected: Pod's Overhead doesn't match RuntimeClass's defined Overhead",
    ],
    [{ overhead: { cpu: '1' } }, 'pod rejected: Pod Overhead set without corresponding RuntimeClass defined Overhead'],
    [
      { runtimeClassName: 'vm', nodeSelector: { vm: 'no' } },
      'conflict: runtimeClass.scheduling.nodeSelector[vm] = yes; pod.spec.nodeSelector[vm] = no',
    ],
  ])('refuses %j', async (spec, why) => {
    const cluster = await withRuntime();
    expect(messageOf(await cluster.ask(`POST ${pods}`, { body: pod(spec) }))).toBe(`403 pods "p" is forbidden: ${why}`);
  });
});

describe('PodTopologyLabels', () => {
  const zone = 'topology.kubernetes.io/zone';

  it('labels a pod by the node it is bound to', async () => {
    const cluster = await newCluster();
    await cluster.ask('POST /api/v1/nodes', { body: { metadata: { name: 'n', labels: { [zone]: 'z', other: 'x' } } } });
    await cluster.ask(`POST ${pods}`, { body: pod() });
    const body = { metadata: { name: 'p' }, target: { kind: 'Node', name: 'n' } };
    await cluster.ask(`POST ${pods}/p/binding`, { body });
    expect((await cluster.ask(`GET ${pods}/p`)).body.metadata.labels).toEqual({ [zone]: 'z' });
  });
});

describe('PodSecurity of namespaces and templates', () => {
  const enforce = (level: string) => ({ 'pod-security.kubernetes.io/enforce': level });
  const patch = (labels: object): Asked => ({
    body: { metadata: { labels } },
    headers: { 'content-type': 'application/merge-patch+json' },
  });

  it('tells whoever makes a namespace stricter which pods would not come in any more', async () => {
    const cluster = await newCluster();
    for (const name of ['b', 'a', 'c']) {
      const body = { ...pod({ hostNetwork: name !== 'c', hostPID: name === 'c' }), metadata: { name } };
      await cluster.ask(`POST ${pods}`, { body });
    }
    const { warnings } = await cluster.ask('PATCH /api/v1/namespaces/default', patch(enforce('baseline')));
    expect(warnings).toEqual([
      'existing pods in namespace "default" violate the new PodSecurity enforce level "baseline:latest"',
      'a (and 2 other pods): host namespaces',
    ]);
  });

  it('warns of a template that the namespace will not let in, and takes it', async () => {
    const cluster = await newCluster();
    await cluster.ask('PATCH /api/v1/namespaces/default', patch(enforce('baseline')));
    const template = {
      metadata: { labels: { a: 'b' } },
      spec: { hostPID: true, containers: [{ name: 'c', image: 'i' }] },
    };
    const body = { metadata: { name: 'd' }, spec: { selector: { matchLabels: { a: 'b' } }, template } };
    const { status, warnings } = await cluster.ask('POST /apis/apps/v1/namespaces/default/deployments', { body });
    expect({ status, warnings }).toEqual({
      status: 201,
      warnings: ['would violate PodSecurity "baseline:latest": host namespaces (hostPID=true)'],
    });
  });

  it('holds pods to the version that the namespace names', async () => {
    const cluster = await newCluster();
    const version = {
      'pod-security.kubernetes.io/enforce-version': 'v1.26',
      'pod-security.kubernetes.io/warn': 'privileged',
    };
    await cluster.ask('PATCH /api/v1/namespaces/default', patch({ ...enforce('baseline'), ...version }));
    const sysctls = [{ name: 'net.ipv4.ip_local_reserved_ports', value: '1' }];
    expect(messageOf(await cluster.ask(`POST ${pods}`, { body: pod({ securityContext: { sysctls } }) }))).toBe(
      '403 pods "p" is forbidden: violates PodSecurity "baseline:v1.26": forbidden sysctls (net.ipv4.ip_local_reserved_ports)',
    );
  });
});

describe('ServiceAccount', () => {
  const secretVolume = (secretName: string) => ({ volumes: [{ name: 'v', secret: { secretName } }] });
  const env = (name: string) => [{ name: 'E', valueFrom: { secretKeyRef: { name, key: 'k' } } }];
  const container = { name: 'c', image: 'i' };
  const strict = {
    metadata: { name: 'strict', annotations: { 'kubernetes.io/enforce-mountable-secrets': 'true' } },
    secrets: [{ name: 'mine' }],
    imagePullSecrets: [{ name: 'pull' }],
  };
  const because = 'is not allowed because service account strict does not reference that';

  it.each<[object, string | undefined]>([
    [secretVolume('mine'), undefined],
    [secretVolume('other'), `volume with secret.secretName="other" ${because} secret`],
    [
      { containers: [{ ...container, env: env('other') }] },
      `container c with envVar E referencing secret.secretName="other" ${because} secret`,
    ],
    [
      { initContainers: [{ ...container, name: 'b', env: env('other') }] },
      `init container b with envVar E referencing secret.secretName="other" ${because} secret`,
    ],
    [
      { imagePullSecrets: [{ name: 'pull' }, { name: 'x' }] },
      `imagePullSecrets[1].name="x" ${because} imagePullSecret`,
    ],
  ])('lets a pod refer to what its account lists, where that is wanted: %j', async (spec, why) => {
    const cluster = await newCluster();
    await cluster.ask('POST /api/v1/namespaces/default/serviceaccounts', { body: strict });
    const answer = await cluster.ask(`POST ${pods}`, { body: pod({ serviceAccountName: 'strict', ...spec }) });
    expect(answer.status === 201 ? undefined : messageOf(answer)).toBe(why && `403 pods "p" is forbidden: ${why}`);
  });
});

describe('NodeRestriction of what a kubelet reports', () => {
  const kubelet = { user: 'system:node:n', groups: ['system:nodes', 'system:authenticated'] };

  it('keeps labels out of it', async () => {
    const cluster = await newCluster();
    const { body } = await cluster.ask(`POST ${pods}`, { body: pod({ nodeName: 'n' }) });
    const labelled = { ...body, metadata: { ...body.metadata, labels: { a: 'b' } } };
    expect(messageOf(await cluster.ask(`PUT ${pods}/p/status`, { body: labelled, ...kubelet }))).toBe(
      '403 pods "p" is forbidden: node "n" cannot update labels through pod status',
    );
    expect((await cluster.ask(`PUT ${pods}/p/status`, { body, ...kubelet })).status).toBe(200);
  });

  it.each([
    ['n', 201],
    ['m', 403],
  ])('lets it have the drivers of %s: %d', async (name, status) => {
    const cluster = await newCluster();
    const body = { metadata: { name }, spec: { drivers: [] } };
    expect((await cluster.ask('POST /apis/storage.k8s.io/v1/csinodes', { body, ...kubelet })).status).toBe(status);
  });
});

describe('certificates', () => {
  const requests = '/apis/certificates.k8s.io/v1/certificatesigningrequests';
  const nobody = { user: 'nobody', groups: [] };
  const signing = (signerName: string) => ({
    metadata: { name: 'eve' },
    spec: { signerName, request: requestOfMasters, usages: ['client auth'] },
  });

  it.each([
    ['approval', { type: 'Approved', status: 'True' }, 'approve'],
    ['status', { type: 'Failed', status: 'True' }, 'sign'],
  ])('lets only who may use the signer write to %s', async (subresource, condition, verb) => {
    const cluster = await newCluster();
    const { body } = await cluster.ask(`POST ${requests}`, { body: signing('example.com/s') });
    const changed = { ...body, status: { conditions: [condition] } };
    const path = `${requests}/eve/${subresource}`;
    expect(messageOf(await cluster.ask(`PUT ${path}`, { body: changed, ...nobody }))).toBe(
      '403 certificatesigningrequests.certificates.k8s.io "eve" is forbidden: ' +
        `user not permitted to ${verb} requests with signerName "example.com/s"`,
    );
    expect((await cluster.ask(`PUT ${path}`, { body: changed })).status).toBe(200);
  });

  it('lets nobody become a master by a client certificate', async () => {
    const cluster = await newCluster();
    const { body } = await cluster.ask(`POST ${requests}`, { body: signing('kubernetes.io/kube-apiserver-client') });
    expect(body.message).toBe(
      'certificatesigningrequests.certificates.k8s.io "eve" is forbidden: use of ' +
        'kubernetes.io/kube-apiserver-client signer with system:masters group is not allowed',
    );
  });
});

/** Base64 of a request for O=system:masters, O=other, CN=eve. */
const requestOfMasters =
  'LS0tLS1CRUdJTiBDRVJUSUZJQ0FURSBSRVFVRVNULS0tLS0KTUlIek1JR1pBZ0VBTURjeEZ6QVZCZ05WQkFvTURuTjVjM1JsYlRwdFlYTjBaWE' +
  'p6TVE0d0RBWURWUVFLREFWdgpkR2hsY2pFTU1Bb0dBMVVFQXd3RFpYWmxNRmt3RXdZSEtvWkl6ajBDQVFZSUtvWkl6ajBEQVFjRFFnQUUvUXhQ' +
  'CnVsTzRxaDJNQUV0bjQ1bzUyd1FYRDdzYjdyTkxyUEw0dytNU25DV3o4SWQ1cHJpTnJlM1dxVXFZSDRubzlaRU4KdFpjeHozNzNSMGhaMG9xZm' +
  'VxQUFNQW9HQ0NxR1NNNDlCQU1DQTBrQU1FWUNJUUN2MGFsb0F2UDQ0ajlzc1NlSwppVVU3WGJPYTRxaWRJc0ZUcWRlZkZjWXFwZ0loQUpjcGFG' +
  'bUtWV3JWcE91WHd5T3lyam5laGNrdzBWMXArYkJMClA0Tnk3QVFTCi0tLS0tRU5EIENFUlRJRklDQVRFIFJFUVVFU1QtLS0tLQo=';

describe('objects without a spec', () => {
  it.each([
    ['/api/v1/namespaces/default/pods'],
    [claims],
    [ingresses],
    ['/api/v1/namespaces/default/limitranges'],
    ['/api/v1/namespaces/default/resourcequotas'],
    ['/api/v1/namespaces/default/services'],
    ['/apis/apps/v1/namespaces/default/deployments'],
    ['/apis/batch/v1/namespaces/default/cronjobs'],
    ['/apis/certificates.k8s.io/v1/certificatesigningrequests'],
  ])('are refused by validation, not by a fault: %s', async (path) => {
    const cluster = await newCluster();
    for (const body of [{ metadata: { name: 'x' } }, { metadata: { name: 'x' }, spec: {} }]) {
      expect((await cluster.ask(`POST ${path}`, { body })).status).toBeLessThan(500);
    }
  });
});
