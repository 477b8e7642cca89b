import { rm } from 'node:fs/promises';
import { clusterAt } from './harness/cluster';
import { eventually } from './harness/eventually';

const group = 'stable.example.com';
const crd = `crd/crontabs.${group}`;

const schema = {
  type: 'object',
  properties: {
    spec: {
      type: 'object',
      description: 'When to run what.',
      required: ['cron'],
      properties: {
        cron: { type: 'string', description: 'Five fields.', pattern: '^(\\S+\\s){4}\\S+$' },
        replicas: { type: 'integer', minimum: 1, maximum: 10, default: 1 },
        image: { type: 'string', maxLength: 40 },
      },
      'x-kubernetes-validations': [
        {
          rule: "!has(self.image) || self.replicas < 5 || self.image.startsWith('big')",
          message: 'many need a big image',
        },
      ],
    },
    status: {
      type: 'object',
      properties: { replicas: { type: 'integer' }, selector: { type: 'string' } },
    },
  },
};

const definition = {
  apiVersion: 'apiextensions.k8s.io/v1',
  kind: 'CustomResourceDefinition',
  metadata: { name: `crontabs.${group}` },
  spec: {
    group,
    scope: 'Namespaced',
    names: { plural: 'crontabs', singular: 'crontab', kind: 'CronTab', shortNames: ['ct'], categories: ['tabs'] },
    versions: [
      {
        name: 'v1',
        served: true,
        storage: true,
        schema: { openAPIV3Schema: schema },
        subresources: {
          status: {},
          scale: { specReplicasPath: '.spec.replicas', statusReplicasPath: '.status.replicas' },
        },
        additionalPrinterColumns: [
          { name: 'Cron', type: 'string', jsonPath: '.spec.cron' },
          { name: 'Image', type: 'string', jsonPath: '.spec.image', priority: 1 },
        ],
        selectableFields: [{ jsonPath: '.spec.image' }],
      },
    ],
  },
};

const crontab = (name: string, spec: object): object => ({
  apiVersion: `${group}/v1`,
  kind: 'CronTab',
  metadata: { name },
  spec,
});

const often = { cron: '* * * * */5' };

describe('kubectl and a definition of its own', () => {
  const cluster = clusterAt('/tmp/kubephant-e2e-crds', 2110);
  const refused = async (object: object, ...flags: string[]): Promise<string> => {
    const line = ['create', '-f', '-', ...flags].join(' ');
    return (await cluster.tryKubectl(line, { input: JSON.stringify(object) })).stderr;
  };

  beforeAll(async () => {
    await cluster.kubephant('down');
    await rm(cluster.dataDir, { recursive: true, force: true });
    await cluster.launch('up', `--port-offset=${cluster.portOffset}`, '--runtime=simulated', '--nodes=1');
    await cluster.apply(definition);
    await cluster.kubectl(`wait --for=condition=Established ${crd} --timeout=10s`);
  });
  afterAll(async () => {
    await cluster.launch('down');
  });

  it('creates objects, and prints them by their columns', async () => {
    expect(await cluster.apply(crontab('one', often))).toBe(`crontab.${group}/one created\n`);
    expect(await cluster.apply(crontab('one', often))).toBe(`crontab.${group}/one unchanged\n`);
    await cluster.apply(crontab('two', { ...often, image: 'web', replicas: 2 }));
    expect(await cluster.kubectl('get ct --no-headers')).toMatch(/^one +\* \* \* \* \*\/5\ntwo +\* \* \* \* \*\/5\n$/);
    expect(await cluster.kubectl('get crontabs -o wide')).toMatch(/^NAME +CRON +IMAGE\n/);
    // This asks the server anew; what kubectl remembers may be of an older cluster.
    expect(await cluster.kubectl('api-resources --categories=tabs -o name')).toBe(`crontabs.${group}\n`);
    expect(await cluster.kubectl('get tabs -o name')).toBe(`crontab.${group}/one\ncrontab.${group}/two\n`);
    expect(await cluster.kubectl(`get ct one -o 'jsonpath={.spec.replicas}'`)).toBe('1');
    expect(await cluster.kubectl('get ct --field-selector=spec.image=web -o name')).toBe(`crontab.${group}/two\n`);
  });

  it('is told what is wrong with others', async () => {
    const invalid = `The CronTab "bad" is invalid: `;
    expect(await refused(crontab('bad', { cron: 'never' }))).toContain(
      `${invalid}spec.cron: Invalid value: "never": spec.cron in body should match`,
    );
    expect(await refused(crontab('bad', { ...often, replicas: 50 }))).toContain(
      `${invalid}spec.replicas: Invalid value: 50: spec.replicas in body should be less than or equal to 10`,
    );
    expect(await refused(crontab('bad', { ...often, image: 'web', replicas: 7 }))).toContain(
      `${invalid}spec: Invalid value: many need a big image`,
    );
    expect(await refused(crontab('bad', { ...often, color: 'red' }))).toContain('unknown field "spec.color"');
  });

  it('explains it', async () => {
    const told = await cluster.kubectl('explain crontab.spec');
    expect(told).toContain('When to run what.');
    expect(told).toMatch(/cron\t<string> -required-\n +Five fields\./);
    expect(await cluster.kubectl('explain ct --recursive')).toContain('metadata\t<ObjectMeta>');
    expect(await cluster.kubectl('api-resources --api-group=stable.example.com --no-headers')).toMatch(
      /^crontabs +ct +stable\.example\.com\/v1 +true +CronTab\n$/,
    );
  });

  it('scales, patches, applies on the server and deletes objects', async () => {
    await cluster.apply(crontab('three', often));
    await cluster.kubectl('scale ct/three --replicas=3');
    expect(await cluster.kubectl(`get ct three -o 'jsonpath={.spec.replicas} {.metadata.generation}'`)).toBe('3 2');
    await cluster.kubectl(`patch ct three --type=merge -p '{"spec":{"image":"web"}}'`);
    await cluster.kubectl(`patch ct three --subresource=status --type=merge -p '{"status":{"replicas":3}}'`);
    const input = JSON.stringify(crontab('three', { ...often, image: 'api' }));
    const conflict = await cluster.tryKubectl('apply --server-side -f -', { input });
    expect(conflict.stderr).toContain('conflict with "kubectl-patch"');
    await cluster.kubectl('apply --server-side --force-conflicts -f -', { input });
    expect(await cluster.kubectl(`get ct three -o 'jsonpath={.spec.image} {.status.replicas}'`)).toBe('api 3');
    expect(await cluster.kubectl('describe ct three')).toContain('Image:     api');
    await cluster.kubectl('delete ct three');
  });

  it('deletes the definition and everything with it', async () => {
    await cluster.apply(crontab('last', often));
    await cluster.kubectl(`delete ${crd} --timeout=20s`);
    await eventually(async () => {
      const { stderr } = await cluster.tryKubectl('get crontabs');
      // kubectl may remember for a while what there was.
      expect(stderr).toMatch(/the server (doesn't have a resource type|could not find the requested resource)/);
    });
    await cluster.apply(definition);
    await cluster.kubectl(`wait --for=condition=Established ${crd} --timeout=10s`);
    expect(await cluster.kubectl('get ct -o name')).toBe('');
  });
});
