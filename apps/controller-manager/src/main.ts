import { newGroup } from '@kubephant/base';
import { newClient } from '@kubephant/client';
import {
  connectCluster,
  runAsLeader,
  runComponent,
  securePort,
  serveEndpoints,
  type ClusterConnection,
  type ComponentContext,
} from '@kubephant/component-base';
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
  const { clock, signal } = context;
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
  const server = await serveEndpoints(securePort(options, cluster.client), { ...context, signal: group.signal });
  const lead = (stop: AbortSignal): Promise<void> => runControllers(deps, config, stop);
  group.go('controllers', (stop) => runAsLeader(options, { client: cluster.client, context }, lead, stop));
  await group.wait();
  cluster.transport.close();
  anonymous.close();
  await server.closed;
}

void runComponent<Options>(
  { name: 'kube-controller-manager', description: 'Runs the control loops of the cluster', flags, run },
  process,
);
