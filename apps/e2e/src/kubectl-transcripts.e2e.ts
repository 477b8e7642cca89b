import { readFileSync, readdirSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { clusterAt } from './harness/cluster';
import { start, type Running } from './transcript/running';
import { transcriptSuite } from './transcript/suite';

const directory = join(__dirname, 'testdata', 'kubectl');

/** Each kind's example, and the namespace of the transcript that has created it. */
const examples = readdirSync(directory)
  .filter((file) => file.startsWith('kinds-'))
  .flatMap((file) => {
    const [created = ''] = /^\$ create -f manifests.*$/m.exec(readFileSync(join(directory, file), 'utf8')) ?? [];
    return [...created.matchAll(/manifests\/(\S+)\.yaml/g)].map(([, kind = '']) => [kind, file.slice(0, -4)] as const);
  });

/** Without nodes nothing happens by itself but what controllers do: what kubectl shows is the same each time. */
describe('kubectl', () => {
  const cluster = clusterAt('/tmp/kubephant-e2e-kubectl', 1930);

  transcriptSuite(cluster, {
    directory,
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

  it.each(examples)('tells of a change to a %s while it watches', async (kind, namespace) => {
    const file = join(directory, 'manifests', `${kind}.yaml`);
    const watch = kubectl(`-n ${namespace} get -f ${file} -w --output-watch-events`);
    const lines = [await watch.next(), await watch.next()];
    await cluster.kubectl(`-n ${namespace} annotate -f ${file} watched=yes`);
    lines.push(await watch.next());
    await watch.stop();
    expect(lines.map((line) => line.split(/ +/)[0])).toEqual(['EVENT', 'ADDED', 'MODIFIED']);
  });

  it('creates what an address names, and says when there is nothing', async () => {
    const text = readFileSync(join(directory, 'manifests', 'configmap.yaml'));
    const web = createServer(({ url }, res) => res.writeHead(url === '/settings.yaml' ? 200 : 404).end(text));
    await new Promise<void>((listening) => web.listen(0, '127.0.0.1', listening));
    const url = `http://127.0.0.1:${(web.address() as AddressInfo).port}`;
    await cluster.kubectl('create namespace addressed');
    expect(await cluster.kubectl(`-n addressed create -f ${url}/settings.yaml`)).toBe('configmap/settings created\n');
    const { stderr } = await cluster.tryKubectl(`-n addressed create -f ${url}/none.yaml`);
    expect(stderr).toContain(`unable to read URL "${url}/none.yaml", server reported 404 Not Found, status code=404`);
    web.closeAllConnections();
    await new Promise((closed) => web.close(closed));
  });
});
