import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { newGroup } from '@kubephant/base';
import { boolean, connectCluster, runComponent, wholeNumber, type ComponentContext } from '@kubephant/component-base';
import { newCriClient, newStreamDialer } from '@kubephant/cri-containerd';
import { newLinuxHost } from '@kubephant/host-linux';
import { serve } from '@kubephant/http-express';
import { kubeletHandler, newKubelet, type KubeletConfig, type KubeletDeps } from '@kubephant/kubelet';
import { newSimulatedHost, newSimulatedRuntime } from '@kubephant/node';
import { keyValues, list, taints, type Options } from './options';

const defaultRoot = '/var/lib/kubelet';

/** The machine and runtime that pods run on: the real ones, or ones that exist in memory only. */
function nodeParts(
  options: Options,
  { clock }: ComponentContext,
): Pick<KubeletDeps, 'runtime' | 'images' | 'host' | 'dialStream'> {
  if (options.runtime === 'simulated') {
    const address = options.nodeIp[0] ?? '127.0.0.1';
    const host = newSimulatedHost({ hostname: options.hostnameOverride, address }, clock);
    return { host, ...newSimulatedRuntime({ clock, files: host.files }, { podCidr: options.podCidr }) };
  }
  const { runtime, images } = newCriClient(options.containerRuntimeEndpoint);
  return {
    runtime,
    images,
    host: newLinuxHost({ pid: process.pid, now: () => clock.now() }),
    dialStream: newStreamDialer(),
  };
}

function configOf(options: Options): KubeletConfig {
  const isDefault = options.rootDir === defaultRoot;
  // Kubelets that share a machine must not share control groups.
  const own = `/kubephant-${createHash('sha256').update(options.rootDir).digest('hex').slice(0, 8)}`;
  return {
    nodeName: options.hostnameOverride,
    nodeIPs: options.nodeIp,
    rootDirectory: options.rootDir,
    podLogsDirectory: options.podLogDir ?? (isDefault ? '/var/log/pods' : `${options.rootDir}/pod-logs`),
    clusterDns: options.clusterDns,
    clusterDomain: options.clusterDomain,
    maxPods: options.maxPods,
    port: options.port,
    registerNode: options.registerNode,
    nodeLabels: keyValues(options.nodeLabels),
    registerWithTaints: taints(options.registerWithTaints),
    cgroupRoot: options.cgroupRoot ?? (isDefault ? '' : own),
    resolvConf: options.resolvConf,
  };
}

async function tlsOf({
  tlsCertFile,
  tlsPrivateKeyFile,
  clientCaFile,
}: Options): Promise<{ cert: string; key: string; clientCa?: string }> {
  const [cert, key] = await Promise.all([readFile(tlsCertFile, 'utf8'), readFile(tlsPrivateKeyFile, 'utf8')]);
  return { cert, key, ...(clientCaFile !== undefined && { clientCa: await readFile(clientCaFile, 'utf8') }) };
}

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
    flags: (command) =>
      command
        .requiredOption('--kubeconfig <file>', 'how to reach the API server, as system:node:NAME')
        .requiredOption('--hostname-override <name>', 'name of the node')
        .requiredOption('--tls-cert-file <file>', "certificate of the kubelet's own API")
        .requiredOption('--tls-private-key-file <file>', 'its key')
        .option('--client-ca-file <file>', 'authority of client certificates for it')
        .option('--address <address>', 'where it is served', '0.0.0.0')
        .option('--port <port>', 'its port', wholeNumber, 10250)
        .option('--node-ip <addresses>', "the node's addresses, primary first", list, [])
        .option('--runtime <kind>', 'containerd, or simulated: pods without containers', 'containerd')
        .option('--container-runtime-endpoint <url>', 'socket of the runtime', 'unix:///run/containerd/containerd.sock')
        .option('--root-dir <directory>', 'where volumes and other files of pods are', defaultRoot)
        .option('--pod-log-dir <directory>', 'where logs of pods are; beside the default root /var/log/pods')
        .option('--cgroup-root <path>', 'control group that those of pods are below')
        .option('--cluster-dns <addresses>', 'name servers of pods', list, [])
        .option('--cluster-domain <domain>', 'domain of the cluster', 'cluster.local')
        .option('--pod-cidr <cidr>', 'addresses of simulated pods until the node has its own', '10.244.0.0/24')
        .option('--resolv-conf <file>', "the node's resolver configuration", '/etc/resolv.conf')
        .option('--register-node <bool>', 'whether the node registers itself', boolean, true)
        .option('--node-labels <labels>', 'key=value of the node, by comma', '')
        .option('--register-with-taints <taints>', 'key=value:effect of the node, by comma', '')
        .option('--max-pods <number>', 'how many pods the node takes', wholeNumber, 110),
    run,
  },
  process,
);
