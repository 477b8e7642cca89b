import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { request } from 'node:http';
import { join } from 'node:path';
import { dataDir, kubeconfig, kubectl, run, tryKubectl, workspace } from './harness/cluster';
import { eventually } from './harness/eventually';

const demo = join(workspace, 'k8s-manifests', 'demo');

function get(url: string): Promise<string> {
  const { promise, resolve, reject } = Promise.withResolvers<string>();
  const req = request(url, { timeout: 5_000 }, (res) => {
    let text = '';
    res.setEncoding('utf8').on('data', (part: string) => (text += part));
    res.on('end', () => resolve(text));
  });
  req.on('timeout', () => req.destroy(new Error('timeout')));
  req.on('error', reject);
  req.end();
  return promise;
}

const jsonpath = async (what: string, path: string): Promise<string> =>
  await kubectl(`get ${what} -o 'jsonpath={${path}}'`);

/** The process on this machine that is process 1 of the container. */
async function pidOfContainer(containerId: string): Promise<number> {
  const id = containerId.replace('containerd://', '');
  const socket = join(dataDir, 'nodes', 'node-1', 'containerd.sock');
  const { stdout } = await run('ctr', ['--address', socket, '--namespace', 'k8s.io', 'tasks', 'list']);
  return Number(new RegExp(`^${id} +(\\d+) `, 'm').exec(stdout)?.[1]);
}

describe('the demo', () => {
  beforeAll(async () => {
    await kubectl(`apply -f ${demo}/`);
    await kubectl('rollout status deployment/guestbook-store --timeout=90s');
    await kubectl('rollout status deployment/guestbook-web --timeout=90s');
  });
  afterAll(async () => {
    await kubectl(`delete -f ${demo}/ --ignore-not-found`);
    await eventually(async () => expect(await kubectl('get pods -o name')).toBe(''));
  });

  it('answers on its cluster address and on its node port', async () => {
    const clusterIp = await jsonpath('service guestbook-web', '.spec.clusterIP');
    const nodeIp = await jsonpath('nodes', '.items[0].status.addresses[0].address');
    for (const url of [`http://${clusterIp}/`, `http://${nodeIp}:30080/`]) {
      const page = await eventually(() => get(url), 20_000);
      expect(page).toContain('Welcome to Kubephant');
      expect(page).toContain('version 1');
      expect(page).toContain('The elephant was here first.');
    }
  });

  it('answers inside a pod by its DNS name', async () => {
    const page = await kubectl(
      'exec deploy/guestbook-store -- wget -q -O - http://guestbook-web.default.svc.cluster.local/',
    );
    expect(page).toContain('Welcome to Kubephant');
    expect(await kubectl('exec deploy/guestbook-store -- wget -q -O - http://guestbook-web/')).toContain('Welcome');
  });

  it('is shown with all its parts', async () => {
    const all = await kubectl('get all -o wide');
    for (const part of [
      'pod/guestbook-store-',
      'service/guestbook-web',
      'deployment.apps/guestbook-web',
      'replicaset.apps/guestbook-store-',
    ]) {
      expect(all).toContain(part);
    }
    const described = await kubectl('describe pods -l tier=web');
    for (const event of ['Scheduled', 'Pulled', 'Created', 'Started']) expect(described).toContain(event);
  });

  it('gives a shell, and takes what is piped in', async () => {
    expect(await kubectl('exec -i deploy/guestbook-web -- sh', { input: 'echo from $((40 + 2)); exit\n' })).toBe(
      'from 42\n',
    );
    const failed = await tryKubectl(`exec deploy/guestbook-web -- sh -c 'exit 7'`);
    expect(failed.code).toBe(7);
    // A terminal needs one on this side: script(1) is one.
    const terminal = await run(
      'script',
      ['-qec', 'kubectl exec -it deploy/guestbook-web -- sh -c "tty; stty size"', '/dev/null'],
      {
        env: { KUBECONFIG: kubeconfig },
      },
    );
    expect(terminal.stdout).toContain('/dev/pts/');
  });

  it('shows its logs, also while they grow', async () => {
    const pod = (await kubectl('get pods -l tier=web -o name')).split('\n')[0] ?? '';
    const address = await jsonpath(pod, '.status.podIP');
    const lines = async (): Promise<number> =>
      (await kubectl(`logs ${pod}`)).split('\n').filter((line) => line.startsWith('GET / from')).length;
    await get(`http://${address}:8080/`);
    await eventually(async () => expect(await lines()).toBeGreaterThan(0));

    const following = spawn('kubectl', ['logs', '-f', '--tail=0', pod], {
      env: { ...process.env, KUBECONFIG: kubeconfig },
    });
    let followed = '';
    following.stdout.setEncoding('utf8').on('data', (text: string) => (followed += text));
    await eventually(async () => {
      await get(`http://${address}:8080/`);
      expect(followed).toMatch(/^GET \/ from/m);
    });
    following.kill();
    await once(following, 'close');
  });

  it('is scaled, updated and brought back', async () => {
    await kubectl('scale deployment/guestbook-web --replicas=3');
    await kubectl('rollout status deployment/guestbook-web --timeout=60s');
    expect(await jsonpath('deployment guestbook-web', '.status.readyReplicas')).toBe('3');
    await kubectl('set image deployment/guestbook-web web=kubephant.local/guestbook-web:2');
    await kubectl('rollout status deployment/guestbook-web --timeout=60s');
    const clusterIp = await jsonpath('service guestbook-web', '.spec.clusterIP');
    await eventually(async () => expect(await get(`http://${clusterIp}/`)).toContain('version 2'));
    await kubectl('rollout undo deployment/guestbook-web');
    await kubectl('rollout status deployment/guestbook-web --timeout=60s');
    await eventually(async () => expect(await get(`http://${clusterIp}/`)).toContain('version 1'));
    expect(await kubectl('rollout history deployment/guestbook-web')).toMatch(/REVISION/);
  });

  it('restarts a container whose process is killed', async () => {
    const pod = (await kubectl('get pods -l tier=store -o name')).trim();
    const uid = await jsonpath(pod, '.metadata.uid');
    process.kill(await pidOfContainer(await jsonpath(pod, '.status.containerStatuses[0].containerID')), 'SIGKILL');
    await eventually(async () => expect(await jsonpath(pod, '.status.containerStatuses[0].restartCount')).toBe('1'));
    await kubectl(`wait ${pod} --for=condition=Ready --timeout=60s`);
    expect(await jsonpath(pod, '.metadata.uid')).toBe(uid);
    expect(await kubectl(`get ${pod}`)).toMatch(/1 \(\d+s ago\)/);
  });
});
