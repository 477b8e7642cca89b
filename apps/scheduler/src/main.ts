import { newGroup } from '@kubephant/base';
import { namespaces, nodes, pods } from '@kubephant/client';
import {
  connectCluster,
  leadershipFlags,
  runAsLeader,
  runComponent,
  securePort,
  securePortFlags,
  serveEndpoints,
  type ComponentContext,
  type LeadershipOptions,
  type SecurePortOptions,
} from '@kubephant/component-base';
import { newEventRecorder } from '@kubephant/controller';
import { newInformers } from '@kubephant/informer';
import { defaultPlugins, defaultSchedulerName, newSchedulerMetrics, runScheduler } from '@kubephant/scheduler';

type Options = SecurePortOptions & LeadershipOptions & { readonly kubeconfig: string };

async function run(options: Options, context: ComponentContext): Promise<void> {
  const { log, metrics, clock, signal } = context;
  const { client, transport } = await connectCluster(options.kubeconfig, context);
  const group = newGroup(signal);
  const server = await serveEndpoints(securePort(options, client), { ...context, signal: group.signal });

  // Registered once, however often this process leads.
  const schedulerMetrics = newSchedulerMetrics(metrics);
  const schedule = async (stop: AbortSignal): Promise<void> => {
    const leading = newGroup(stop);
    const informers = newInformers(client, { clock, log });
    const recorder = newEventRecorder({ client, log, component: defaultSchedulerName });
    const spaces = informers.of(namespaces);
    const labelsOf = (name: string) => spaces.lister.get({ name })?.metadata.labels;
    const deps = {
      client,
      pods: informers.of(pods),
      nodes: informers.of(nodes),
      recorder,
      clock,
      log,
      metrics: schedulerMetrics,
    };
    leading.go('informers', informers.run);
    leading.go('events', recorder.run);
    leading.go('scheduler', async (until) => {
      await spaces.synced(until);
      await runScheduler(deps, { plugins: defaultPlugins(client, labelsOf) }, until);
    });
    await leading.wait();
  };
  group.go('leader election', (stop) => runAsLeader(options, { client, context }, schedule, stop));
  await group.wait();
  transport.close();
  await server.closed;
}

void runComponent<Options>(
  {
    name: 'kube-scheduler',
    description: 'Decides on which node each pod runs',
    flags: (command) =>
      leadershipFlags(
        securePortFlags(command.requiredOption('--kubeconfig <file>', 'how to reach the API server'), 10259),
      ),
    run,
  },
  process,
);
