import type { Taint } from '@kubephant/schema';

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
