import { rm } from 'node:fs/promises';
import { clusterAt, type Result } from './harness/cluster';
import { eventually } from './harness/eventually';

const quota = 'describe quota limited';
const image = 'example.test/web:1';

describe('kubectl where something is limited', () => {
  const cluster = clusterAt('/tmp/kubephant-e2e-budgets', 2570);
  const { kubectl, tryKubectl } = cluster;
  const run = (name: string, cpu = '100m'): Promise<Result> => {
    const overrides = JSON.stringify({
      spec: { containers: [{ name, image, resources: { requests: { cpu } } }] },
    });
    return tryKubectl(`run ${name} --image=${image} --overrides '${overrides}'`);
  };
  const used = (name: string): Promise<string> =>
    kubectl(`get quota limited -o 'jsonpath={.status.used.${name.replaceAll('.', '\\.')}}'`);

  beforeAll(async () => {
    await cluster.kubephant('down');
    await rm(cluster.dataDir, { recursive: true, force: true });
    await cluster.launch('up', `--port-offset=${cluster.portOffset}`, '--runtime=simulated', '--nodes=2');
  });
  afterAll(async () => {
    await cluster.launch('down');
  });

  it('sees what a quota limits, and how much of that is used', async () => {
    await kubectl('create quota limited --hard=pods=2,requests.cpu=1,count/configmaps=3');
    await eventually(async () => expect(await used('pods')).toBe('0'));
    await run('one');
    // What admission charges for is seen at once.
    expect(await kubectl(quota)).toBe(`Name:             limited
Namespace:        default
Resource          Used  Hard
--------          ----  ----
count/configmaps  1     3
pods              1     2
requests.cpu      100m  1
`);
  });

  it('is refused what is more, until there is room again', async () => {
    expect((await run('greedy', '2')).stderr).toBe(
      'Error from server (Forbidden): pods "greedy" is forbidden: exceeded quota: limited, ' +
        'requested: requests.cpu=2, used: requests.cpu=100m, limited: requests.cpu=1\n',
    );
    expect(await run('two')).toMatchObject({ code: 0 });
    expect((await run('three')).stderr).toBe(
      'Error from server (Forbidden): pods "three" is forbidden: exceeded quota: limited, ' +
        'requested: pods=1, used: pods=2, limited: pods=2\n',
    );
    await kubectl('delete pod one --grace-period=1');
    await eventually(async () => expect(await used('pods')).toBe('1'));
    expect(await used('requests.cpu')).toBe('100m');
    expect(await run('three')).toMatchObject({ code: 0 });
    await kubectl('delete quota limited');
    await kubectl('delete pods --all --force');
  });

  it('counts custom resources and everything else by number', async () => {
    await kubectl('create quota limited --hard=count/deployments.apps=1,count/secrets=1');
    await eventually(async () => expect(await used('count/deployments.apps')).toBe('0'));
    await kubectl(`create deployment web --image=${image} --replicas=2`);
    expect((await tryKubectl(`create deployment more --image=${image}`)).stderr).toBe(
      'error: failed to create deployment: deployments.apps "more" is forbidden: exceeded quota: limited, ' +
        'requested: count/deployments.apps=1, used: count/deployments.apps=1, limited: count/deployments.apps=1\n',
    );
    await kubectl('delete quota limited');
  });

  it('drains a node no further than a disruption budget allows', async () => {
    await kubectl('rollout status deployment/web --timeout=60s');
    await kubectl('create pdb web --selector=app=web --min-available=2');
    await eventually(async () => expect(await kubectl('get pdb web -o jsonpath={.status.currentHealthy}')).toBe('2'));
    const node = await kubectl(`get pods -l app=web -o 'jsonpath={.items[0].spec.nodeName}'`);
    const drain = `drain ${node} --pod-selector=app=web`;
    const refused = await tryKubectl(`${drain} --timeout=3s`);
    expect(refused.code).toBe(1);
    expect(refused.stderr).toContain("Cannot evict pod as it would violate the pod's disruption budget.");
    await kubectl('scale deployment/web --replicas=4');
    await eventually(async () =>
      expect(await kubectl('get pdb web --no-headers -o custom-columns=:.status.disruptionsAllowed')).toBe('2\n'),
    );
    expect(await kubectl(`${drain} --timeout=60s`)).toContain(`node/${node} drained`);
    expect(await kubectl(`get pods -l app=web --field-selector=spec.nodeName=${node} -o name`)).toBe('');
    await kubectl('rollout status deployment/web --timeout=60s');
    await eventually(async () =>
      expect(await kubectl('describe pdb web')).toMatch(
        /Min available: +2\n.*Status:\n +Allowed disruptions: +2\n +Current: +4\n +Desired: +2\n +Total: +4\n/s,
      ),
    );
  });
});
