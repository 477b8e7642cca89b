import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { WebSocket } from 'ws';
import { clusterAt } from './harness/cluster';
import { transcriptSuite } from './transcript/suite';

/** The Python that Debian's packages are for, whichever others there are. */
const programs: Readonly<Record<string, string>> = { curl: 'curl', node: process.execPath, python: '/usr/bin/python3' };

describe('a client other than kubectl:', () => {
  const cluster = clusterAt('/tmp/kubephant-e2e-clients', 1940);

  transcriptSuite(cluster, {
    directory: join(__dirname, 'testdata', 'clients'),
    programOf: (name) => programs[name] ?? name,
    flags: ['--nodes=1'],
  });

  it('a browser watches over a WebSocket', async () => {
    await cluster.kubectl('create namespace websocket');
    const config = JSON.parse(await readFile(cluster.kubeconfig, 'utf8')) as Config;
    const socket = connect(config, '/api/v1/namespaces/websocket/configmaps?watch=1&fieldSelector=metadata.name=a');
    const events: string[] = [];
    const { promise: deleted, resolve, reject } = Promise.withResolvers<undefined>();
    socket.on('error', reject).on('message', (data: Buffer) => {
      const { type, object } = JSON.parse(data.toString()) as WatchEvent;
      events.push(`${type} ${object.metadata.name}`);
      if (type === 'DELETED') resolve(undefined);
    });
    await cluster.kubectl('-n websocket create configmap a');
    await cluster.kubectl('-n websocket label configmap a seen=yes');
    await cluster.kubectl('-n websocket delete configmap a');
    await deleted;
    expect(events).toEqual(['ADDED a', 'MODIFIED a', 'DELETED a']);
    const closed = new Promise((done) => socket.once('close', done));
    socket.close();
    await closed;
  });
});

interface WatchEvent {
  readonly type: string;
  readonly object: { readonly metadata: { readonly name: string } };
}

interface Config {
  readonly clusters: readonly [{ readonly cluster: Readonly<Record<string, string>> }];
  readonly users: readonly [{ readonly user: Readonly<Record<string, string>> }];
}

function connect({ clusters: [{ cluster }], users: [{ user }] }: Config, path: string): WebSocket {
  const pem = (data = ''): Buffer => Buffer.from(data, 'base64');
  return new WebSocket(`${cluster['server']?.replace(/^http/, 'ws')}${path}`, {
    ca: pem(cluster['certificate-authority-data']),
    cert: pem(user['client-certificate-data']),
    key: pem(user['client-key-data']),
    // Upstream refuses those that do not say where they come from: a browser does.
    origin: 'https://dashboard.example',
  });
}
