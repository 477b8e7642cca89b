import { hostname } from 'node:os';
import { newGroup } from '@kubephant/base';
import { endpointSlices, nodes, services } from '@kubephant/client';
import {
  boolean,
  connectCluster,
  parseAddress,
  runComponent,
  serveEndpoints,
  wholeNumber,
  type ComponentContext,
} from '@kubephant/component-base';
import { ipRoutes, nftables } from '@kubephant/host-linux';
import { newInformers } from '@kubephant/informer';
import { newProxyMetrics, runNodeRoutes, runProxier } from '@kubephant/proxy';

interface Options {
  readonly kubeconfig: string;
  readonly hostnameOverride: string;
  readonly clusterCidr?: string;
  readonly healthzBindAddress: string;
  readonly metricsBindAddress: string;
  readonly minSyncPeriodMs: number;
  readonly nodeRoutes: boolean;
}

async function run(options: Options, context: ComponentContext): Promise<void> {
  const { log, metrics, clock, signal } = context;
  const { client, transport } = await connectCluster(options.kubeconfig, context);
  const group = newGroup(signal);
  const informers = newInformers(client, { clock, log });
  const views = { services: informers.of(services), slices: informers.of(endpointSlices), nodes: informers.of(nodes) };
  const synced = (): void => {
    if (!Object.values(views).every(({ hasSynced }) => hasSynced)) throw new Error('the cluster has not been read yet');
  };
  const stopping = { ...context, signal: group.signal };
  const servers = [
    await serveEndpoints(
      { ...parseAddress(options.healthzBindAddress), readyz: [{ name: 'informer-sync', check: synced }] },
      stopping,
    ),
    await serveEndpoints(parseAddress(options.metricsBindAddress), stopping),
  ];
  const deps = { ...views, netfilter: nftables, clock, log, metrics: newProxyMetrics(metrics) };
  const { hostnameOverride: nodeName, clusterCidr, minSyncPeriodMs: minSyncMs } = options;
  const config = {
    nodeName,
    family: 'ip',
    table: 'kube-proxy',
    minSyncMs,
    ...(clusterCidr !== undefined && { clusterCidr }),
  } as const;
  group.go('informers', informers.run);
  group.go('proxier', (stop) => runProxier(deps, config, stop));
  if (options.nodeRoutes)
    group.go('node routes', (stop) =>
      runNodeRoutes({ nodes: views.nodes, routes: ipRoutes, clock, log }, nodeName, stop),
    );
  await group.wait();
  transport.close();
  await Promise.all(servers.map(({ closed }) => closed));
}

void runComponent<Options>(
  {
    name: 'kube-proxy',
    description: 'Leads packets for Services to their endpoints',
    flags: (command) =>
      command
        .requiredOption('--kubeconfig <file>', 'how to reach the API server')
        .option('--hostname-override <name>', 'name of this node', hostname())
        .option('--cluster-cidr <cidr>', "the pods' network: clients outside of it are masqueraded")
        .option('--healthz-bind-address <address>', 'where health is served', '0.0.0.0:10256')
        .option('--metrics-bind-address <address>', 'where metrics are served', '127.0.0.1:10249')
        .option('--min-sync-period-ms <ms>', 'changes that come closer together are applied together', wholeNumber, 100)
        .option('--node-routes <bool>', 'whether to keep routes to the pods of the other nodes', boolean, false),
    run,
  },
  process,
);
