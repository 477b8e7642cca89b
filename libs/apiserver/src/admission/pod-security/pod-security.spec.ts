import { newMetrics } from '@kubephant/base';
import { newRig, type Answer, type Rig } from '../../registry/testing/rig';
import { defaultAdmissionSettings } from '../configuration/settings';
import { testAdmission } from '../testing';
import { noPodSecurityConfiguration, type PodSecurityConfiguration } from './configuration';
import { newPodSecurityMetrics } from './metrics';

const prefix = 'pod-security.kubernetes.io/';
const labelsOf = (labels: Readonly<Record<string, string>>) =>
  Object.fromEntries(Object.entries(labels).map(([name, value]) => [prefix + name, value]));

type Part = 'defaults' | 'exemptions';
type Configuration = { readonly [P in Part]?: Partial<PodSecurityConfiguration[P]> };

const metrics = newMetrics();
const podSecurityMetrics = newPodSecurityMetrics(metrics);

/** A server that is configured so. */
async function newCluster({ defaults, exemptions }: Configuration = {}): Promise<Rig> {
  const podSecurity = {
    defaults: { ...noPodSecurityConfiguration.defaults, ...defaults },
    exemptions: { ...noPodSecurityConfiguration.exemptions, ...exemptions },
  };
  const bare = newRig();
  const settings = { ...defaultAdmissionSettings, podSecurity };
  const admission = testAdmission({ ...bare, settings, podSecurityMetrics });
  return newRig({ store: bare.store, clock: bare.clock, admission });
}

async function namespace(cluster: Rig, labels: Readonly<Record<string, string>> = {}, name = 'ns'): Promise<Answer> {
  const answer = await cluster.ask('POST /api/v1/namespaces', {
    body: { metadata: { name, labels: labelsOf(labels) } },
  });
  await cluster.ask(`POST /api/v1/namespaces/${name}/serviceaccounts`, { body: { metadata: { name: 'default' } } });
  return answer;
}

const pod = (spec: object = {}, name = 'p') => ({
  metadata: { name },
  spec: { hostNetwork: true, containers: [{ name: 'c', image: 'i' }], ...spec },
});
const pods = 'POST /api/v1/namespaces/ns/pods';
const why = 'host namespaces (hostNetwork=true)';

describe('labels of a namespace', () => {
  const problems = [
    `metadata.labels[${prefix}enforce]: Invalid value: "bad": must be one of privileged, baseline, restricted`,
    `metadata.labels[${prefix}warn-version]: Invalid value: "x": must be "latest" or "v1.x"`,
  ];
  const bad = { enforce: 'bad', 'warn-version': 'x' };

  it('have to be ones that can be read', async () => {
    const { status, body } = await namespace(await newCluster(), bad);
    expect([status, body.message]).toEqual([422, `Namespace "ns" is invalid: [${problems.join(', ')}]`]);
  });

  it.each<[string, Readonly<Record<string, string>>, readonly string[]]>([
    ['warn as much as they enforce', { enforce: 'baseline' }, ['baseline:latest']],
    ['warn of a version of their own', { enforce: 'baseline', 'warn-version': 'v1.30' }, ['baseline:v1.30']],
    ['do not warn where they say so', { enforce: 'baseline', warn: 'privileged' }, []],
  ])('%s', async (_, labels, standards) => {
    const cluster = await newCluster();
    await namespace(cluster, labels);
    const template = { metadata: { labels: { a: 'b' } }, spec: pod().spec };
    const { status, warnings } = await cluster.ask('POST /apis/apps/v1/namespaces/ns/deployments', {
      body: { metadata: { name: 'd' }, spec: { selector: { matchLabels: { a: 'b' } }, template } },
    });
    const expected = standards.map((standard) => `would violate PodSecurity "${standard}": ${why}`);
    expect([status, warnings]).toEqual([201, expected]);
  });

  it('that become stricter tell of the pods that are there', async () => {
    const cluster = await newCluster();
    await namespace(cluster);
    const owner = { apiVersion: 'apps/v1', kind: 'ReplicaSet', name: 'rs', uid: 'u', controller: true };
    for (const name of ['a', 'b']) {
      const body = { ...pod(), metadata: { name, ownerReferences: [owner] } };
      await cluster.ask(pods, { body });
    }
    await cluster.ask(pods, { body: pod({ hostNetwork: false, hostPID: true }, 'c') });
    const { warnings } = await cluster.ask('PATCH /api/v1/namespaces/ns', {
      body: { metadata: { labels: labelsOf({ enforce: 'baseline' }) } },
      headers: { 'content-type': 'application/merge-patch+json' },
    });
    expect(warnings).toEqual([
      'existing pods in namespace "ns" violate the new PodSecurity enforce level "baseline:latest"',
      'a (and 2 other pods): host namespaces',
    ]);
  });
});

describe('the configuration of PodSecurity', () => {
  it('says what holds where a namespace says nothing', async () => {
    const cluster = await newCluster({ defaults: { enforce: 'baseline', 'enforce-version': 'v1.29' } });
    await namespace(cluster);
    expect((await cluster.ask(pods, { body: pod() })).body.message).toBe(
      `pods "p" is forbidden: violates PodSecurity "baseline:v1.29": ${why}`,
    );
    await namespace(cluster, { enforce: 'privileged' }, 'free');
    expect((await cluster.ask('POST /api/v1/namespaces/free/pods', { body: pod() })).status).toBe(201);
  });

  it.each<[string, Configuration['exemptions'], object, object]>([
    ['users', { usernames: ['root'] }, {}, { user: 'root' }],
    ['namespaces', { namespaces: ['ns'] }, {}, {}],
    ['runtime classes', { runtimeClasses: ['kata'] }, { runtimeClassName: 'kata' }, {}],
  ])('exempts %s', async (_, exemptions, spec, question) => {
    const cluster = await newCluster({ defaults: { enforce: 'baseline' }, ...(exemptions && { exemptions }) });
    await namespace(cluster);
    await cluster.ask('POST /apis/node.k8s.io/v1/runtimeclasses', {
      body: { metadata: { name: 'kata' }, handler: 'k' },
    });
    expect((await cluster.ask(pods, { body: pod(spec), ...question })).status).toBe(201);
    const other = await newCluster({ defaults: { enforce: 'baseline' } });
    await namespace(other);
    expect((await other.ask(pods, { body: pod() })).status).toBe(403);
  });

  it('warns of policies that have no effect', async () => {
    const cluster = await newCluster({ exemptions: { namespaces: ['ns'] } });
    const { warnings } = await namespace(cluster, {
      enforce: 'baseline',
      'enforce-version': 'v1.30',
      warn: 'restricted',
    });
    expect(warnings).toEqual([
      'namespace "ns" is exempt from Pod Security, and the policy (enforce=baseline:v1.30, warn=restricted:latest) will be ignored',
    ]);
  });
});

it('evaluations are counted', async () => {
  metrics.registry.resetMetrics();
  const cluster = await newCluster({ exemptions: { usernames: ['root'] } });
  await namespace(cluster, { enforce: 'baseline', 'enforce-version': 'v1.99' });
  await cluster.ask(pods, { body: pod() });
  await cluster.ask(pods, { body: pod(), user: 'root' });
  const text = await metrics.registry.metrics();
  const place = 'request_operation="create",resource="pod",subresource=""';
  expect(text).toContain(
    `pod_security_evaluations_total{decision="deny",policy_level="baseline",policy_version="future",mode="enforce",${place}} 1`,
  );
  expect(text).toContain(`pod_security_exemptions_total{${place}} 1`);
});
