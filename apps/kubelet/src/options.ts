import { boolean, wholeNumber } from '@kubephant/component-base';
import type { Taint } from '@kubephant/schema';
import type { Command } from 'commander';

export const defaultRoot = '/var/lib/kubelet';

export interface Options {
  readonly kubeconfig: string;
  readonly hostnameOverride: string;
  readonly tlsCertFile: string;
  readonly tlsPrivateKeyFile: string;
  readonly clientCaFile?: string;
  readonly address: string;
  readonly port: number;
  readonly nodeIp: readonly string[];
  readonly runtime: string;
  readonly containerRuntimeEndpoint: string;
  readonly rootDir: string;
  readonly podLogDir?: string;
  readonly cgroupRoot?: string;
  readonly clusterDns: readonly string[];
  readonly clusterDomain: string;
  readonly podCidr: string;
  readonly resolvConf: string;
  readonly registerNode: boolean;
  readonly nodeLabels: string;
  readonly registerWithTaints: string;
  readonly maxPods: number;
}

export const list = (text: string): readonly string[] => text.split(',').filter(Boolean);

/** `a=b,c=d`. Throws for anything else. */
export function keyValues(text: string): Readonly<Record<string, string>> {
  return Object.fromEntries(
    list(text).map((pair) => {
      const equals = pair.indexOf('=');
      if (equals < 1) throw new Error(`${JSON.stringify(pair)} is not of the form key=value`);
      return [pair.slice(0, equals), pair.slice(equals + 1)];
    }),
  );
}

/** `key=value:effect,key:effect`. Throws for anything else. */
export function taints(text: string): readonly Taint[] {
  return list(text).map((one) => {
    const [, key, value, effect] = /^([^=:]+)(?:=([^:]*))?:(\w+)$/.exec(one) ?? [];
    if (key === undefined || effect === undefined)
      throw new Error(`${JSON.stringify(one)} is not of the form key=value:effect`);
    return { key, effect, ...(value !== undefined && { value }) };
  });
}

/** Upstream's names, as far as there is something behind them. */
export function flags(command: Command): Command {
  return command
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
    .option('--max-pods <number>', 'how many pods the node takes', wholeNumber, 110);
}
