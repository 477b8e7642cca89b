import { readFile } from 'node:fs/promises';
import { newGroup } from '@kubephant/base';
import { endpointSlices, namespaces, services } from '@kubephant/client';
import {
  connectCluster,
  parseAddress,
  runComponent,
  serveEndpoints,
  wholeNumber,
  type ComponentContext,
} from '@kubephant/component-base';
import { nameservers, newDnsHandler } from '@kubephant/dns';
import { exchange, serveDns } from '@kubephant/dns-sockets';
import { newInformers } from '@kubephant/informer';

interface Options {
  readonly kubeconfig: string;
  readonly bindAddress: string;
  readonly port: number;
  readonly metricsBindAddress: string;
  readonly clusterDomain: string;
  readonly resolvConf: string;
}

async function run(options: Options, context: ComponentContext): Promise<void> {
  const { log, metrics, clock, signal } = context;
  const { client, transport } = await connectCluster(options.kubeconfig, context);
  const group = newGroup(signal);
  const informers = newInformers(client, { clock, log });
  const views = {
    services: informers.of(services),
    slices: informers.of(endpointSlices),
    namespaces: informers.of(namespaces),
  };
  const synced = (): void => {
    if (!Object.values(views).every(({ hasSynced }) => hasSynced)) throw new Error('the cluster has not been read yet');
  };
  const endpoints = await serveEndpoints(
    { ...parseAddress(options.metricsBindAddress), readyz: [{ name: 'informer-sync', check: synced }] },
    { ...context, signal: group.signal },
  );
  const { bindAddress: host, port, clusterDomain: domain } = options;
  const upstreams = nameservers(await readFile(options.resolvConf, 'utf8'), host);
  const config = { domain, ttlSeconds: 30, upstreams, server: `dns://${host}:${port}` };
  const handler = newDnsHandler({ ...views, metrics, exchange, now: () => clock.now() }, config);
  group.go('informers', informers.run);
  group.go('dns', async (stop) => {
    // Not a word before the cluster is known: NXDOMAIN for a Service that exists would be remembered.
    await informers.synced(stop);
    const server = await serveDns(handler, { host, port, log }, stop);
    log.info('answering', { host, port, domain, upstreams });
    await server.closed;
  });
  await group.wait();
  transport.close();
  await endpoints.closed;
}

void runComponent<Options>(
  {
    name: 'dns',
    description: "Answers for the cluster's names",
    flags: (command) =>
      command
        .requiredOption('--kubeconfig <file>', 'how to reach the API server')
        .option('--bind-address <address>', 'where queries are answered', '127.0.0.1')
        .option('--port <port>', 'for UDP and TCP', wholeNumber, 53)
        .option('--metrics-bind-address <address>', 'where metrics and health are served', '127.0.0.1:9153')
        .option('--cluster-domain <domain>', 'the zone', 'cluster.local')
        .option('--resolv-conf <file>', 'names the servers for everything else', '/etc/resolv.conf'),
    run,
  },
  process,
);
