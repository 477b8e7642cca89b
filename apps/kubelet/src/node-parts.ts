import { readFile } from 'node:fs/promises';
import type { ComponentContext } from '@kubephant/component-base';
import { newCriClient, newStreamDialer } from '@kubephant/cri-containerd';
import { newLinuxHost } from '@kubephant/host-linux';
import type { KubeletConfig, KubeletDeps } from '@kubephant/kubelet';
import { cgroupRootOf, newSimulatedHost, newSimulatedRuntime } from '@kubephant/node';
import { defaultRoot, keyValues, taints, type Options } from './options';

/** The machine and runtime that pods run on: the real ones, or ones that exist in memory only. */
export function nodeParts(
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

/** What the flags say, with what they leave open decided. */
export function configOf(options: Options): KubeletConfig {
  const isDefault = options.rootDir === defaultRoot;
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
    cgroupRoot: options.cgroupRoot ?? (isDefault ? '' : cgroupRootOf(options.rootDir)),
    resolvConf: options.resolvConf,
  };
}

/** The certificate of the kubelet's API, and whose client certificates it trusts. */
export async function tlsOf({
  tlsCertFile,
  tlsPrivateKeyFile,
  clientCaFile,
}: Options): Promise<{ cert: string; key: string; clientCa?: string }> {
  const [cert, key] = await Promise.all([readFile(tlsCertFile, 'utf8'), readFile(tlsPrivateKeyFile, 'utf8')]);
  return { cert, key, ...(clientCaFile !== undefined && { clientCa: await readFile(clientCaFile, 'utf8') }) };
}
