import { join } from 'node:path';
import { clusterAt } from './harness/cluster';
import { start, type Running } from './transcript/running';
import { transcriptSuite } from './transcript/suite';

/** Without nodes nothing happens by itself but what controllers do: what kubectl shows is the same each time. */
describe('kubectl', () => {
  const cluster = clusterAt('/tmp/kubephant-e2e-kubectl', 1930);

  transcriptSuite(cluster, {
    directory: join(__dirname, 'testdata', 'kubectl'),
    programOf: () => 'kubectl',
    flags: ['--nodes=0'],
  });

  it('is of the version that the transcripts were written by', async () => {
    expect(await cluster.kubectl('version --client')).toMatch(/^Client Version: v1\.32\./);
  });

  const kubectl = (line: string): Running => start('kubectl', line.split(' '), { KUBECONFIG: cluster.kubeconfig });

  it('is a proxy for whoever cannot log in', async () => {
    const proxy = kubectl('proxy --port=0 --reject-methods=DELETE');
    const line = await proxy.next();
    expect(line).toMatch(/^Starting to serve on 127\.0\.0\.1:\d+$/);
    const url = `http://${line.slice(line.lastIndexOf(' ') + 1)}`;
    const version = (await (await fetch(`${url}/version`)).json()) as { minor: string };
    const refused = await fetch(`${url}/api/v1/namespaces/default`, { method: 'DELETE' });
    expect([version.minor, refused.status]).toEqual(['36', 403]);
    await proxy.stop();
  });

  it('shows each change while it watches', async () => {
    await cluster.kubectl('create namespace watched');
    const watch = kubectl('-n watched get configmap -w --output-watch-events --field-selector=metadata.name=a');
    const seen: string[] = [];
    for (const change of ['create configmap a', 'label configmap a x=y', 'delete configmap a']) {
      await cluster.kubectl(`-n watched ${change}`);
      seen.push(...(seen.length === 0 ? [await watch.next()] : []), await watch.next());
    }
    await watch.stop();
    expect(seen.map((line) => line.split(/ +/).slice(0, 2).join(' '))).toEqual([
      'EVENT NAME',
      'ADDED a',
      'MODIFIED a',
      'DELETED a',
    ]);
  });
});
