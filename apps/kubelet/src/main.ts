import { newGroup } from '@kubephant/base';
import { connectCluster, runComponent, type ComponentContext } from '@kubephant/component-base';
import { serve } from '@kubephant/http-express';
import { kubeletHandler, newKubelet, type KubeletDeps } from '@kubephant/kubelet';
import { configOf, nodeParts, tlsOf } from './node-parts';
import { flags, type Options } from './options';

async function run(options: Options, context: ComponentContext): Promise<void> {
  const { client, transport } = await connectCluster(options.kubeconfig, context);
  const config = configOf(options);
  const deps: KubeletDeps = { ...context, ...nodeParts(options, context), client };
  const kubelet = await newKubelet(deps, config);
  const group = newGroup(context.signal);
  const handler = kubeletHandler(kubelet.parts, config, deps);
  const server = await serve(
    handler,
    { host: options.address, port: options.port, tls: await tlsOf(options), log: context.log },
    group.signal,
  );
  group.go('kubelet', (signal) => kubelet.run(signal));
  await group.wait();
  transport.close();
  await server.closed;
}

void runComponent<Options>(
  {
    name: 'kubelet',
    description: 'Runs the pods that are bound to its node',
    flags,
    run,
  },
  process,
);
