import { newRig, type Rig } from '../../registry/testing/rig';
import { enabledPlugins } from '../configuration/plugins';
import { defaultAdmissionSettings } from '../configuration/settings';
import { testAdmission } from '../testing';

/** A server where this plugin runs, too. */
async function withPlugin(name: string): Promise<Rig> {
  const bare = newRig();
  await bare.ask('POST /api/v1/namespaces', { body: { metadata: { name: 'ns' } } });
  await bare.ask('POST /api/v1/namespaces/ns/serviceaccounts', { body: { metadata: { name: 'default' } } });
  const settings = { ...defaultAdmissionSettings, plugins: enabledPlugins([name], []) };
  return newRig({ store: bare.store, clock: bare.clock, admission: testAdmission({ ...bare, settings }) });
}

const pod = (spec: object = {}) => ({
  metadata: { name: 'p' },
  spec: { containers: [{ name: 'c', image: 'i:1' }], ...spec },
});
const pods = '/api/v1/namespaces/ns/pods';
const antiAffinity = (topologyKey: string) => ({
  affinity: {
    podAntiAffinity: { requiredDuringSchedulingIgnoredDuringExecution: [{ topologyKey, labelSelector: {} }] },
  },
});
const service = (externalIPs: readonly string[]) => ({
  metadata: { name: 's' },
  spec: { ports: [{ port: 1 }], externalIPs },
});

describe('a plugin that is off by default', () => {
  it.each<[string, string, string, object, unknown]>([
    [
      'AlwaysDeny',
      'lets nothing through',
      pods,
      pod(),
      [403, 'pods "p" is forbidden: admission control is denying all modifications'],
    ],
    ['AlwaysAdmit', 'lets everything through', pods, pod(), [201, undefined]],
    [
      'NamespaceExists',
      'wants a namespace',
      '/api/v1/namespaces/none/configmaps',
      { metadata: { name: 'm' } },
      [404, 'namespaces "none" not found'],
    ],
    [
      'LimitPodHardAntiAffinityTopology',
      'keeps pods apart on nodes alone',
      pods,
      pod(antiAffinity('zone')),
      [
        403,
        'pods "p" is forbidden: affinity.PodAntiAffinity.RequiredDuringScheduling has TopologyKey zone but only key kubernetes.io/hostname is allowed',
      ],
    ],
    [
      'LimitPodHardAntiAffinityTopology',
      'lets them be apart there',
      pods,
      pod(antiAffinity('kubernetes.io/hostname')),
      [201, undefined],
    ],
    [
      'DenyServiceExternalIPs',
      'gives nobody an address of others',
      '/api/v1/namespaces/ns/services',
      service(['192.0.2.1']),
      [403, 'services "s" is forbidden: Use of external IPs is denied by admission control'],
    ],
    [
      'DenyServiceExternalIPs',
      'allows other services',
      '/api/v1/namespaces/ns/services',
      service([]),
      [201, undefined],
    ],
  ])('%s %s', async (name, _, path, body, expected) => {
    const cluster = await withPlugin(name);
    const answer = await cluster.ask(`POST ${path}`, { body });
    expect([answer.status, answer.body.message]).toEqual(expected);
  });

  it('AlwaysPullImages has every image pulled', async () => {
    const cluster = await withPlugin('AlwaysPullImages');
    const volumes = [{ name: 'v', image: { reference: 'r', pullPolicy: 'Never' } }];
    const { body } = await cluster.ask(`POST ${pods}`, { body: pod({ volumes }) });
    expect([body.spec.containers[0].imagePullPolicy, body.spec.volumes[0].image.pullPolicy]).toEqual([
      'Always',
      'Always',
    ]);
  });

  it('ExtendedResourceToleration lets pods go where what they ask for is', async () => {
    const cluster = await withPlugin('ExtendedResourceToleration');
    const amounts = { 'example.com/gpu': '1', cpu: '1' };
    const containers = [{ name: 'c', image: 'i', resources: { requests: amounts, limits: amounts } }];
    const { body } = await cluster.ask(`POST ${pods}`, { body: pod({ containers }) });
    expect(body.spec.tolerations).toContainEqual({ key: 'example.com/gpu', operator: 'Exists', effect: 'NoSchedule' });
    expect(body.spec.tolerations).toHaveLength(3);
  });
});
