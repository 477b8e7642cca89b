import { hostname } from 'node:os';
import { newGroup } from '@kubephant/base';
import { newClient } from '@kubephant/client';
import {
  connectCluster,
  runComponent,
  serveEndpoints,
  type ClusterConnection,
  type ComponentContext,
} from '@kubephant/component-base';
import { newLeaderElectionMetrics, runWithLease } from '@kubephant/controller';
import { newCredentials, runControllers, type ControllersDeps } from '@kubephant/controllers';
import { newApiTransport, withoutIdentity, type ApiTransport } from '@kubephant/http-client';
import { newWorkQueueMetrics } from '@kubephant/informer';
import { configOf, flags, type Options } from './options';

/** What the controllers work with: one identity each, or that of the process for all. */
function depsOf(
  { useServiceAccountCredentials }: Options,
  cluster: ClusterConnection,
  anonymous: ApiTransport,
  context: ComponentContext,
): ControllersDeps {
  const { client, userAgent } = cluster;
  const { clock, log, metrics } = context;
  const own = newCredentials({ client, transport: anonymous, clock, userAgent });
  const shared = newClient(cluster.transport, { userAgent: `${userAgent}/shared` });
  const clientFor = useServiceAccountCredentials ? own : (): typeof client => shared;
  return { client, clientFor, clock, log, metrics, queueMetrics: newWorkQueueMetrics(metrics, clock) };
}

async function run(options: Options, context: ComponentContext): Promise<void> {
  const { clock, log, metrics, signal } = context;
  const config = await configOf(options);
  const cluster = await connectCluster(options.kubeconfig, context);
  const anonymous = newApiTransport(
    withoutIdentity(cluster.config),
    { clock, metrics: cluster.metrics },
    // Controllers write through it and never watch: many at once are served sooner over few connections.
    { maxConnections: 32 },
  );
  const deps = depsOf(options, cluster, anonymous, context);
  const group = newGroup(signal);
  const { bindAddress: host, securePort: port, tlsCertFile, tlsPrivateKeyFile } = options;
  const tls = {
    ...(tlsCertFile !== undefined && { certFile: tlsCertFile }),
    ...(tlsPrivateKeyFile !== undefined && { keyFile: tlsPrivateKeyFile }),
  };
  const server = await serveEndpoints({ host, port, ...tls }, { ...context, signal: group.signal });
  const lead = (stop: AbortSignal): Promise<void> => runControllers(deps, config, stop);
  const lease = { namespace: 'kube-system', name: 'kube-controller-manager' };
  const identity = `${hostname()}_${crypto.randomUUID()}`;
  const election = { client: cluster.client, clock, log, metrics: newLeaderElectionMetrics(metrics) };
  group.go('controllers', (stop) =>
    options.leaderElect ? runWithLease({ lease, identity }, election, lead, stop) : lead(stop),
  );
  await group.wait();
  cluster.transport.close();
  anonymous.close();
  await server.closed;
}

void runComponent<Options>(
  { name: 'kube-controller-manager', description: 'Runs the control loops of the cluster', flags, run },
  process,
);
