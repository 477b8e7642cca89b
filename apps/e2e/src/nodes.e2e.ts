import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFile, readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { clusterAt, run, workspace } from './harness/cluster';
import { eventually } from './harness/eventually';
import { expectNothingLeft, podNamespaces } from './harness/leftovers';
import { powerCut } from './harness/power-cut';
import { web } from './harness/web';

const cluster = clusterAt('/tmp/kubephant-e2e-nodes', 1500);
const { kubectl, launch } = cluster;
const nodePort = 30_111;

interface PodList {
  readonly items: readonly {
    readonly metadata: { readonly name: string; readonly deletionTimestamp?: string };
    readonly spec: { readonly nodeName: string };
    readonly status: {
      readonly podIP: string;
      readonly phase: string;
      readonly conditions: readonly { readonly type: string; readonly status: string }[];
    };
  }[];
}

const pods = async (): Promise<PodList['items']> =>
  (JSON.parse(await kubectl('get pods -o json')) as PodList).items.filter((pod) => !pod.metadata.deletionTimestamp);
const podNames = async (): Promise<readonly string[]> => (await pods()).map(({ metadata }) => metadata.name).sort();
const nodeNames = async (): Promise<string> =>
  (await kubectl(`get nodes -o 'jsonpath={.items[*].metadata.name}'`)).trim();
const fetch = (pod: string, url: string): Promise<string> => kubectl(`exec ${pod} -- wget -q -O - ${url}`);

async function allServe(count: number): Promise<void> {
  await eventually(async () => {
    const found = await pods();
    expect(found.map(({ status }) => status.phase)).toEqual(Array(count).fill('Running'));
    for (const { metadata, status } of found) {
      expect(await fetch(metadata.name, `http://${status.podIP}:8080/`)).toBe(`${metadata.name}\n`);
    }
  });
}

describe('a cluster with three nodes', () => {
  beforeAll(async () => {
    await cluster.kubephant('down');
    await rm(cluster.dataDir, { recursive: true, force: true });
    await launch('up', `--port-offset=${cluster.portOffset}`, '--nodes=3', '--runtime=containerd');
    await cluster.apply(...web(3, nodePort));
    await kubectl('rollout status deployment/web --timeout=60s');
  });
  afterAll(async () => {
    await cluster.kubephant('down');
    await rm(cluster.dataDir, { recursive: true, force: true });
  });

  it('spreads pods, and shows logs of each and gives commands to each', async () => {
    const found = await pods();
    expect(found.map(({ spec }) => spec.nodeName).sort()).toEqual(['node-1', 'node-2', 'node-3']);
    for (const { metadata } of found) {
      expect(await kubectl(`logs ${metadata.name}`)).toBe('serving\n');
      expect(await kubectl(`exec ${metadata.name} -- hostname`)).toBe(`${metadata.name}\n`);
    }
  });

  it('leads from every pod to every pod, and by name to the Service', async () => {
    const found = await pods();
    const names = await podNames();
    for (const from of found) {
      for (const to of found) {
        expect(await fetch(from.metadata.name, `http://${to.status.podIP}:8080/`)).toBe(`${to.metadata.name}\n`);
      }
      for (const host of ['web', 'web.default.svc.cluster.local'])
        expect(names).toContain((await fetch(from.metadata.name, `http://${host}/`)).trim());
    }
  });

  it('answers on the node port of every node, and reaches every pod from each', async () => {
    const addresses = (
      await kubectl(`get nodes -o 'jsonpath={.items[*].status.addresses[?(@.type=="InternalIP")].address}'`)
    ).split(' ');
    expect(addresses).toHaveLength(3);
    const names = await podNames();
    for (const address of addresses) {
      const seen = new Set<string>();
      await eventually(async () => {
        const { stdout } = await run('busybox', ['wget', '-q', '-O', '-', `http://${address}:${nodePort}/`]);
        if (stdout !== '') seen.add(stdout.trim());
        expect([...seen].sort()).toEqual(names);
      });
    }
  });

  it('loses a node when fewer are asked for, and its pods move', async () => {
    expect(await launch('up', '--nodes=2')).toContain('node-3 removed');
    expect(await nodeNames()).toBe('node-1 node-2');
    await allServe(3);
    expect((await run('ip', ['netns', 'list'])).stdout).not.toContain(`kubephant${cluster.portOffset % 64}-node-3`);
    expect(await readdir(join(cluster.dataDir, 'nodes'))).toEqual(['node-1', 'node-2']);
  });

  it('gets one when more are asked for, and keeps the others when nothing is said', async () => {
    const before = await podNames();
    await launch('up', '--nodes=3');
    expect(await launch('up')).toContain('nodes ready (node-1, node-2, node-3)');
    expect(await nodeNames()).toBe('node-1 node-2 node-3');
    expect(await podNames()).toEqual(before);
    expect(await launch('status')).toMatch(/^node-3 +ready$/m);
  });

  it('serves the metrics of scheduler and controller manager over TLS to those who may see them', async () => {
    const env = { NODE_EXTRA_CA_CERTS: join(cluster.dataDir, 'pki', 'ca.crt') };
    const admin = (await readFile(join(cluster.dataDir, 'pki', 'tokens.csv'), 'utf8')).split(',')[0] ?? '';
    const pod = (await kubectl('create token default')).trim();
    for (const port of [10_259, 10_257]) {
      const base = `https://localhost:${port + cluster.portOffset}`;
      const ask = async (path: string, token: string): Promise<string> =>
        (await run(process.execPath, ['-e', fetchOverTls, `${base}${path}`, token], { env })).stdout;
      expect(await ask('/metrics', admin)).toMatch(/^200 [^]*process_cpu_seconds_total/);
      expect(await ask('/metrics', pod)).toMatch(/^403 /);
      expect(await ask('/metrics', 'made-up')).toMatch(/^401 /);
      expect(await ask('/readyz', '')).toBe('200 ok');
    }
  });

  it('runs again after an interruption in the middle of up, at any step', async () => {
    await launch('down');
    for (const step of ['packages', 'network', 'certificates', 'processes', 'API server ready']) {
      const up = spawn(join(workspace, 'kubephant'), ['up', `--data-dir=${cluster.dataDir}`]);
      let [output, interrupted] = ['', false];
      up.stdout.setEncoding('utf8').on('data', (text: string) => {
        output += text;
        if (!interrupted && output.includes(`✓ ${step}`)) interrupted = up.kill('SIGINT');
      });
      const [code] = (await once(up, 'close')) as [number | null];
      expect([step, code, output.includes('Ready after')]).toEqual([step, 130, false]);
    }
    expect(await launch('up')).toContain('Ready after');
    await allServe(3);
  });

  it('comes up with its data and its pods after the machine was restarted', async () => {
    await kubectl('create configmap kept');
    await powerCut(cluster);
    await launch('up');
    await kubectl('get configmap kept');
    await allServe(3);
    const [first] = await podNames();
    await eventually(async () => expect(await fetch(first!, 'http://web/')).toMatch(/^web-/));
  });

  it('leaves nothing behind but its data', async () => {
    const namespaces = await podNamespaces(cluster);
    expect(namespaces.length).toBeGreaterThanOrEqual(3);
    await launch('down');
    await expectNothingLeft(cluster, namespaces);
    expect((await cluster.kubephant('status')).code).toBe(1);
  });
});

/** Prints the status and the body. */
const fetchOverTls = `
  const [, url, token] = process.argv;
  const headers = token ? { authorization: 'Bearer ' + token } : {};
  fetch(url, { headers }).then(async (res) => process.stdout.write(res.status + ' ' + (await res.text())));
`;
