import { hostname } from 'node:os';
import { newGroup } from '@kubephant/base';
import { nodes, pods } from '@kubephant/client';
import {
  boolean,
  connectCluster,
  runComponent,
  serveEndpoints,
  wholeNumber,
  type ComponentContext,
} from '@kubephant/component-base';
import { newEventRecorder, newLeaderElectionMetrics, runWithLease } from '@kubephant/controller';
import { newInformers } from '@kubephant/informer';
import { defaultPlugins, defaultSchedulerName, runScheduler } from '@kubephant/scheduler';

interface Options {
  readonly kubeconfig: string;
  readonly bindAddress: string;
  readonly securePort: number;
  readonly tlsCertFile?: string;
  readonly tlsPrivateKeyFile?: string;
  readonly leaderElect: boolean;
}

async function run(options: Options, context: ComponentContext): Promise<void> {
  const { log, metrics, clock, signal } = context;
  const { client, transport } = await connectCluster(options.kubeconfig, context);
  const group = newGroup(signal);
  const server = await serveEndpoints(
    {
      host: options.bindAddress,
      port: options.securePort,
      ...(options.tlsCertFile !== undefined && { certFile: options.tlsCertFile }),
      ...(options.tlsPrivateKeyFile !== undefined && { keyFile: options.tlsPrivateKeyFile }),
    },
    { ...context, signal: group.signal },
  );

  const schedule = async (stop: AbortSignal): Promise<void> => {
    const leading = newGroup(stop);
    const informers = newInformers(client, { clock, log });
    const recorder = newEventRecorder({ client, log, component: defaultSchedulerName });
    const deps = { client, pods: informers.of(pods), nodes: informers.of(nodes), recorder, clock, log, metrics };
    leading.go('informers', informers.run);
    leading.go('events', recorder.run);
    leading.go('scheduler', (until) => runScheduler(deps, { plugins: defaultPlugins(client) }, until));
    await leading.wait();
  };
  const lease = { namespace: 'kube-system', name: 'kube-scheduler' };
  const identity = `${hostname()}_${crypto.randomUUID()}`;
  group.go('leader election', (stop) =>
    options.leaderElect
      ? runWithLease({ lease, identity }, { client, log, metrics: newLeaderElectionMetrics(metrics) }, schedule, stop)
      : schedule(stop),
  );
  await group.wait();
  transport.close();
  await server.closed;
}

void runComponent<Options>(
  {
    name: 'kube-scheduler',
    description: 'Decides on which node each pod runs',
    flags: (command) =>
      command
        .requiredOption('--kubeconfig <file>', 'how to reach the API server')
        .option('--bind-address <address>', 'where metrics and health are served', '127.0.0.1')
        .option('--secure-port <port>', 'its port', wholeNumber, 10259)
        .option('--tls-cert-file <file>', 'certificate of that port')
        .option('--tls-private-key-file <file>', 'its key')
        .option('--leader-elect <bool>', 'whether one of several schedulers leads', boolean, true),
    run,
  },
  process,
);
