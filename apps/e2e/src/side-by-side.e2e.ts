import { createServer } from 'node:net';
import { rm } from 'node:fs/promises';
import { clusterAt, type Cluster } from './harness/cluster';
import { expectNothingLeft, podNamespaces } from './harness/leftovers';
import { web } from './harness/web';

const one = clusterAt('/tmp/kubephant-e2e-one', 1601);
const two = clusterAt('/tmp/kubephant-e2e-two', 1602);
const refused = clusterAt('/tmp/kubephant-e2e-refused', 1700);

const offset = ({ portOffset }: Pick<Cluster, 'portOffset'>): string => `--port-offset=${portOffset}`;
const answers = async ({ kubectl }: Cluster): Promise<string> =>
  await kubectl('exec deploy/web -- wget -q -O - http://web/');

describe('two clusters on one machine', () => {
  beforeAll(async () => {
    for (const cluster of [one, two, refused]) {
      await cluster.kubephant('down');
      await rm(cluster.dataDir, { recursive: true, force: true });
    }
    for (const cluster of [one, two]) {
      await cluster.launch('up', offset(cluster));
      await cluster.apply(...web(1, 30_200));
      await cluster.kubectl('rollout status deployment/web --timeout=60s');
    }
  });
  afterAll(async () => {
    for (const cluster of [one, two, refused]) {
      await cluster.kubephant('down');
      await rm(cluster.dataDir, { recursive: true, force: true });
    }
  });

  it('both serve, and know nothing of each other', async () => {
    for (const cluster of [one, two]) expect(await answers(cluster)).toMatch(/^web-/);
    expect(await answers(one)).not.toBe(await answers(two));
  });

  it.each<[string, readonly string[], string]>([
    ['the same ports', [offset(one)], `port ${6443 + one.portOffset} (tcp), which apiserver needs, is taken`],
    ['the same networks', [`--port-offset=${one.portOffset + 64}`], `the cluster in ${one.dataDir} has the networks`],
  ])('refuse a third with %s, and are not disturbed', async (_title, flags, message) => {
    const { code, stderr } = await refused.kubephant('up', ...flags);
    expect([code, stderr]).toEqual([1, expect.stringContaining(message)]);
    expect((await refused.kubephant('down')).stderr).toContain('there is no cluster in');
    expect(await answers(one)).toMatch(/^web-/);
  });

  it('refuse what cannot change', async () => {
    expect((await one.kubephant('up', '--port-offset=9')).stderr).toContain('was made with --port-offset 1601');
    expect((await one.kubephant('up', '--runtime=simulated')).stderr).toContain('was made with --runtime containerd');
  });

  it('leave each other alone when one goes, and nothing behind when both have gone', async () => {
    const namespaces = [await podNamespaces(one), await podNamespaces(two)] as const;
    const before = [await two.pidOf('apiserver'), await two.pidOf('containerd-node-1'), await answers(two)];
    await one.launch('down');
    await expectNothingLeft(one, namespaces[0]);
    expect([await two.pidOf('apiserver'), await two.pidOf('containerd-node-1'), await answers(two)]).toEqual(before);
    await one.launch('down');
    expect(await answers(two)).toBe(before[2]);
    await two.launch('down');
    await expectNothingLeft(two, namespaces[1]);
  });
});

describe('up', () => {
  afterAll(() => rm(refused.dataDir, { recursive: true, force: true }));

  it('says which port another program has', async () => {
    const server = createServer();
    await new Promise<void>((resolve) => server.listen(10_259 + refused.portOffset, '127.0.0.1', resolve));
    const { code, stderr } = await refused.kubephant('up', offset(refused), '--nodes=0');
    expect([code, stderr]).toEqual([
      1,
      expect.stringContaining(`port ${10_259 + refused.portOffset} (tcp), which scheduler`),
    ]);
    await new Promise((resolve) => server.close(resolve));
  });

  it('says that it cannot write', async () => {
    const { code, stderr } = await clusterAt('/sys/kubephant', 1700).kubephant('up');
    expect([code, stderr]).toEqual([1, expect.stringContaining('cannot write into /sys/kubephant: choose another')]);
  });
});
